#pragma once

#include "work/training_program/analysis.hpp"
#include "work/training_program/catalogue.hpp"
#include "work/training_program/limits.hpp"
#include "work/training_program/program.hpp"

/// How sets are counted.
namespace spotter::work::training {

/// Hard enough to count: neither cardio nor mobility, at `hard_rpe` or above; without an RPE, whatever is not
/// marked as a warm-up, a cool-down or mobility. `known` may be nullptr.
bool is_hard(const PlannedExercise& planned, const Exercise* known, const Limits& limits);

/// Adds the hard sets of one exercise: 1 a set for what it trains, `indirect` for what helps. Nothing when
/// `known` is nullptr.
void add_sets(PerMuscle<double>& sets, const PlannedExercise& planned, const Exercise* known,
              const Limits& limits);

/// Hard sets a muscle in a week.
PerMuscle<double> weekly_sets(const Week& week, const Limits& limits);

/// The most weekly hard sets that somebody with these landmarks adapts to.
double most_sets(const Landmarks& landmarks, const Limits& limits);

/// True when the exercise trains the muscle directly.
bool trains(const Exercise& exercise, Muscle muscle);

}  // namespace spotter::work::training
