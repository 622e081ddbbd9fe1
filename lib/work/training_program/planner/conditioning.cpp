#include "work/training_program/planner/conditioning.hpp"

#include <algorithm>

namespace spotter::work::training::planning {
namespace {

constexpr int shortest_cardio = 5;  ///< minutes: less is no training
constexpr int longest_filler = 20;  ///< minutes of cardio that fills a session beyond what the goal asks
constexpr int least_bouts = 3;
constexpr int most_bouts = 10;
constexpr int bout = 60;  ///< seconds of an interval
constexpr int most_mobility = 4;
constexpr int mobility_sets = 2;

struct Room {
    int to_shortest = 0;  ///< minutes that the session lacks to the user's shortest
    int to_longest = 0;
};

Room room_in(const Session& session, const Draft& draft, const Profile& profile, const Style& style) {
    int taken = overhead_minutes(profile.session) + (seconds_of(session, draft, style) + 59) / 60;
    return {profile.session.shortest - taken, std::min(profile.session.longest, usual_longest) - taken};
}

/// Every other session's cardio goes by intervals, where the style has them: as long in all as a steady bout.
/// Where nothing steady is open, short bouts are what is left.
bool add_cardio(Session& session, int minutes, bool intervals, Selection& selection) {
    const Exercise* exercise = selection.pick({.pattern = Pattern::cardio, .in_bouts = intervals}, {});
    if (!exercise) exercise = selection.pick({.pattern = Pattern::cardio, .in_bouts = true}, {});
    if (!exercise) return false;
    selection.use(*exercise);
    int bouts = std::min(most_bouts, minutes / 2);  // a bout and its rest take two minutes
    if (exercise->timed || (intervals && bouts >= least_bouts))
        session.items.push_back({exercise, bouts, bout});
    else
        session.items.push_back({exercise, 1, (minutes - 1) * 60});
    return true;
}

void add_mobility(Session& session, const Draft& draft, const Profile& profile, const Style& style,
                  Selection& selection) {
    for (int i = 0; i < most_mobility && room_in(session, draft, profile, style).to_shortest > 2; ++i) {
        const Exercise* stretch = selection.pick({.pattern = Pattern::mobility}, session.exercises());
        if (!stretch) return;
        selection.use(*stretch);
        session.items.push_back({stretch, mobility_sets});
    }
}

}  // namespace

void add_conditioning(Draft& draft, const Profile& profile, const Style& style, Selection& selection) {
    bool intervals = false;
    for (Session& session : draft.sessions) {
        Room room = room_in(session, draft, profile, style);
        int minutes = std::max(style.cardio_minutes, std::min(room.to_shortest, longest_filler));
        minutes = std::min(minutes, room.to_longest);
        if (minutes > shortest_cardio && add_cardio(session, minutes, intervals, selection))
            intervals = style.intervals && !intervals;
        add_mobility(session, draft, profile, style, selection);
    }
}

}  // namespace spotter::work::training::planning
