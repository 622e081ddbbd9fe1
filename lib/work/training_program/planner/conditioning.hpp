#pragma once

#include "work/training_program/planner/draft.hpp"
#include "work/training_program/planner/selection.hpp"

namespace spotter::work::training::planning {

/// Adds to each session the cardio that the goal asks for, as far as the time allows; what is then missing to
/// the user's shortest session becomes easy cardio and mobility.
void add_conditioning(Draft& draft, const Profile& profile, const Style& style, Selection& selection);

}  // namespace spotter::work::training::planning
