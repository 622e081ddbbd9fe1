#pragma once

#include <string>
#include <vector>

#include "work/training_program/body.hpp"
#include "work/training_program/catalogue.hpp"
#include "work/training_program/planner/split.hpp"
#include "work/training_program/planner/style.hpp"

/// A week in the making: exercises and sets, without loads and words.
namespace spotter::work::training::planning {

inline constexpr int usual_longest = 90;  ///< minutes; who says "75+" need not be kept for two hours

struct Item {
    const Exercise* exercise = nullptr;
    int sets = 0;
    int seconds = 0;  ///< of a bout of cardio; 0 for all else, whose dose comes from its role
};

struct Session {
    SessionPlan plan;
    const Exercise* anchor = nullptr;
    std::vector<Item> items;

    /// Direct sets of a muscle today.
    int direct_sets(Muscle muscle) const;
    bool has(const Exercise& exercise) const;
    std::vector<const Exercise*> exercises() const;
};

/// What an exercise is by itself: never an anchor.
Role plain_role(const Exercise& exercise);

struct Draft {
    std::vector<Session> sessions;
    double pace = 1;  ///< what rest is multiplied by, below 1 where time is short

    /// An exercise that is some day's anchor is dosed as one wherever it stands, so that it has one load a
    /// week.
    Role role_of(const Exercise& exercise) const;

    /// Hard sets a muscle in the week, indirect work counted half.
    PerMuscle<double> volume() const;
    int hard_sets() const;
};

/// Minutes that warming up and cooling down take of a session.
int overhead_minutes(SessionLength length);

/// Seconds of a session without warm-up and cool-down, at the doses of the accumulation, which take longest.
int seconds_of(const Item& item, const Draft& draft, const Style& style);
int seconds_of(const Session& session, const Draft& draft, const Style& style);

/// Power first, then the anchor, other compounds, isolation, core, cardio, mobility.
void put_in_order(Draft& draft);

}  // namespace spotter::work::training::planning
