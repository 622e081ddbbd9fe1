#include "work/training_program/planner/style.hpp"

#include <algorithm>
#include <cmath>

namespace spotter::work::training::planning {
namespace {

constexpr Dose explosive = {3, 5, 90};
constexpr Dose hold = {20, 40, 45};    ///< seconds under tension
constexpr Dose gentle = {20, 30, 30};  ///< seconds of stretching or of light tension
constexpr int shortest_rest = 30;
constexpr int seconds_a_rep = 4;

int rounded_rest(double seconds) {
    return std::max(shortest_rest, static_cast<int>(std::lround(seconds / 15)) * 15);
}

/// The share of an accumulation's repetitions that heavier phases keep.
double share_of_reps(std::string_view adaptation) {
    if (adaptation == "intensification") return 0.8;
    if (adaptation == "realization") return 0.6;
    return 1;
}

Dose fewer_reps(Dose dose, double share) {
    auto scaled = [&](int reps) { return std::max(2, static_cast<int>(std::lround(reps * share))); };
    return {scaled(dose.low), scaled(dose.high), dose.rest};
}

/// What the exercise itself asks of a dose: a deadlift is never done for long sets, an easy exercise for
/// short ones, and few can do many of the hardest.
Dose suited(Dose dose, const Exercise& exercise) {
    if (exercise.pattern == Pattern::hinge && exercise.load_factor > 0)
        return {std::min(dose.low, 8), std::min(dose.high, 10), dose.rest};
    if (!exercise.unloaded) return dose;
    if (exercise.from == Level::advanced) return {std::min(dose.low, 3), std::min(dose.high, 8), dose.rest};
    if (exercise.from == Level::beginner) return {std::max(dose.low, 8), std::max(dose.high, 15), dose.rest};
    return dose;
}

Dose base_dose(const Exercise& exercise, Role role, const Style& style) {
    if (exercise.pattern == Pattern::mobility) return gentle;
    if (exercise.timed) return hold;
    switch (role) {
        case Role::power:
            return explosive;
        case Role::anchor:
            return suited(style.anchor, exercise);
        case Role::compound:
            return suited(style.compound, exercise);
        default:
            return suited(style.isolation, exercise);
    }
}

}  // namespace

Style style_of(const Profile& profile) {
    using enum Muscle;
    Style s;
    switch (profile.goal) {
        case Goal::muscle_general:
            s = {
                .anchor = {6, 10, 120}, .compound = {8, 12, 90}, .isolation = {10, 15, 60}, .ambition = 0.35};
            break;
        case Goal::muscle_hypertrophy:
            s = {.anchor = {6, 10, 120}, .compound = {8, 12, 90}, .isolation = {12, 15, 60}, .ambition = 0.5};
            break;
        case Goal::strength_powerlifting:
            s = {.anchor = {4, 5, 180},
                 .compound = {5, 8, 120},
                 .isolation = {8, 12, 75},
                 .ambition = 0.15,
                 .competition_lifts = true,
                 .emphasis = {chest, back, quads, hamstrings}};
            break;
        case Goal::strength_general:
            s = {.anchor = {4, 6, 180}, .compound = {6, 10, 120}, .isolation = {10, 12, 75}, .ambition = 0.2};
            break;
        case Goal::endurance_cardio:
            s = {.anchor = {10, 15, 75},
                 .compound = {12, 15, 60},
                 .isolation = {15, 20, 45},
                 .ambition = 0,
                 .cardio_minutes = 20,
                 .intervals = true};
            break;
        case Goal::sport_power:
            s = {.anchor = {4, 6, 150},
                 .compound = {6, 10, 90},
                 .isolation = {10, 12, 60},
                 .ambition = 0.1,
                 .power = true,
                 .emphasis = {quads, hamstrings, glutes}};
            break;
        case Goal::general_fitness:
            s = {.anchor = {8, 10, 90},
                 .compound = {10, 12, 75},
                 .isolation = {12, 15, 60},
                 .ambition = 0.15,
                 .cardio_minutes = 10};
            break;
        case Goal::weight_loss:
            s = {.anchor = {8, 12, 75},
                 .compound = {10, 15, 60},
                 .isolation = {12, 15, 45},
                 .ambition = 0.1,
                 .cardio_minutes = 15,
                 .intervals = true};
            break;
        case Goal::bodyweight_mastery:
            s = {.anchor = {5, 8, 120},
                 .compound = {8, 12, 90},
                 .isolation = {10, 15, 60},
                 .ambition = 0.2,
                 .by_bodyweight = true,
                 .emphasis = {chest, back, shoulders, abs}};
            break;
        case Goal::recomposition:
            s = {.anchor = {6, 10, 120},
                 .compound = {8, 12, 75},
                 .isolation = {12, 15, 60},
                 .ambition = 0.3,
                 .cardio_minutes = 10,
                 .intervals = true};
            break;
    }
    // Who is hurt in a way that we cannot place does nothing explosive.
    if (profile.injured.empty() && !profile.injuries_said.empty()) s.power = false;
    return s;
}

Dose dose_of(const Exercise& exercise, Role role, const Style& style, std::string_view adaptation,
             double pace) {
    Dose dose = base_dose(exercise, role, style);
    bool heavy = role == Role::anchor || role == Role::compound;
    if (heavy && !exercise.timed && !exercise.unloaded) dose = fewer_reps(dose, share_of_reps(adaptation));
    dose.rest = rounded_rest(dose.rest * pace);
    return dose;
}

int seconds_of(const Dose& dose, const Exercise& exercise) {
    bool in_seconds = exercise.timed || exercise.pattern == Pattern::mobility;
    int work = dose.high * (in_seconds ? 1 : seconds_a_rep);
    return work * (exercise.each_side ? 2 : 1) + dose.rest;
}

}  // namespace spotter::work::training::planning
