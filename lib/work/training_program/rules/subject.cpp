#include "work/training_program/rules/subject.hpp"

#include <algorithm>

#include "work/training_program/volume.hpp"

namespace spotter::work::training {
namespace {

/// Looks each name up once, however often it stands in the program.
class Lookup {
  public:
    const Exercise* operator()(const std::string& name) {
        auto [entry, fresh] = found_.try_emplace(name, nullptr);
        if (fresh) entry->second = exercise_named(name);
        return entry->second;
    }

  private:
    std::unordered_map<std::string_view, const Exercise*> found_;
};

PlacedDay place(const Day& day, std::string path, const Limits& limits, Lookup& lookup) {
    PlacedDay placed{&day, std::move(path), {}};
    for (std::size_t i = 0; i < day.exercises.size(); ++i) {
        const PlannedExercise& planned = day.exercises[i];
        const Exercise* known = lookup(planned.name);
        placed.exercises.push_back({&planned, known, is_hard(planned, known, limits),
                                    fmt::format("{}/exercises/{}", placed.path, i)});
    }
    return placed;
}

PlacedWeek place(const Phase& phase, const Week& week, std::string path, const Limits& limits,
                 Lookup& lookup) {
    PlacedWeek placed{&phase, &week, std::move(path), {}, {}, 0, false};
    for (std::size_t i = 0; i < week.days.size(); ++i)
        placed.days.push_back(place(week.days[i], fmt::format("{}/days/{}", placed.path, i), limits, lookup));
    for (const PlacedDay& day : placed.days)
        for (const PlacedExercise& exercise : day.exercises) {
            add_sets(placed.sets, *exercise.planned, exercise.known, limits);
            if (exercise.known && exercise.hard) placed.hard_sets += exercise.planned->sets;
        }
    placed.deload = week.deload || phase.adaptation == "deload";
    return placed;
}

}  // namespace

bool PlacedDay::is_training() const {
    return std::any_of(exercises.begin(), exercises.end(), [](const PlacedExercise& exercise) {
        if (exercise.hard) return true;
        if (exercise.known) return exercise.known->pattern == Pattern::cardio;
        return exercise.planned->category == "Cardio";
    });
}

Subject::Subject(const Program& program_, const Profile& profile_, const Analysis& analysis_,
                 const Limits& limits_)
    : program(program_), profile(profile_), analysis(analysis_), limits(limits_) {
    Lookup lookup;
    for (std::size_t p = 0; p < program.phases.size(); ++p) {
        const Phase& phase = program.phases[p];
        for (std::size_t w = 0; w < phase.weeks.size(); ++w)
            weeks.push_back(
                place(phase, phase.weeks[w], fmt::format("{}/weeks/{}", phase_path(p), w), limits, lookup));
    }
    // A week that has nothing to unload from is no deload, whatever it is called: the rules of the others
    // hold.
    for (std::size_t i = 0; i < weeks.size(); ++i)
        if (i == 0 || weeks[i - 1].deload) weeks[i].deload = false;
}

double mean_rpe(const PlacedWeek& week) {
    double sum = 0, sets = 0;
    for (const PlacedDay& day : week.days)
        for (const PlacedExercise& exercise : day.exercises) {
            if (!exercise.hard || !exercise.planned->rpe) continue;
            sum += *exercise.planned->rpe * exercise.planned->sets;
            sets += exercise.planned->sets;
        }
    return sets > 0 ? sum / sets : 0;
}

}  // namespace spotter::work::training
