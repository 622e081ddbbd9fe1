#include "work/training_program/planner/targets.hpp"

#include <algorithm>

#include "work/training_program/limits.hpp"

namespace spotter::work::training::planning {
namespace {

constexpr double emphasis = 0.15;  ///< of the way from MEV to MAV, for emphasised muscles and weak points

SetOf<Muscle> muscles_behind(std::string_view weak_point) {
    using enum Muscle;
    if (weak_point == "horizontal press") return {chest, arms};
    if (weak_point == "posterior chain") return {hamstrings, glutes, back};
    if (weak_point == "vertical press") return {shoulders, arms};
    return {};
}

}  // namespace

Targets targets_of(const Profile& profile, const Analysis& analysis, const Style& style) {
    constexpr Limits limits;
    Targets out;
    for (Muscle muscle : muscles) {
        const Landmarks& landmarks = analysis.landmarks[muscle];
        double share = style.ambition + (style.emphasis.contains(muscle) ? emphasis : 0);
        for (const WeakPoint& weak : analysis.weak_points)
            if (muscles_behind(weak.name).contains(muscle)) share += emphasis;
        out.required[muscle] = required_sets(profile, analysis, muscle);
        out.most[muscle] = std::min({landmarks.mav * limits.over_mav, static_cast<double>(landmarks.mrv),
                                     static_cast<double>(limits.ceiling_of(profile.level))});
        double wanted = landmarks.mev + std::min(share, 1.0) * (landmarks.mav - landmarks.mev);
        out.wanted[muscle] = std::min(wanted, out.most[muscle]);
    }
    return out;
}

}  // namespace spotter::work::training::planning
