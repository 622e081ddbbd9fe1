#include <algorithm>

#include "work/training_program/analysis.hpp"
#include "work/training_program/catalogue.hpp"
#include "work/training_program/volume.hpp"

namespace spotter::work::training {
namespace {

/// What one exercise can honestly carry: four sets on each of two days, 48 hours apart.
constexpr int weekly_sets_of_one_exercise = 8;

}  // namespace

int required_sets(const Profile& profile, const Analysis& analysis, Muscle muscle) {
    if (muscle != Muscle::chest && muscle != Muscle::back && muscle != Muscle::quads) return 0;
    auto usable = std::count_if(catalogue().begin(), catalogue().end(), [&](const Exercise& exercise) {
        return is_hard(exercise) && trains(exercise, muscle) && exercise.from <= profile.level &&
               can_do(exercise, profile.equipment) && !exercise.contraindicated.intersects(profile.injured);
    });
    return std::min(analysis.landmarks[muscle].mev, static_cast<int>(usable) * weekly_sets_of_one_exercise);
}

}  // namespace spotter::work::training
