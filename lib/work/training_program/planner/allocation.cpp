#include "work/training_program/planner/allocation.hpp"

#include <algorithm>

#include "work/training_program/limits.hpp"
#include "work/training_program/volume.hpp"

namespace spotter::work::training::planning {
namespace {

constexpr int anchor_sets = 3;
constexpr int new_exercise_sets = 2;
constexpr int usual_sets = 4;          ///< of one exercise in a session
constexpr int most_required_sets = 8;  ///< where few exercises are open
constexpr int most_exercises = 8;      ///< hard ones in a session
constexpr int power_sets = 3;
constexpr int gentle_sets = 2;
constexpr double spare_share = 0.75;  ///< of the way from MEV to MAV that spare time may go
constexpr double about_even = 1.25;   ///< push against pull, either way
constexpr int spare_minutes = 4;      ///< left free in the first week, for those that add sets

const std::vector<Pattern> pushes = {Pattern::horizontal_push, Pattern::vertical_push};
const std::vector<Pattern> pulls = {Pattern::horizontal_pull, Pattern::vertical_pull};

bool holds(const std::vector<Pattern>& patterns, Pattern pattern) {
    return std::find(patterns.begin(), patterns.end(), pattern) != patterns.end();
}

/// Large muscles get two compound lifts in a session before a single joint is worked.
int compounds_first(Muscle muscle) {
    using enum Muscle;
    return SetOf<Muscle>{chest, back, quads, hamstrings, glutes}.contains(muscle) ? 2 : 1;
}

}  // namespace

Allocation::Allocation(const Profile& profile, const Style& style, const Targets& targets, Draft empty)
    : profile_(profile),
      style_(style),
      targets_(targets),
      selection_(profile, style),
      draft_(std::move(empty)) {}

void Allocation::place_anchors() {
    for (Session& session : draft_.sessions) {
        const Exercise* anchor = nullptr;
        for (Pattern pattern : session.plan.patterns)
            if (!anchor)
                anchor =
                    selection_.pick({.within = session.plan.muscles, .pattern = pattern, .anchor = true}, {});
        if (!anchor) anchor = selection_.pick({.within = session.plan.muscles, .anchor = true}, {});
        if (!anchor) anchor = selection_.pick({.within = session.plan.muscles, .compound = true}, {});
        if (!anchor) anchor = selection_.pick({.within = session.plan.muscles}, {});
        if (!anchor) continue;  // place_gentle finds the day something
        session.anchor = anchor;
        for (int sets = anchor_sets; sets > 0; --sets)
            if (place(session, *anchor, sets, Time::longest)) break;
    }
}

void Allocation::place_power() {
    if (!style_.power) return;
    for (Session& session : draft_.sessions) {
        const Exercise* jump =
            selection_.pick({.within = session.plan.muscles, .pattern = Pattern::jump}, {});
        if (jump) place(session, *jump, power_sets, Time::usual);
    }
}

void Allocation::meet_required() {
    meet(targets_.required, Time::longest, usual_sets);
    meet(targets_.required, Time::longest, most_required_sets);
}

void Allocation::place_patterns() {
    for (Session& session : draft_.sessions)
        for (Pattern pattern : session.plan.patterns) {
            bool there = std::any_of(session.items.begin(), session.items.end(),
                                     [&](const Item& item) { return item.exercise->pattern == pattern; });
            if (there || session.items.size() >= most_exercises) continue;
            const Exercise* exercise =
                selection_.pick({.within = session.plan.muscles, .pattern = pattern}, session.exercises());
            if (!exercise) continue;
            bool welcome =
                std::any_of(exercise->primary.begin(), exercise->primary.end(),
                            [&](Muscle muscle) { return targets_.wanted[muscle] - sets_[muscle] >= 1; });
            if (welcome) place(session, *exercise, new_exercise_sets, Time::usual);
        }
}

void Allocation::meet_wanted() {
    meet(targets_.wanted, Time::usual, usual_sets);
}

void Allocation::use_spare_time(const PerMuscle<Landmarks>& landmarks) {
    PerMuscle<double> goal;
    for (Muscle muscle : muscles)
        goal[muscle] = std::min(targets_.most[muscle], spare_share * landmarks[muscle].mav +
                                                           (1 - spare_share) * landmarks[muscle].mev);
    meet(goal, Time::shortest, usual_sets);
}

void Allocation::place_gentle() {
    for (Session& session : draft_.sessions)
        for (Muscle muscle : muscles) {
            if (!session.plan.muscles.contains(muscle) || selection_.trainable(muscle)) continue;
            const Exercise* gentle = selection_.pick(
                {.within = session.plan.muscles, .pattern = Pattern::mobility, .muscle = muscle},
                session.exercises());
            if (!gentle || !place(session, *gentle, gentle_sets, Time::usual)) continue;
            if (!session.anchor || (!is_hard(*session.anchor) && gentle->anchor && !session.anchor->anchor))
                session.anchor = gentle;
        }
}

void Allocation::balance() {
    for (;;) {
        int pushed = sets_of(pushes), pulled = sets_of(pulls);
        if (pushed > pulled * about_even) {
            if (!add_set_of(pulls)) return;
        } else if (pulled > pushed * about_even) {
            if (!add_set_of(pushes)) return;
        } else {
            return;
        }
    }
}

/// False of a push where pulls are behind already, and the other way round; a side that cannot be trained
/// holds nobody back.
bool Allocation::keeps_balance(const Exercise& exercise, int sets) const {
    bool push = holds(pushes, exercise.pattern);
    if (!push && !holds(pulls, exercise.pattern)) return true;
    int other = sets_of(push ? pulls : pushes);
    return other == 0 || sets_of(push ? pushes : pulls) + sets <= other * about_even + new_exercise_sets;
}

int Allocation::sets_of(const std::vector<Pattern>& patterns) const {
    int sets = 0;
    for (const Session& session : draft_.sessions)
        for (const Item& item : session.items)
            if (holds(patterns, item.exercise->pattern)) sets += item.sets;
    return sets;
}

bool Allocation::add_set_of(const std::vector<Pattern>& patterns) {
    Item* thinnest = nullptr;
    for (Session& session : draft_.sessions)
        for (Item& item : session.items)
            if (holds(patterns, item.exercise->pattern) && item.sets < usual_sets &&
                (!thinnest || item.sets < thinnest->sets) && bears(session, *item.exercise, 1, Time::longest))
                thinnest = &item;
    if (thinnest) return add(*thinnest, 1), true;
    for (Session& session : draft_.sessions)
        for (Pattern pattern : patterns) {
            const Exercise* exercise =
                selection_.pick({.within = session.plan.muscles, .pattern = pattern}, session.exercises());
            if (exercise && place(session, *exercise, new_exercise_sets, Time::longest)) return true;
        }
    return false;
}

bool Allocation::required_met() const {
    return std::all_of(muscles.begin(), muscles.end(),
                       [&](Muscle muscle) { return sets_[muscle] >= targets_.required[muscle]; });
}

/// Sets go one by one to the muscle that is furthest from its goal, until nothing more can be added.
void Allocation::meet(const PerMuscle<double>& goal, Time time, int most_sets) {
    SetOf<Muscle> done;
    for (;;) {
        std::optional<Muscle> neediest;
        double need = 0;
        for (Muscle muscle : muscles) {
            double missing = goal[muscle] - sets_[muscle];
            if (done.contains(muscle) || missing < 0.5) continue;
            double share = missing / goal[muscle];
            if (share > need) neediest = muscle, need = share;
        }
        if (!neediest) return;
        if (!add_set(*neediest, time, most_sets)) done.insert(*neediest);
    }
}

bool Allocation::add_set(Muscle muscle, Time time, int most_sets) {
    auto sessions = sessions_for(muscle);
    for (int sets : {anchor_sets, most_sets}) {
        for (Session* session : sessions)
            if (Item* item = thinnest(*session, muscle, time, sets)) {
                add(*item, 1);
                return true;
            }
        if (sets == most_sets) break;
        for (Session* session : sessions)
            if (add_exercise(*session, muscle, time)) return true;
    }
    return false;
}

/// The muscle's exercise with the fewest sets that can take one more.
Item* Allocation::thinnest(Session& session, Muscle muscle, Time time, int most_sets) {
    Item* found = nullptr;
    for (Item& item : session.items)
        if (is_hard(*item.exercise) && item.exercise->pattern != Pattern::jump &&
            trains(*item.exercise, muscle) && item.sets < most_sets && (!found || item.sets < found->sets) &&
            bears(session, *item.exercise, 1, time))
            found = &item;
    return found;
}

bool Allocation::add_exercise(Session& session, Muscle muscle, Time time) {
    if (session.items.size() >= most_exercises) return false;
    auto compounds = std::count_if(session.items.begin(), session.items.end(), [&](const Item& item) {
        return item.exercise->compound && trains(*item.exercise, muscle);
    });
    const Exercise* exercise = selection_.pick({.within = session.plan.muscles,
                                                .muscle = muscle,
                                                .isolation = compounds >= compounds_first(muscle),
                                                .welcome = session.plan.patterns},
                                               session.exercises());
    if (!exercise) return false;
    if (place(session, *exercise, new_exercise_sets, time)) return true;
    return time == Time::longest && place(session, *exercise, 1, time);
}

bool Allocation::bears(const Session& session, const Exercise& exercise, int sets, Time time) const {
    constexpr Limits limits;
    if (is_hard(exercise)) {
        for (Muscle muscle : exercise.primary)
            if (sets_[muscle] + sets > targets_.most[muscle]) return false;
        for (Muscle muscle : exercise.secondary)
            if (sets_[muscle] + sets * limits.indirect > targets_.most[muscle]) return false;
    }
    if (time != Time::longest && !keeps_balance(exercise, sets)) return false;
    int more = seconds_of(Item{&exercise, sets}, draft_, style_);
    return seconds_of(session, draft_, style_) + more <= budget(time);
}

bool Allocation::place(Session& session, const Exercise& exercise, int sets, Time time) {
    if (!bears(session, exercise, sets, time)) return false;
    session.items.push_back({&exercise, 0});
    add(session.items.back(), sets);
    selection_.use(exercise);
    return true;
}

void Allocation::add(Item& item, int sets) {
    constexpr Limits limits;
    item.sets += sets;
    if (!is_hard(*item.exercise)) return;
    for (Muscle muscle : item.exercise->primary) sets_[muscle] += sets;
    for (Muscle muscle : item.exercise->secondary) sets_[muscle] += sets * limits.indirect;
}

/// The days that may train the muscle, the one with the fewest direct sets first.
std::vector<Session*> Allocation::sessions_for(Muscle muscle) {
    std::vector<Session*> out;
    for (Session& session : draft_.sessions)
        if (session.plan.muscles.contains(muscle)) out.push_back(&session);
    std::stable_sort(out.begin(), out.end(), [&](const Session* a, const Session* b) {
        return a->direct_sets(muscle) < b->direct_sets(muscle);
    });
    return out;
}

/// Seconds of work in a session. What the goal's cardio takes is left free but for what muscles must have.
int Allocation::budget(Time time) const {
    const SessionLength& length = profile_.session;
    int cardio = static_cast<int>(style_.cardio_minutes * draft_.pace);
    int minutes = time == Time::shortest ? length.shortest : std::min(length.longest, usual_longest);
    if (time == Time::usual) minutes -= spare_minutes;
    if (time == Time::longest) cardio = 0;
    return 60 * (minutes - overhead_minutes(length) - cardio);
}

}  // namespace spotter::work::training::planning
