#include "work/training_program/planner/selection.hpp"

#include <algorithm>
#include <limits>

#include "work/training_program/volume.hpp"

namespace spotter::work::training::planning {
namespace {

/// How well a thing lets one add load in small steps, which is what most goals progress by.
int loading(Equipment thing, bool compound) {
    switch (thing) {
        case Equipment::barbell:
            return compound ? 30 : 24;
        case Equipment::trap_bar:
            return 29;
        case Equipment::dumbbells:
            return 26;
        case Equipment::machines:
            return 26;
        case Equipment::cable:
            return 25;
        case Equipment::pull_up_bar:
            return 24;
        case Equipment::dip_bars:
            return 24;
        case Equipment::smith_machine:
            return 22;
        case Equipment::kettlebells:
            return 20;
        case Equipment::medicine_ball:
            return 20;
        case Equipment::cardio_machine:
            return 20;
        case Equipment::suspension_trainer:
            return 14;
        case Equipment::bands:
            return 10;
        case Equipment::bodyweight:
            return 4;
        default:
            return 0;  // racks, benches and boxes carry no load themselves
    }
}

constexpr int least_loadable = 20;
constexpr int body_as_load = 30;  ///< for somebody who wants to master the body

bool safe(const Exercise& exercise, const Profile& profile) {
    return can_do(exercise, profile.equipment) && !exercise.contraindicated.intersects(profile.injured);
}

bool lies_within(const Exercise& exercise, SetOf<Muscle> muscles) {
    return std::all_of(exercise.primary.begin(), exercise.primary.end(),
                       [&](Muscle muscle) { return muscles.contains(muscle); });
}

bool fits(const Exercise& exercise, const Wanted& wanted) {
    if (wanted.pattern ? exercise.pattern != *wanted.pattern
                       : !is_hard(exercise) || exercise.pattern == Pattern::jump)
        return false;
    if (exercise.pattern == Pattern::cardio && exercise.timed && !wanted.in_bouts) return false;
    if (wanted.muscle && !trains(exercise, *wanted.muscle)) return false;
    if (wanted.compound && !exercise.compound) return false;
    return (!wanted.anchor || exercise.anchor) && lies_within(exercise, wanted.within);
}

}  // namespace

std::optional<double> maximum_for(const Exercise& exercise, const Maxima& maxima) {
    if (exercise.load_of == "squat") return maxima.squat;
    if (exercise.load_of == "bench") return maxima.bench;
    if (exercise.load_of == "deadlift") return maxima.deadlift;
    if (exercise.load_of == "overhead") return maxima.overhead;
    return std::nullopt;
}

Selection::Selection(const Profile& profile, const Style& style) : profile_(profile), style_(style) {
    for (const Exercise& exercise : catalogue())
        if (exercise.from <= profile.level && safe(exercise, profile)) open_.push_back(&exercise);
}

bool Selection::trainable(Muscle muscle) const {
    return std::any_of(open_.begin(), open_.end(), [&](const Exercise* exercise) {
        return is_hard(*exercise) && trains(*exercise, muscle);
    });
}

const Exercise* Selection::pick(const Wanted& wanted, const std::vector<const Exercise*>& taken) const {
    const Exercise* best = nullptr;
    int best_score = std::numeric_limits<int>::min();
    for (const Exercise* exercise : open_) {
        if (!fits(*exercise, wanted)) continue;
        if (std::find(taken.begin(), taken.end(), exercise) != taken.end()) continue;
        int points = score(*exercise, wanted);
        if (points > best_score) best = exercise, best_score = points;
    }
    return best;
}

int Selection::equipment_score(const Exercise& exercise) const {
    if (style_.by_bodyweight) return exercise.unloaded ? body_as_load : 0;
    int best = 0;
    for (SetOf<Equipment> needed : exercise.equipment)
        for (Equipment thing : every_equipment)
            if (needed.contains(thing) && profile_.equipment.contains(needed))
                best = std::max(best, loading(thing, exercise.compound));
    return best;
}

int Selection::variety_score(const Exercise& exercise) const {
    auto used = uses_.find(&exercise);
    if (used == uses_.end()) return 0;
    bool competed = style_.competition_lifts && exercise.load_factor == 1.0;
    return used->second * (competed ? -4 : is_hard(exercise) ? -12 : -6);
}

int Selection::score(const Exercise& exercise, const Wanted& wanted) const {
    int equipment = equipment_score(exercise);
    int points = equipment + variety_score(exercise);
    if (exercise.gentle) points -= profile_.level == Level::beginner ? 8 : 24;
    if (!is_hard(exercise)) return points + (exercise.timed && wanted.in_bouts ? 8 : 0);
    // Without a load to add, harder forms are what progress is made of.
    if (equipment < least_loadable || style_.by_bodyweight) points += 8 * static_cast<int>(exercise.from);
    if (exercise.compound != wanted.isolation) points += 8;
    if (maximum_for(exercise, profile_.maxima)) points += 2;
    if (style_.competition_lifts && exercise.load_factor == 1.0) points += 20;
    if (exercise.specialist && !style_.competition_lifts) points -= 14;
    if (std::find(wanted.welcome.begin(), wanted.welcome.end(), exercise.pattern) != wanted.welcome.end())
        points += 6;
    return points;
}

}  // namespace spotter::work::training::planning
