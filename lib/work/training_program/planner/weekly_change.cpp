#include "work/training_program/planner/weekly_change.hpp"

#include <algorithm>

#include "work/training_program/limits.hpp"

namespace spotter::work::training::planning {
namespace {

constexpr int most_grown_sets = 5;   ///< of one exercise in a session
constexpr int fewest_left = 2;       ///< of one exercise that sheds sets
constexpr double most_growth = 1.2;  ///< of a muscle's sets in a week

constexpr int steady_seconds = 300;  ///< cardio of this length goes on for a minute more every week

using Sets = PerMuscle<double>;

bool may_grow(const Item& item, const Sets& now, const Sets& before, const Targets& targets) {
    constexpr Limits limits;
    if (!is_hard(*item.exercise) || item.exercise->pattern == Pattern::jump) return false;
    if (item.sets >= most_grown_sets) return false;
    auto bears = [&](Muscle muscle, double more) {
        double after = now[muscle] + more;
        return after <= targets.most[muscle] && after <= before[muscle] * most_growth;
    };
    const Exercise& exercise = *item.exercise;
    return std::all_of(exercise.primary.begin(), exercise.primary.end(),
                       [&](Muscle muscle) { return bears(muscle, 1); }) &&
           std::all_of(exercise.secondary.begin(), exercise.secondary.end(),
                       [&](Muscle muscle) { return bears(muscle, limits.indirect); });
}

/// How full a muscle is: the emptier go first.
double fullness(const Item& item, const Sets& sets, const Targets& targets) {
    double full = 0;
    for (Muscle muscle : item.exercise->primary) full = std::max(full, sets[muscle] / targets.most[muscle]);
    return full;
}

}  // namespace

Draft grown(Draft draft, int more, const Profile& profile, const Style& style, const Targets& targets) {
    const Sets before = draft.volume();
    const int seconds = 60 * (profile.session.longest - overhead_minutes(profile.session));
    for (; more > 0; --more) {
        Item* best = nullptr;
        double least = 0;
        Sets sets = draft.volume();
        for (Session& session : draft.sessions)
            for (Item& item : session.items) {
                if (!may_grow(item, sets, before, targets)) continue;
                Item one{item.exercise, 1};
                if (seconds_of(session, draft, style) + seconds_of(one, draft, style) > seconds) continue;
                double full = fullness(item, sets, targets);
                if (!best || full < least) best = &item, least = full;
            }
        if (!best) break;
        ++best->sets;
    }
    for (Session& session : draft.sessions)
        for (Item& item : session.items)
            if (item.seconds >= steady_seconds && seconds_of(session, draft, style) + 60 <= seconds)
                item.seconds += 60;
    return draft;
}

Draft shed(Draft draft, int fewer, const Targets& targets) {
    for (; fewer > 0; --fewer) {
        Item* largest = nullptr;
        Sets sets = draft.volume();
        auto spare = [&](const Item& item) {
            auto over = [&](Muscle muscle) { return sets[muscle] - 1 >= targets.required[muscle]; };
            return std::all_of(item.exercise->primary.begin(), item.exercise->primary.end(), over) &&
                   std::all_of(item.exercise->secondary.begin(), item.exercise->secondary.end(), over);
        };
        for (Session& session : draft.sessions)
            for (Item& item : session.items)
                if (is_hard(*item.exercise) && item.exercise != session.anchor && item.sets > fewest_left &&
                    (!largest || item.sets > largest->sets) && spare(item))
                    largest = &item;
        if (!largest) break;
        --largest->sets;
    }
    return draft;
}

Draft halved(Draft draft) {
    bool up = true;  // of odd numbers every other one is rounded up, so that the week comes to half
    for (Session& session : draft.sessions)
        for (Item& item : session.items) {
            if (item.sets % 2 != 0 && item.sets > 1) {
                item.sets = item.sets / 2 + (up ? 1 : 0);
                up = !up;
            } else {
                item.sets = std::max(1, item.sets / 2);
            }
            if (item.seconds >= steady_seconds)
                item.seconds = std::max(steady_seconds, item.seconds / 120 * 60);
        }
    return draft;
}

}  // namespace spotter::work::training::planning
