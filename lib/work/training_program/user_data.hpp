#pragma once

#include <string>

#include "work/kind.hpp"
#include "work/training_program/analysis.hpp"
#include "work/training_program/profile.hpp"

namespace spotter::work::training {

/// What the user says of themself, as one JSON object. "<" is written "\u003c", so that no text of the user's
/// can close the block that the object stands in. Injuries and equipment are in it at every tier.
std::string user_data_json(Tier tier, const Profile& profile, const Analysis& analysis);

}  // namespace spotter::work::training
