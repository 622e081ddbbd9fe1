#include "work/training_program/planner/prose.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "work/words.hpp"

namespace spotter::work::training::planning {
namespace {

constexpr std::size_t longest_name_said = 60;

std::string_view first_of(Goal goal) {
    switch (goal) {
        case Goal::muscle_general:
            return "steady muscle gain from compound lifts in moderate repetitions";
        case Goal::muscle_hypertrophy:
            return "muscle growth: much volume close enough to failure";
        case Goal::strength_powerlifting:
            return "a heavier squat, bench press and deadlift";
        case Goal::strength_general:
            return "strength in every main movement";
        case Goal::endurance_cardio:
            return "endurance, with enough strength work to carry it";
        case Goal::sport_power:
            return "power: explosive work first, strength behind it";
        case Goal::general_fitness:
            return "strength and stamina for everyday life";
        case Goal::weight_loss:
            return "fat loss: strength work that keeps muscle, and cardio";
        case Goal::bodyweight_mastery:
            return "mastery of your own body weight";
        case Goal::recomposition:
            return "muscle gain and fat loss side by side";
    }
    return "fitness";
}

std::string_view model_in_words(Periodization model) {
    switch (model) {
        case Periodization::strength_block:
            return "strength blocks: volume, then load, then a peak";
        case Periodization::hypertrophy_block:
            return "hypertrophy blocks: volume builds up before load does";
        case Periodization::linear:
            return "linear progress: a little more every week";
        case Periodization::balanced_block:
            return "balanced blocks of volume and load";
    }
    return "planned progress";
}

/// A lift for a weak point, and what is done about it here.
std::string action_for(std::string_view weak_point) {
    if (weak_point == "horizontal press")
        return "Chest and triceps get extra weekly sets; horizontal presses come first on pressing days.";
    if (weak_point == "posterior chain")
        return "Hamstrings, glutes and back get extra weekly sets; a hinge anchors a day of its own.";
    if (weak_point == "vertical press")
        return "Shoulders and triceps get extra weekly sets; vertical presses are done early, while fresh.";
    return "The muscles behind this lift get extra weekly sets.";
}

bool lifted_in_each_hand(const Exercise& exercise) {
    return std::any_of(exercise.equipment.begin(), exercise.equipment.end(), [](SetOf<Equipment> needed) {
        return needed.contains(Equipment::dumbbells) || needed.contains(Equipment::kettlebells);
    });
}

/// "3", or "3 or 4" for an RPE of 6.5.
std::string reserve(double rpe) {
    double left = 10 - rpe;
    int least = static_cast<int>(left);
    return left == least ? fmt::format("{}", least) : fmt::format("{} or {}", least, least + 1);
}

std::string title_words(Goal goal) {
    std::string text(title(goal));
    std::replace(text.begin(), text.end(), ':', ',');
    return text;
}

std::string intro(const Profile& profile, int weeks) {
    std::string name = excerpt(profile.name, longest_name_said);
    std::string hello = words(name) == " " ? "Welcome." : fmt::format("Welcome, {}.", name);
    return fmt::format(
        "{} This program is for {}. {} a week for {}: keep the order of the exercises, "
        "rest as long as it says, and write down what you lift.",
        hello, first_of(profile.goal),
        profile.days == 7 ? std::string("Six sessions and a recovery day")
                          : fmt::format("{} sessions", profile.days),
        weeks == 1 ? std::string("one week") : fmt::format("{} weeks", weeks));
}

std::string advice(const Profile& profile) {
    std::string text =
        "Stop an exercise that causes sharp pain. Sleep, eat enough protein and drink enough; progress "
        "happens between sessions.";
    if (!profile.injured.empty())
        text +=
            " Exercises that load the areas you named as hurt are left out; ask a physician or a "
            "physiotherapist "
            "before you bring them back.";
    if (profile.injured.empty() && !profile.injuries_said.empty())
        text +=
            " We could not tell which exercises your injuries rule out: go through the list with a physician "
            "or a "
            "physiotherapist before you begin.";
    if (profile.age && *profile.age >= 65)
        text += " Take the longer end of every rest, and an extra warm-up set.";
    if (profile.age && *profile.age < 18) text += " Let a coach or a parent watch the heavier lifts.";
    return text;
}

}  // namespace

void describe(Program& program, const Profile& profile, const Analysis& analysis, const Split& split) {
    const std::string goal = title_words(profile.goal);
    const std::string_view level = name(profile.level);
    program.name = fmt::format("{} ({}-week {})", goal, analysis.weeks, split.name);
    program.description =
        fmt::format("A {}-week program for {}, at the level {}, in sessions of up to {} minutes.",
                    analysis.weeks, first_of(profile.goal), level, profile.session.longest);
    program.coach_intro = intro(profile, analysis.weeks);
    program.general_advice = advice(profile);
    program.difficulty = level;
    program.rationale = fmt::format(
        "{} suits {} training days and leaves every muscle 48 hours between hard days. Weekly sets lie "
        "between the "
        "least that works and the most that you recover from, reckoned from your level, session length and "
        "schedule. Loads and effort follow {}.",
        split.name, split.sessions.size(), model_in_words(analysis.model));
    program.rationale[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(program.rationale[0])));
    program.periodization_model = name(analysis.model);
    program.autoregulation =
        "RPE 8 means that two more repetitions were possible. When a set feels a point harder than planned, "
        "take 5 % "
        "off; when it feels a point easier, add the smallest plate next time. After a bad night or when "
        "sore, do one "
        "set less of everything. With no load given, find one that meets the RPE at the top of the range.";
    program.tags = {goal, std::string(level), split.name,
                    profile.days > 6 ? "6 days" : fmt::format("{} days", profile.days)};
    for (const WeakPoint& weak : analysis.weak_points)
        program.interventions.push_back({std::string(weak.name), action_for(weak.name)});
}

void describe(Phase& phase, const Period& period, const Style& style) {
    phase.adaptation = period.adaptation;
    if (period.adaptation == "accumulation") {
        phase.name = "Accumulation";
        phase.objectives = {"Learn the lifts", "Build up weekly volume"};
        phase.progression =
            "Add repetitions up to the top of the range, then load; a few sets more each week.";
    } else if (period.adaptation == "intensification") {
        phase.name = "Intensification";
        phase.objectives = {"Lift more with fewer repetitions", "Keep technique under load"};
        phase.progression = "Heavier loads for fewer repetitions and sets, closer to the limit.";
    } else if (period.adaptation == "realization") {
        phase.name = "Realization";
        phase.objectives = {"Show the strength that was built"};
        phase.progression = "Few, heavy sets; stop each one with a repetition in reserve.";
    } else {
        phase.name = "Deload";
        phase.objectives = {"Recover", "Come back stronger"};
        phase.progression = "Half the sets at lighter loads; nothing is taken to its limit.";
    }
    if (style.cardio_minutes > 0 && period.adaptation == "accumulation")
        phase.progression += " Steady cardio grows by a minute a week.";
}

void describe(Week& week, const Period& period, int in_phase) {
    double rpe = period.rpe.at(static_cast<std::size_t>(in_phase - 1));
    week.goals = {fmt::format("Work at about RPE {:g}", rpe)};
    if (period.adaptation == "deload") {
        week.goals.push_back("Leave every session fresher than you came");
        week.coach_tip = "Do not add anything: what you hold back this week pays off in the next.";
    } else if (period.adaptation == "accumulation") {
        week.goals.push_back(in_phase == 1 ? "Find your loads"
                                           : "Add a repetition or a little load where you can");
        week.coach_tip =
            in_phase == 1 ? "Start lighter than you think you must." : "Small steps, every session.";
    } else {
        week.goals.push_back("Keep every repetition clean");
        week.coach_tip = "Rest fully before the first lift; it sets the tone.";
    }
}

std::string cue(const Exercise& exercise, Role role, double rpe, bool loaded, bool in_bouts) {
    if (role == Role::cardio)
        return in_bouts ? "A brisk effort, then easy until you can speak again."
                        : "At a pace at which you can talk.";
    if (role == Role::mobility)
        return exercise.primary.empty() ? "Slowly, and only as far as it is comfortable."
                                        : "Tense gently without moving the joint; it must not hurt.";
    if (role == Role::power) return "Every repetition as fast as you can; stop when speed drops.";
    if (loaded && lifted_in_each_hand(exercise))
        return "With dumbbells or kettlebells, the load is that of one.";
    if (exercise.timed || loaded) return "";
    if (!exercise.unloaded)
        return fmt::format("Choose a load that leaves {} repetitions in reserve.", reserve(rpe));
    if (role == Role::anchor) return "If it is too easy for the RPE, lower slowly and pause at the bottom.";
    return "";
}

}  // namespace spotter::work::training::planning
