#include "work/training_program/planner/warm_up.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spotter::work::training::planning {
namespace {

constexpr std::size_t most_drills = 3;

bool open(const Exercise& exercise, const Profile& profile) {
    return can_do(exercise, profile.equipment) && !exercise.contraindicated.intersects(profile.injured);
}

bool serves(const Exercise& drill, const Session& session) {
    return std::any_of(drill.secondary.begin(), drill.secondary.end(),
                       [&](Muscle muscle) { return session.plan.muscles.contains(muscle); });
}

/// Stretches are held, mobility drills move. Muscle setting is a day's work, no drill.
std::vector<const Exercise*> drills(const Session& session, const Profile& profile, bool held) {
    std::vector<const Exercise*> out;
    for (const Exercise& exercise : catalogue())
        if (exercise.pattern == Pattern::mobility && exercise.primary.empty() && exercise.timed == held &&
            out.size() < most_drills && open(exercise, profile) && serves(exercise, session))
            out.push_back(&exercise);
    return out;
}

/// Something easy for the heart; by machine where there is one.
const Exercise* easy_cardio(const Profile& profile) {
    const Exercise* found = nullptr;
    for (const Exercise& exercise : catalogue()) {
        if (exercise.pattern != Pattern::cardio || exercise.timed || exercise.from > profile.level) continue;
        if (open(exercise, profile) && (!found || (found->gentle && !exercise.gentle))) found = &exercise;
    }
    return found;
}

bool has_load(const Session& session) {
    return session.anchor && session.anchor->load_factor > 0;
}

}  // namespace

std::vector<std::string> warm_up_of(const Session& session, const Profile& profile) {
    std::vector<std::string> out;
    if (const Exercise* cardio = easy_cardio(profile)) out.push_back(cardio->name + " (3 minutes, easy)");
    for (const Exercise* drill : drills(session, profile, false))
        out.push_back(fmt::format("{} ({})", drill->name, drill->each_side ? "8 slow each side" : "8 slow"));
    if (has_load(session))
        out.push_back("Two or three lighter sets of the first lift, building up to its load");
    if (out.empty()) out.push_back("Diaphragmatic Breathing (2 minutes)");
    return out;
}

std::vector<std::string> cool_down_of(const Session& session, const Profile& profile) {
    std::vector<std::string> out;
    for (const Exercise* stretch : drills(session, profile, true))
        out.push_back(fmt::format("{} ({})", stretch->name, stretch->each_side ? "30 s each side" : "30 s"));
    if (out.empty()) out.push_back("Diaphragmatic Breathing (2 minutes)");
    return out;
}

}  // namespace spotter::work::training::planning
