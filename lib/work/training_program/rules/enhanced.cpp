#include <algorithm>

#include "work/training_program/rules/all.hpp"
#include "work/words.hpp"

namespace spotter::work::training::rule {
namespace {

bool is_isolation(const PlacedExercise& exercise) {
    if (!exercise.known || !exercise.hard || exercise.known->compound) return false;
    switch (exercise.known->pattern) {
        case Pattern::elbow_flexion:
        case Pattern::elbow_extension:
        case Pattern::shoulder_isolation:
        case Pattern::chest_isolation:
        case Pattern::calf_raise:
        case Pattern::knee_extension:
        case Pattern::knee_flexion:
            return true;
        default:
            return false;
    }
}

bool is_compound(const PlacedExercise& exercise) {
    return exercise.known && exercise.hard && exercise.known->compound;
}

}  // namespace

void enhanced_blocks(const Subject& subject, Findings& out) {
    const Program& program = subject.program;
    if (program.rationale.empty()) out.reject("/rationale", "is missing");
    if (program.autoregulation.empty()) out.reject("/autoregulation", "is missing");
    if (!program.weekly_sets) out.reject("/volumeDistribution", "is missing");
    std::string_view model = name(subject.analysis.model);
    if (program.periodization_model.empty())
        out.reject("/periodizationModel", fmt::format("is missing; {} suits this user", model));
    else if (program.periodization_model != model)
        out.warn("/periodizationModel", fmt::format("{} suits this user better", model));
}

void phase_blocks(const Subject& subject, Findings& out) {
    for (std::size_t p = 0; p < subject.program.phases.size(); ++p) {
        const Phase& phase = subject.program.phases[p];
        if (phase.adaptation.empty()) out.reject(phase_path(p) + "/adaptation", "is missing");
        if (phase.progression.empty()) out.reject(phase_path(p) + "/progressionStrategy", "is missing");
    }
}

void interventions(const Subject& subject, Findings& out) {
    const auto& planned = subject.program.interventions;
    for (const WeakPoint& weak : subject.analysis.weak_points) {
        bool met = std::any_of(planned.begin(), planned.end(), [&](const Intervention& intervention) {
            return !intervention.action.empty() && has_phrase(words(intervention.weak_point), weak.name);
        });
        if (!met) out.reject("/interventions", fmt::format("has none for the weak point \"{}\"", weak.name));
    }
}

void work_every_day(const Subject& subject, Findings& out) {
    for (const PlacedWeek& week : subject.weeks)
        for (const PlacedDay& day : week.days)
            if (!day.day->rest_day && day.exercises.empty())
                out.reject(day.path + "/exercises", "is empty on a training day");
}

/// A day of cardio alone has nothing to anchor.
void anchor_lift(const Subject& subject, Findings& out) {
    auto lifts = [](const PlacedExercise& exercise) { return exercise.hard; };
    auto anchors = [](const PlacedExercise& exercise) { return exercise.planned->category == "Anchor_Lift"; };
    for (const PlacedWeek& week : subject.weeks)
        for (const PlacedDay& day : week.days)
            if (std::any_of(day.exercises.begin(), day.exercises.end(), lifts) &&
                std::none_of(day.exercises.begin(), day.exercises.end(), anchors))
                out.reject(day.path + "/exercises", "needs one exercise of category Anchor_Lift");
}

void exercise_order(const Subject& subject, Findings& out) {
    for (const PlacedWeek& week : subject.weeks)
        for (const PlacedDay& day : week.days) {
            auto isolation = std::find_if(day.exercises.begin(), day.exercises.end(), is_isolation);
            auto late = std::find_if(isolation, day.exercises.end(), is_compound);
            if (late != day.exercises.end())
                out.warn(late->path, fmt::format("{} comes after isolation work; compound lifts go first",
                                                 late->known->name));
        }
}

}  // namespace spotter::work::training::rule
