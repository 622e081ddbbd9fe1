#pragma once

#include <string>
#include <vector>

#include "work/training_program/catalogue.hpp"
#include "work/training_program/profile.hpp"

/// Which days train what. A muscle's days lie 48 hours apart, Sunday to Monday as well, and one day of the
/// week is for rest.
namespace spotter::work::training::planning {

struct SessionPlan {
    int day_of_week = 1;  ///< 1 is Monday
    std::string focus;
    SetOf<Muscle> muscles;          ///< what may be trained directly
    std::vector<Pattern> patterns;  ///< what makes a good session, the anchor's first
};

struct Split {
    std::string name;  ///< "upper/lower"
    std::vector<SessionPlan> sessions;
    int recovery_day =
        0;  ///< a day of mobility alone, for whoever asked for seven days; 0 when there is none
};

Split split_of(const Profile& profile);

}  // namespace spotter::work::training::planning
