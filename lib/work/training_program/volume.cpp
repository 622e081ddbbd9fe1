#include "work/training_program/volume.hpp"

#include <algorithm>

namespace spotter::work::training {

bool is_hard(const PlannedExercise& planned, const Exercise* known, const Limits& limits) {
    if (known && !is_hard(*known)) return false;
    if (!known && planned.category == "Cardio") return false;
    if (planned.rpe) return *planned.rpe >= limits.hard_rpe;
    return planned.category != "Warm-up" && planned.category != "Cool-down" && planned.category != "Mobility";
}

void add_sets(PerMuscle<double>& sets, const PlannedExercise& planned, const Exercise* known,
              const Limits& limits) {
    if (!known || !is_hard(planned, known, limits)) return;
    for (Muscle muscle : known->primary) sets[muscle] += planned.sets;
    for (Muscle muscle : known->secondary) sets[muscle] += planned.sets * limits.indirect;
}

PerMuscle<double> weekly_sets(const Week& week, const Limits& limits) {
    PerMuscle<double> sets;
    for (const Day& day : week.days)
        for (const PlannedExercise& planned : day.exercises)
            add_sets(sets, planned, exercise_named(planned.name), limits);
    return sets;
}

double most_sets(const Landmarks& landmarks, const Limits& limits) {
    return std::min<double>(landmarks.mrv, landmarks.mav * limits.over_mav);
}

bool trains(const Exercise& exercise, Muscle muscle) {
    return std::find(exercise.primary.begin(), exercise.primary.end(), muscle) != exercise.primary.end();
}

}  // namespace spotter::work::training
