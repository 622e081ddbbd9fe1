#pragma once

#include "work/training_program/analysis.hpp"
#include "work/training_program/planner/style.hpp"

namespace spotter::work::training::planning {

/// Weekly hard sets a muscle.
struct Targets {
    PerMuscle<double> required;  ///< never less
    PerMuscle<double> wanted;    ///< what the goal asks for
    PerMuscle<double> most;      ///< never more: level, MRV and 110 % of MAV
};
Targets targets_of(const Profile& profile, const Analysis& analysis, const Style& style);

}  // namespace spotter::work::training::planning
