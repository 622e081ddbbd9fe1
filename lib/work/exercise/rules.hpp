#pragma once

#include <vector>

#include "base/json.hpp"
#include "work/exercise/assignment.hpp"
#include "work/kind.hpp"

/// What an answer must keep to beyond its schema.
namespace spotter::work::exercises {

/// Every violation of `answer`, which its type's schema has let pass, at `tier`. An answer whose sizes are
/// wrong is judged by them alone.
std::vector<Violation> check_rules(Tier tier, const json::Value& answer, const Assignment& assignment);

}  // namespace spotter::work::exercises
