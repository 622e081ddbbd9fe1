#pragma once

#include "work/training_program/analysis.hpp"
#include "work/training_program/profile.hpp"
#include "work/training_program/program.hpp"

namespace spotter::work::training {

/// A complete program by rules alone: the same one for the same profile, at any time and on any machine. It
/// keeps to everything that check_rules holds at the full tier, for every profile that read_profile accepts.
Program plan_program(const Profile& profile, const Analysis& analysis);

}  // namespace spotter::work::training
