#pragma once

#include <string>

#include "work/exercise/assignment.hpp"

namespace spotter::work::exercises {

/// An exercise from the vocabulary alone, as a model is asked for it: the same for the same request, and one
/// that `check_rules` lets pass at the full tier. What of the request the vocabulary cannot meet (a topic
/// that it does not know, a picture that nobody has seen) is said in metadata.note.
std::string plan_exercise(const Assignment& assignment);

}  // namespace spotter::work::exercises
