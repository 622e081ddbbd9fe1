#pragma once

#include <string>

#include "work/training_program/analysis.hpp"
#include "work/training_program/profile.hpp"
#include "work/training_program/program.hpp"

/// A user and a program that suits them, for tests to spoil.
namespace spotter::work::training::fixture {

/// Intermediate, general fitness, three days of 45-60 minutes, a commercial gym, paid: four weeks.
inline Profile user() {
    Profile profile;
    profile.goal = Goal::general_fitness;
    profile.level = Level::intermediate;
    profile.days = 3;
    profile.session = {45, 60};
    profile.equipment = {Equipment::bodyweight, Equipment::barbell,   Equipment::squat_rack,
                         Equipment::bench,      Equipment::dumbbells, Equipment::pull_up_bar,
                         Equipment::cable,      Equipment::machines};
    profile.paid = true;
    return profile;
}

inline PlannedExercise lift(std::string name, int sets, double rpe, std::string weight,
                            std::string category) {
    PlannedExercise exercise;
    exercise.name = std::move(name);
    exercise.sets = sets;
    exercise.reps = "8";
    exercise.rest = "120 s";
    exercise.rpe = rpe;
    exercise.weight = std::move(weight);
    exercise.category = std::move(category);
    return exercise;
}

inline Day day(int day_of_week, double rpe) {
    Day day;
    day.day_of_week = day_of_week;
    day.focus = "Full body";
    day.minutes = 45;
    day.warm_up = {"Arm circles"};
    day.exercises = {lift("Barbell Back Squat", 4, rpe, "80 kg", "Anchor_Lift"),
                     lift("Barbell Bench Press", 4, rpe, "60 kg", "Compound"),
                     lift("Barbell Row", 4, rpe, "50 kg", "Compound")};
    return day;
}

inline Week week(int number, int in_phase, double rpe) {
    Week week;
    week.number = number;
    week.in_phase = in_phase;
    week.days = {day(1, rpe), day(3, rpe), day(5, rpe)};
    return week;
}

inline Phase phase(int number, std::string adaptation, double rpe) {
    Phase phase;
    phase.name = adaptation;
    phase.number = number;
    phase.weeks_planned = 2;
    phase.adaptation = std::move(adaptation);
    phase.progression = "A little more each week";
    phase.weeks = {week(2 * number - 1, 1, rpe), week(2 * number, 2, rpe)};
    return phase;
}

/// Two phases of two weeks. Passes every rule for `user()` without a note but on muscles it leaves alone.
inline Program program() {
    Program program;
    program.name = "Foundations";
    program.description = "Three full-body days a week.";
    program.weeks_planned = 4;
    program.frequency = 3;
    program.phases = {phase(1, "accumulation", 7), phase(2, "intensification", 8)};
    program.difficulty = "Intermediate";
    program.rationale = "Full-body days suit three sessions a week.";
    program.periodization_model = "linear";
    program.autoregulation = "Drop a set when the RPE is two over plan.";
    PerMuscle<double> sets;
    sets[Muscle::chest] = sets[Muscle::back] = sets[Muscle::quads] = 12;
    sets[Muscle::arms] = 12;
    sets[Muscle::shoulders] = sets[Muscle::glutes] = 6;
    program.weekly_sets = sets;
    return program;
}

/// The input of a claim whose onboarding `user()` would have filled in.
inline std::string input(std::string onboarding_extras = "") {
    return R"({"onboarding":{"primaryGoal":"General Fitness: Foundational Strength","trainingFrequencyDays":3,)"
           R"("sessionDuration":"45-60 minutes","equipment":["Full Gym"],"experienceLevel":"Intermediate",)"
           R"("weightUnit":"kg")" +
           onboarding_extras + R"(},"profile":{"name":"Ana","age":30},"paid":true})";
}

}  // namespace spotter::work::training::fixture
