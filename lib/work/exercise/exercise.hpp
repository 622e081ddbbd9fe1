#pragma once

#include "work/kind.hpp"

namespace spotter::work {

/// Exercises for learners of Spanish and English on the words of nature; document 3.
const Kind& exercise();

}  // namespace spotter::work
