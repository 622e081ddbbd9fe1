#pragma once

#include "work/kind.hpp"
#include "work/training_program/analysis.hpp"
#include "work/training_program/limits.hpp"
#include "work/training_program/profile.hpp"

namespace spotter::work::training {

/// prompt.mustache for one user. The numbers it teaches are those that the rules check by. What the user
/// wrote stands in one JSON block at the end, in which no text can close the block.
Prompt make_prompt(Tier tier, const Profile& profile, const Analysis& analysis, const Limits& limits = {});

}  // namespace spotter::work::training
