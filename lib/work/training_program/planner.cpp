#include "work/training_program/planner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "work/training_program/planner/allocation.hpp"
#include "work/training_program/planner/conditioning.hpp"
#include "work/training_program/planner/loads.hpp"
#include "work/training_program/planner/periods.hpp"
#include "work/training_program/planner/prose.hpp"
#include "work/training_program/planner/warm_up.hpp"
#include "work/training_program/planner/weekly_change.hpp"

namespace spotter::work::training {

using namespace planning;

namespace {

/// Shares of the goal's rest and cardio, tried from the first on until what must be done fits into the time.
constexpr double paces[] = {1, 0.85, 0.7, 0.55, 0.4};

constexpr double weekly_growth = 0.05;  ///< of the week's hard sets, in an accumulation
constexpr double shed_share = 0.1;      ///< of the week's hard sets, when a heavier phase begins

Draft empty_draft(const Split& split, double pace) {
    Draft draft;
    draft.pace = pace;
    for (const SessionPlan& plan : split.sessions) draft.sessions.push_back({plan, nullptr, {}});
    return draft;
}

/// Every day has something to do and something to build on, whatever the user cannot do.
void complete(Draft& draft, Selection& selection) {
    for (Session& session : draft.sessions) {
        if (session.items.empty())
            if (const Exercise* drill = selection.pick({.pattern = Pattern::mobility}, {}))
                session.items.push_back({drill, 2});
        if (session.anchor && session.has(*session.anchor)) continue;
        auto hard = std::find_if(session.items.begin(), session.items.end(),
                                 [](const Item& item) { return is_hard(*item.exercise); });
        if (hard != session.items.end()) session.anchor = hard->exercise;
    }
}

Draft first_week(const Profile& profile, const Analysis& analysis, const Style& style, const Split& split,
                 const Targets& targets) {
    Draft draft;
    for (double pace : paces) {
        Allocation allocation(profile, style, targets, empty_draft(split, pace));
        allocation.place_anchors();
        allocation.meet_required();
        if (!allocation.required_met() && pace != paces[std::size(paces) - 1]) continue;
        allocation.place_power();
        allocation.place_patterns();
        allocation.place_gentle();
        allocation.balance();
        allocation.meet_wanted();
        allocation.use_spare_time(analysis.landmarks);
        allocation.balance();
        draft = allocation.draft();
        add_conditioning(draft, profile, style, allocation.selection());
        complete(draft, allocation.selection());
        break;
    }
    put_in_order(draft);
    return draft;
}

std::string amount(const Item& item, const Dose& dose) {
    if (item.seconds >= 120) return fmt::format("{} min", item.seconds / 60);
    if (item.seconds > 0) return fmt::format("{} s", item.seconds);
    std::string text =
        dose.low == dose.high ? fmt::format("{}", dose.low) : fmt::format("{}-{}", dose.low, dose.high);
    if (item.exercise->timed || item.exercise->pattern == Pattern::mobility) text += " s";
    if (item.exercise->each_side) text += " each side";
    return text;
}

std::string category(const Item& item, const Session& session) {
    if (item.exercise == session.anchor) return "Anchor_Lift";
    switch (plain_role(*item.exercise)) {
        case Role::power:
            return "Power";
        case Role::anchor:
        case Role::compound:
            return "Compound";
        case Role::isolation:
            return "Isolation";
        case Role::core:
            return "Core";
        case Role::cardio:
            return "Cardio";
        case Role::mobility:
            return "Mobility";
    }
    return "Compound";
}

/// One week of the program being written.
struct WeekContext {
    const Profile& profile;
    const Style& style;
    const Draft& draft;
    const Period& period;
    double rpe;
    Loads& loads;

    bool deload() const { return period.adaptation == "deload"; }
};

PlannedExercise write_exercise(const Item& item, const Session& session, const WeekContext& week) {
    const Exercise& exercise = *item.exercise;
    Role role = week.draft.role_of(exercise);
    Dose dose = dose_of(exercise, role, week.style, week.period.adaptation, week.draft.pace);
    PlannedExercise out;
    out.name = exercise.name;
    out.sets = item.sets;
    out.reps = amount(item, dose);
    out.rest = fmt::format("{} s", item.seconds > 0 ? 60 : dose.rest);
    out.category = category(item, session);
    if (is_hard(exercise) && role != Role::power) {
        out.rpe = week.rpe;
        if (!exercise.timed) {
            out.weight = week.loads.load(exercise, dose.high, week.rpe, week.deload());
            out.tempo = week.period.adaptation == "accumulation" ? "3-0-1" : "2-0-1";
        }
    }
    out.notes = cue(exercise, role, week.rpe, !out.weight.empty(), item.sets > 1);
    return out;
}

Day write_day(const Session& session, const WeekContext& week) {
    Day day;
    day.day_of_week = session.plan.day_of_week;
    day.focus = session.plan.focus;
    day.warm_up = warm_up_of(session, week.profile);
    day.cool_down = cool_down_of(session, week.profile);
    int minutes =
        overhead_minutes(week.profile.session) + (seconds_of(session, week.draft, week.style) + 59) / 60;
    day.minutes = std::clamp(minutes, 15, week.profile.session.longest);
    for (const Item& item : session.items) day.exercises.push_back(write_exercise(item, session, week));
    return day;
}

/// A seventh day without training: easy mobility, marked as a day of rest.
Day recovery_day(int day_of_week, const Profile& profile, const Style& style) {
    Selection selection(profile, style);
    Day day;
    day.day_of_week = day_of_week;
    day.focus = "Recovery and mobility";
    day.rest_day = true;
    std::vector<const Exercise*> taken;
    for (int i = 0; i < 4; ++i)
        if (const Exercise* drill = selection.pick({.pattern = Pattern::mobility}, taken)) {
            taken.push_back(drill);
            PlannedExercise out;
            out.name = drill->name;
            out.sets = 2;
            out.reps = drill->each_side ? "30 s each side" : "30 s";
            out.rest = "30 s";
            out.category = "Mobility";
            day.exercises.push_back(out);
        }
    day.minutes = 15;
    day.notes = "A day of rest: muscles grow between sessions.";
    return day;
}

Week write_week(const WeekContext& context, int number, int in_phase, const Split& split) {
    Week week;
    week.number = number;
    week.in_phase = in_phase;
    week.deload = context.deload();
    describe(week, context.period, in_phase);
    for (const Session& session : context.draft.sessions) week.days.push_back(write_day(session, context));
    if (split.recovery_day > 0)
        week.days.push_back(recovery_day(split.recovery_day, context.profile, context.style));
    return week;
}

/// What is needed to do the week, out of what the user has.
std::vector<std::string> equipment_of(const Draft& draft, SetOf<Equipment> owned) {
    SetOf<Equipment> needed;
    for (const Session& session : draft.sessions)
        for (const Item& item : session.items) {
            auto open = std::find_if(item.exercise->equipment.begin(), item.exercise->equipment.end(),
                                     [&](SetOf<Equipment> all) { return owned.contains(all); });
            if (open != item.exercise->equipment.end()) needed.insert(*open);
        }
    std::vector<std::string> out;
    for (Equipment thing : every_equipment) {
        if (!needed.contains(thing)) continue;
        std::string text(name(thing));
        std::replace(text.begin(), text.end(), '_', ' ');
        out.push_back(std::move(text));
    }
    return out;
}

}  // namespace

Program plan_program(const Profile& profile, const Analysis& analysis) {
    const Style style = style_of(profile);
    const Split split = split_of(profile);
    const Targets targets = targets_of(profile, analysis, style);

    Draft draft = first_week(profile, analysis, style, split, targets);
    Program program;
    program.weeks_planned = analysis.weeks;
    program.frequency = static_cast<int>(split.sessions.size());
    program.weekly_sets = draft.volume();
    program.required_equipment = equipment_of(draft, profile.equipment);
    describe(program, profile, analysis, split);

    Loads loads(profile);
    int number = 0;
    for (const Period& period : periods_of(profile, analysis)) {
        Phase phase;
        phase.number = static_cast<int>(program.phases.size()) + 1;
        phase.weeks_planned = static_cast<int>(period.rpe.size());
        describe(phase, period, style);
        for (std::size_t i = 0; i < period.rpe.size(); ++i) {
            bool first = i == 0;
            if (period.adaptation == "accumulation" && !first)
                draft = grown(draft, std::max(1, static_cast<int>(draft.hard_sets() * weekly_growth)),
                              profile, style, targets);
            if ((period.adaptation == "intensification" || period.adaptation == "realization") && first)
                draft = shed(draft, static_cast<int>(draft.hard_sets() * shed_share), targets);
            bool deload = period.adaptation == "deload";
            Draft now = deload ? halved(draft) : draft;
            phase.weeks.push_back(write_week({profile, style, now, period, period.rpe[i], loads}, ++number,
                                             static_cast<int>(i) + 1, split));
            loads.end_week(deload);
        }
        program.phases.push_back(std::move(phase));
    }
    return program;
}

}  // namespace spotter::work::training
