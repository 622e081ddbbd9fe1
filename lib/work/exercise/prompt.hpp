#pragma once

#include "work/exercise/assignment.hpp"
#include "work/kind.hpp"

namespace spotter::work::exercises {

/// prompt.mustache for one request. Numbers, parts and pictures that it tells are those that the rules check
/// by. What the row says stands in one JSON block at the end, in which no text can close the block.
Prompt make_prompt(Tier tier, const Assignment& assignment);

}  // namespace spotter::work::exercises
