#include "work/training_program/planner/periods.hpp"

namespace spotter::work::training::planning {
namespace {

constexpr double deload_rpe = 5.5;

/// Beginners cannot tell their limit well yet, so they stay further from it.
double first_rpe(Level level) {
    return level == Level::beginner ? 6.5 : 7;
}

Period accumulation(int weeks, double rpe) {
    Period period{"accumulation", {}};
    for (int week = 0; week < weeks; ++week) period.rpe.push_back(week == 0 ? rpe : rpe + 0.5);
    return period;
}

}  // namespace

std::vector<Period> periods_of(const Profile& profile, const Analysis& analysis) {
    const double rpe = first_rpe(profile.level);
    const Period deload{"deload", {deload_rpe}};
    if (analysis.weeks < 4) return {accumulation(analysis.weeks, rpe)};
    if (analysis.weeks == 4) return {accumulation(2, rpe), {"intensification", {rpe + 1}}, deload};
    std::vector<Period> periods = {accumulation(3, rpe), deload, {"intensification", {rpe + 1}}};
    int left = analysis.weeks - 5;
    if (left > 0 && analysis.model == Periodization::strength_block) {
        periods.push_back({"realization", {rpe + 2}});
        --left;
    }
    for (; left > 0; --left) periods[2].rpe.push_back(rpe + 1.5);
    return periods;
}

}  // namespace spotter::work::training::planning
