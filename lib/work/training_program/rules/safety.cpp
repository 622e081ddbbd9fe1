#include "work/training_program/risk.hpp"
#include "work/training_program/rules/all.hpp"
#include "work/words.hpp"

namespace spotter::work::training::rule {
namespace {

/// `visit(path, text)` for every line of warm-up and cool-down.
template <class Visit>
void each_drill(const PlacedDay& day, Visit visit) {
    for (std::size_t i = 0; i < day.day->warm_up.size(); ++i)
        visit(fmt::format("{}/warmUp/{}", day.path, i), day.day->warm_up[i]);
    for (std::size_t i = 0; i < day.day->cool_down.size(); ++i)
        visit(fmt::format("{}/coolDown/{}", day.path, i), day.day->cool_down[i]);
}

}  // namespace

void injuries(const Subject& subject, Findings& out) {
    SetOf<Region> injured = subject.profile.injured;
    if (injured.empty()) return;
    constexpr std::string_view message = "is ruled out by the user's injuries; choose another exercise";
    for (const PlacedWeek& week : subject.weeks)
        for (const PlacedDay& day : week.days) {
            for (const PlacedExercise& exercise : day.exercises)
                if (may_hurt(exercise.planned->name, exercise.known, injured))
                    out.reject(exercise.path, fmt::format("\"{}\" {}", exercise.planned->name, message));
            each_drill(day, [&](std::string path, const std::string& drill) {
                if (may_hurt(drill, exercise_named(drill), injured))
                    out.reject(std::move(path), fmt::format("\"{}\" {}", excerpt(drill, 80), message));
            });
        }
}

void equipment(const Subject& subject, Findings& out) {
    SetOf<Equipment> owned = subject.profile.equipment;
    constexpr std::string_view message = "needs equipment that the user does not have";
    for (const PlacedWeek& week : subject.weeks)
        for (const PlacedDay& day : week.days) {
            for (const PlacedExercise& exercise : day.exercises) {
                const std::string& name = exercise.planned->name;
                if ((exercise.known && !can_do(*exercise.known, owned)) ||
                    names_missing_equipment(name, owned))
                    out.reject(exercise.path, fmt::format("\"{}\" {}", name, message));
            }
            each_drill(day, [&](std::string path, const std::string& drill) {
                if (names_missing_equipment(drill, owned))
                    out.reject(std::move(path), fmt::format("\"{}\" {}", excerpt(drill, 80), message));
            });
        }
}

void injuries_understood(const Subject& subject, Findings& out) {
    if (subject.profile.injured.empty() && !subject.profile.injuries_said.empty())
        out.warn("",
                 "injuriesLimitations names no part of the body that we know; nothing was ruled out for it");
}

void known_exercises(const Subject& subject, Findings& out) {
    for (const PlacedWeek& week : subject.weeks)
        for (const PlacedDay& day : week.days)
            for (const PlacedExercise& exercise : day.exercises)
                if (!exercise.known)
                    out.warn(exercise.path + "/name",
                             fmt::format("\"{}\" is not in the catalogue; its sets are not counted",
                                         exercise.planned->name));
}

}  // namespace spotter::work::training::rule
