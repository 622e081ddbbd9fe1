#pragma once

#include <string_view>
#include <vector>

#include "work/training_program/analysis.hpp"
#include "work/training_program/profile.hpp"

/// Which weeks do what: volume first, then load, then a peak; about every fourth week is a deload.
namespace spotter::work::training::planning {

struct Period {
    std::string_view adaptation;  ///< accumulation, intensification, realization, deload
    std::vector<double> rpe;      ///< of each of its weeks
};

/// The program's phases; their weeks add up to `analysis.weeks`.
std::vector<Period> periods_of(const Profile& profile, const Analysis& analysis);

}  // namespace spotter::work::training::planning
