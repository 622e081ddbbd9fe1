#include "work/training_program/planner/volume.hpp"

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
constexpr int usual_longest = 90;  ///< minutes; who says "75+" need not be kept for two hours
constexpr double emphasis = 0.15;  ///< of the way from MEV to MAV, for emphasised muscles and weak points

SetOf<Muscle> muscles_behind(std::string_view weak_point) {
    using enum Muscle;
    if (weak_point == "horizontal press") return {chest, arms};
    if (weak_point == "posterior chain") return {hamstrings, glutes, back};
    if (weak_point == "vertical press") return {shoulders, arms};
    return {};
}

}  // namespace

Targets targets_of(const Profile& profile, const Analysis& analysis, const Style& style) {
    constexpr Limits limits;
    Targets out;
    for (Muscle muscle : muscles) {
        const Landmarks& landmarks = analysis.landmarks[muscle];
        double share = style.ambition + (style.emphasis.contains(muscle) ? emphasis : 0);
        for (const WeakPoint& weak : analysis.weak_points)
            if (muscles_behind(weak.name).contains(muscle)) share += emphasis;
        out.required[muscle] = required_sets(profile, analysis, muscle);
        out.most[muscle] = std::min({landmarks.mav * limits.over_mav, static_cast<double>(landmarks.mrv),
                                     static_cast<double>(limits.ceiling_of(profile.level))});
        double wanted = landmarks.mev + std::min(share, 1.0) * (landmarks.mav - landmarks.mev);
        out.wanted[muscle] = std::min(wanted, out.most[muscle]);
    }
    return out;
}

Volume::Volume(const Profile& profile, const Style& style, const Targets& targets, Draft empty)
    : profile_(profile),
      style_(style),
      targets_(targets),
      selection_(profile, style),
      draft_(std::move(empty)) {}

void Volume::place_anchors() {
    for (Session& session : draft_.sessions) {
        const Exercise* anchor = nullptr;
        for (Pattern pattern : session.plan.patterns)
            if (!anchor)
                anchor =
                    selection_.pick({.within = session.plan.muscles, .pattern = pattern, .anchor = true}, {});
        if (!anchor) anchor = selection_.pick({.within = session.plan.muscles, .anchor = true}, {});
        if (!anchor) anchor = selection_.pick({.within = session.plan.muscles}, {});
        if (!anchor) continue;  // place_gentle finds the day something
        session.anchor = anchor;
        for (int sets = anchor_sets; sets > 0; --sets)
            if (place(session, *anchor, sets, Time::longest)) break;
    }
}

void Volume::place_power() {
    if (!style_.power) return;
    for (Session& session : draft_.sessions) {
        const Exercise* jump =
            selection_.pick({.within = session.plan.muscles, .pattern = Pattern::jump}, {});
        if (jump) place(session, *jump, power_sets, Time::usual);
    }
}

void Volume::meet_required() {
    meet(targets_.required, Time::longest, usual_sets);
    meet(targets_.required, Time::longest, most_required_sets);
}

void Volume::place_patterns() {
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

void Volume::meet_wanted() {
    meet(targets_.wanted, Time::usual, usual_sets);
}

void Volume::use_spare_time(const PerMuscle<Landmarks>& landmarks) {
    PerMuscle<double> goal;
    for (Muscle muscle : muscles)
        goal[muscle] = std::min(targets_.most[muscle], static_cast<double>(landmarks[muscle].mav));
    meet(goal, Time::shortest, usual_sets);
}

void Volume::place_gentle() {
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

bool Volume::required_met() const {
    return std::all_of(muscles.begin(), muscles.end(),
                       [&](Muscle muscle) { return sets_[muscle] >= targets_.required[muscle]; });
}

/// Sets go one by one to the muscle that is furthest from its goal, until nothing more can be added.
void Volume::meet(const PerMuscle<double>& goal, Time time, int most_sets) {
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

bool Volume::add_set(Muscle muscle, Time time, int most_sets) {
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
Item* Volume::thinnest(Session& session, Muscle muscle, Time time, int most_sets) {
    Item* found = nullptr;
    for (Item& item : session.items)
        if (is_hard(*item.exercise) && item.exercise->pattern != Pattern::jump &&
            trains(*item.exercise, muscle) && item.sets < most_sets && (!found || item.sets < found->sets) &&
            bears(session, *item.exercise, 1, time))
            found = &item;
    return found;
}

bool Volume::add_exercise(Session& session, Muscle muscle, Time time) {
    if (session.items.size() >= most_exercises) return false;
    bool has_compound = std::any_of(session.items.begin(), session.items.end(), [&](const Item& item) {
        return item.exercise->compound && trains(*item.exercise, muscle);
    });
    const Exercise* exercise = selection_.pick({.within = session.plan.muscles,
                                                .muscle = muscle,
                                                .isolation = has_compound,
                                                .welcome = session.plan.patterns},
                                               session.exercises());
    if (!exercise) return false;
    return place(session, *exercise, new_exercise_sets, time) || place(session, *exercise, 1, time);
}

bool Volume::bears(const Session& session, const Exercise& exercise, int sets, Time time) const {
    constexpr Limits limits;
    if (is_hard(exercise)) {
        for (Muscle muscle : exercise.primary)
            if (sets_[muscle] + sets > targets_.most[muscle]) return false;
        for (Muscle muscle : exercise.secondary)
            if (sets_[muscle] + sets * limits.indirect > targets_.most[muscle]) return false;
    }
    int more = seconds_of(Item{&exercise, sets}, draft_, style_);
    return seconds_of(session, draft_, style_) + more <= budget(time);
}

bool Volume::place(Session& session, const Exercise& exercise, int sets, Time time) {
    if (!bears(session, exercise, sets, time)) return false;
    session.items.push_back({&exercise, 0});
    add(session.items.back(), sets);
    selection_.use(exercise);
    return true;
}

void Volume::add(Item& item, int sets) {
    constexpr Limits limits;
    item.sets += sets;
    if (!is_hard(*item.exercise)) return;
    for (Muscle muscle : item.exercise->primary) sets_[muscle] += sets;
    for (Muscle muscle : item.exercise->secondary) sets_[muscle] += sets * limits.indirect;
}

/// The days that may train the muscle, the one with the fewest direct sets first.
std::vector<Session*> Volume::sessions_for(Muscle muscle) {
    std::vector<Session*> out;
    for (Session& session : draft_.sessions)
        if (session.plan.muscles.contains(muscle)) out.push_back(&session);
    std::stable_sort(out.begin(), out.end(), [&](const Session* a, const Session* b) {
        return a->direct_sets(muscle) < b->direct_sets(muscle);
    });
    return out;
}

/// Seconds of work in a session. What the goal's cardio takes is left free but for what muscles must have.
int Volume::budget(Time time) const {
    const SessionLength& length = profile_.session;
    int cardio = static_cast<int>(style_.cardio_minutes * draft_.pace);
    int minutes = time == Time::shortest ? length.shortest : std::min(length.longest, usual_longest);
    if (time == Time::longest) cardio = 0;
    return 60 * (minutes - overhead_minutes(length) - cardio);
}

}  // namespace spotter::work::training::planning
