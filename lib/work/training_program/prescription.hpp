#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "work/training_program/limits.hpp"
#include "work/training_program/program.hpp"

/// What the short texts of an exercise say: "8-12 each side", "2-3 min", "82.5 kg".
namespace spotter::work::training {

struct Amount {
    enum class Of { reps, seconds, metres };
    Of of = Of::reps;
    double low = 0;
    double high = 0;
    bool open = false;       ///< as many as possible: low and high are 0
    bool each_side = false;  ///< done twice
};
/// nullopt when no amount can be read.
std::optional<Amount> read_amount(std::string_view reps);

/// Seconds; "none" and the like are 0. nullopt when no time can be read.
struct Rest {
    double low = 0;
    double high = 0;
};
std::optional<Rest> read_rest(std::string_view rest);

struct Load {
    enum class Unit { kg, lb, percent };
    Unit unit = Unit::kg;
    double value = 0;  ///< the upper end of a range
};
/// nullopt when the text names no load: "bodyweight", "light", an RPE.
std::optional<Load> read_load(std::string_view weight);

/// How long an exercise takes: sets x (reps x 4 s + rest), midpoints of ranges. Unreadable reps count as ten.
double seconds_of(const PlannedExercise& exercise, const Limits& limits);

/// The same for a day with its warm-up, in minutes; 0 when it has no exercise.
double minutes_of(const Day& day, const Limits& limits);

}  // namespace spotter::work::training
