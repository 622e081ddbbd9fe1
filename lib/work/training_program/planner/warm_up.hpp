#pragma once

#include <string>
#include <vector>

#include "work/training_program/planner/draft.hpp"
#include "work/training_program/profile.hpp"

namespace spotter::work::training::planning {

/// What comes before and after a session: only what the user's injuries and equipment leave open.
std::vector<std::string> warm_up_of(const Session& session, const Profile& profile);
std::vector<std::string> cool_down_of(const Session& session, const Profile& profile);

}  // namespace spotter::work::training::planning
