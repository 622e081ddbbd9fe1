#include "work/training_program/rules.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "training_fixture.hpp"

namespace rules_test {

using namespace spotter::work;
using namespace spotter::work::training;
using Severity = Violation::Severity;

namespace {

std::vector<Violation> found(Tier tier, const Program& program, const Profile& profile) {
    return check_rules(tier, program, profile, analyse(profile));
}

/// The severities that `rule` speaks with.
std::set<Severity> says(const std::vector<Violation>& violations, std::string_view rule) {
    std::set<Severity> out;
    for (const Violation& violation : violations)
        if (violation.rule == rule) out.insert(violation.severity);
    return out;
}

bool rejects(const std::vector<Violation>& violations, std::string_view rule) {
    return says(violations, rule).contains(Severity::reject);
}

bool warns(const std::vector<Violation>& violations, std::string_view rule) {
    return says(violations, rule).contains(Severity::warn);
}

Day& first_day(Program& program) {
    return program.phases[0].weeks[0].days[0];
}
PlannedExercise& first_lift(Program& program) {
    return first_day(program).exercises[0];
}

void each_lift(Week& week, const std::function<void(PlannedExercise&)>& change) {
    for (Day& day : week.days)
        for (PlannedExercise& exercise : day.exercises) change(exercise);
}

/// A way to spoil the good program, the rule that must say so, and how.
struct Case {
    std::string rule;
    std::string path;
    Severity at_full;
    enum class AtBasic { rejects, warns, silent } at_basic;
    std::function<void(Program&)> spoil;
};

using enum Severity;
constexpr auto rejects_too = Case::AtBasic::rejects;
constexpr auto only_warns = Case::AtBasic::warns;
constexpr auto is_silent = Case::AtBasic::silent;

std::string first = "/phases/0/weeks/0/days/0";

const std::vector<Case>& cases() {
    static const std::vector<Case> all = {
        {"weeks_add_up", "/durationWeeksTotal", reject, rejects_too, [](Program& p) { p.weeks_planned = 5; }},
        {"weeks_add_up", "/phases/0/durationWeeks", reject, rejects_too,
         [](Program& p) { p.phases[0].weeks_planned = 0; }},
        {"weeks_add_up", "/phases/1/weeks", reject, rejects_too,
         [](Program& p) { p.phases[1].weeks.pop_back(); }},
        {"weeks_add_up", "/phases/1/phaseNumber", reject, rejects_too,
         [](Program& p) { p.phases[1].number = 1; }},
        {"weeks_granted", "/durationWeeksTotal", reject, rejects_too,
         [](Program& p) { p.phases.pop_back(), p.weeks_planned = 2; }},
        {"weeks_in_order", "/phases/0/weeks/1/weekNumber", reject, rejects_too,
         [](Program& p) { p.phases[0].weeks[1].number = 3; }},
        {"weeks_in_order", "/phases/0/weeks/0/weekInPhase", reject, rejects_too,
         [](Program& p) { p.phases[0].weeks[0].in_phase = 2; }},
        {"names", "/programName", reject, rejects_too, [](Program& p) { p.name = " "; }},
        {"names", "/phases/0/weeks/0/days/0/exercises/0/name", reject, rejects_too,
         [](Program& p) { first_lift(p).name = ""; }},
        {"days_in_week", "/trainingFrequency", reject, rejects_too, [](Program& p) { p.frequency = 8; }},
        {"days_in_week", "/phases/0/weeks/0/days/0/dayOfWeek", reject, rejects_too,
         [](Program& p) { first_day(p).day_of_week = 8; }},
        {"days_in_week", "/phases/0/weeks/0/days/1/dayOfWeek", reject, rejects_too,
         [](Program& p) { p.phases[0].weeks[0].days[1].day_of_week = 1; }},
        {"days_in_week", "/phases/0/weeks/0/days/0/isRestDay", reject, rejects_too,
         [](Program& p) { first_day(p).rest_day = true; }},
        {"days_in_week", "/phases/0/weeks/0/days/0/estimatedDurationMinutes", reject, rejects_too,
         [](Program& p) { first_day(p).minutes = 14; }},
        {"days_in_week", "/phases/0/weeks/0/days", reject, rejects_too,
         [](Program& p) { p.phases[0].weeks[0].days.clear(); }},
        {"prescription", "/phases/0/weeks/0/days/0/exercises/0/sets", reject, rejects_too,
         [](Program& p) { first_lift(p).sets = 0; }},
        {"prescription", "/phases/0/weeks/0/days/0/exercises/0/sets", reject, rejects_too,
         [](Program& p) { first_lift(p).sets = 11; }},
        {"prescription", "/phases/0/weeks/0/days/0/exercises/0/reps", reject, rejects_too,
         [](Program& p) { first_lift(p).reps = "31"; }},
        {"prescription", "/phases/0/weeks/0/days/0/exercises/0/reps", reject, rejects_too,
         [](Program& p) { first_lift(p).reps = "0"; }},
        {"prescription", "/phases/0/weeks/0/days/0/exercises/0/reps", reject, rejects_too,
         [](Program& p) { first_lift(p).reps = "some"; }},
        {"prescription", "/phases/0/weeks/0/days/0/exercises/0/rpe", reject, rejects_too,
         [](Program& p) { first_lift(p).rpe = 10.5; }},
        {"prescription", "/phases/0/weeks/0/days/0/exercises/0/rest", reject, rejects_too,
         [](Program& p) { first_lift(p).rest = "10 s"; }},
        {"prescription", "/phases/0/weeks/0/days/0/exercises/0/rest", reject, rejects_too,
         [](Program& p) { first_lift(p).rest = "6 min"; }},
        {"days_available", "/phases/0/weeks/0/days", reject, rejects_too,
         [](Program& p) {
             Day extra = fixture::day(7, 7);
             extra.exercises = {fixture::lift("Dumbbell Curl", 1, 7, "", "Anchor_Lift")};
             p.phases[0].weeks[0].days.push_back(extra);
         }},
        {"days_available", "/phases/0/weeks/0/days", warn, only_warns,
         [](Program& p) { p.phases[0].weeks[0].days.pop_back(); }},
        {"volume_ceiling", "/phases/0/weeks/0", reject, rejects_too,
         [](Program& p) { each_lift(p.phases[0].weeks[0], [](auto& lift) { lift.sets = 9; }); }},
        {"load_step", "/phases/0/weeks/1/days/0/exercises/0/weight", reject, rejects_too,
         [](Program& p) {
             for (Day& day : p.phases[0].weeks[1].days) day.exercises[0].weight = "90 kg";
         }},
        {"rest_day", "/phases/0/weeks/0/days", reject, rejects_too,
         [](Program& p) {
             Day light;
             light.exercises = {fixture::lift("Dumbbell Curl", 1, 7, "", "Anchor_Lift")};
             for (int day : {2, 4, 6, 7}) {
                 light.day_of_week = day;
                 p.phases[0].weeks[0].days.push_back(light);
             }
         }},
        {"muscle_recovery", "/phases/0/weeks/0/days/1", reject, only_warns,
         [](Program& p) { p.phases[0].weeks[0].days[1].day_of_week = 2; }},
        {"muscle_recovery", "/phases/0/weeks/1/days/0", reject, only_warns,
         [](Program& p) { p.phases[0].weeks[0].days[2].day_of_week = 7; }},
        {"session_length", "/phases/0/weeks/0/days/0", reject, only_warns,
         [](Program& p) { each_lift(p.phases[0].weeks[0], [](auto& lift) { lift.rest = "300 s"; }); }},
        {"session_length", "/phases/0/weeks/0/days/0/estimatedDurationMinutes", reject, only_warns,
         [](Program& p) { first_day(p).minutes = 70; }},
        {"volume_step", "/phases/0/weeks/1", reject, only_warns,
         [](Program& p) { each_lift(p.phases[0].weeks[1], [](auto& lift) { lift.sets = 5; }); }},
        {"volume_step", "/phases/0/weeks/1", warn, only_warns,
         [](Program& p) {
             for (int day : {0, 1})
                 p.phases[0].weeks[1].days[static_cast<std::size_t>(day)].exercises[0].sets = 6;
         }},
        {"description", "/description", reject, only_warns, [](Program& p) { p.description = "Short."; }},
        {"enhanced_blocks", "/rationale", reject, is_silent, [](Program& p) { p.rationale = ""; }},
        {"enhanced_blocks", "/periodizationModel", reject, is_silent,
         [](Program& p) { p.periodization_model = ""; }},
        {"enhanced_blocks", "/periodizationModel", warn, is_silent,
         [](Program& p) { p.periodization_model = "balanced_block"; }},
        {"enhanced_blocks", "/autoregulation", reject, is_silent, [](Program& p) { p.autoregulation = ""; }},
        {"enhanced_blocks", "/volumeDistribution", reject, is_silent,
         [](Program& p) { p.weekly_sets.reset(); }},
        {"phase_blocks", "/phases/0/adaptation", reject, is_silent,
         [](Program& p) { p.phases[0].adaptation = ""; }},
        {"phase_blocks", "/phases/1/progressionStrategy", reject, is_silent,
         [](Program& p) { p.phases[1].progression = ""; }},
        {"work_every_day", "/phases/0/weeks/0/days/3/exercises", reject, only_warns,
         [](Program& p) {
             Day empty;
             empty.day_of_week = 7;
             p.phases[0].weeks[0].days.push_back(empty);
         }},
        {"anchor_lift", "/phases/0/weeks/0/days/0/exercises", reject, is_silent,
         [](Program& p) { first_lift(p).category = "Compound"; }},
        {"volume_minimum", "/phases/0/weeks/0", reject, only_warns,
         [](Program& p) { each_lift(p.phases[0].weeks[0], [](auto& lift) { lift.sets = 2; }); }},
        {"volume_landmarks", "/phases/0/weeks/0", reject, only_warns,
         [](Program& p) { each_lift(p.phases[0].weeks[0], [](auto& lift) { lift.sets = 8; }); }},
        {"effort_by_phase", "/phases/1/weeks/0", reject, is_silent,
         [](Program& p) {
             for (Week& week : p.phases[1].weeks) each_lift(week, [](auto& lift) { lift.rpe = 7; });
         }},
        {"effort_in_deload", "/phases/1/weeks/1", reject, is_silent,
         [](Program& p) { p.phases[1].weeks[1].deload = true; }},
        {"deload_halves", "/phases/1/weeks/1", warn, only_warns,
         [](Program& p) { p.phases[1].weeks[1].deload = true; }},
        {"volume_as_stated", "/volumeDistribution/chest", warn, is_silent,
         [](Program& p) { (*p.weekly_sets)[Muscle::chest] = 20; }},
        {"push_pull_balance", "/phases", warn, only_warns,
         [](Program& p) {
             for (Phase& phase : p.phases)
                 for (Week& week : phase.weeks)
                     for (Day& day : week.days) day.exercises[2].sets = 2;
         }},
        {"exercise_order", "/phases/0/weeks/0/days/0/exercises/1", warn, is_silent,
         [](Program& p) {
             auto& lifts = first_day(p).exercises;
             lifts.insert(lifts.begin(), fixture::lift("Dumbbell Curl", 2, 7, "", "Isolation"));
         }},
        {"known_exercises", "/phases/0/weeks/0/days/0/exercises/3/name", warn, only_warns,
         [](Program& p) {
             first_day(p).exercises.push_back(fixture::lift("Zercher Wobble", 1, 7, "", "Isolation"));
         }},
    };
    return all;
}

/// A program of `weeks` weeks in one phase.
Program long_program(int weeks) {
    Program program = fixture::program();
    program.weeks_planned = weeks;
    program.phases.resize(1);
    program.phases[0].weeks_planned = weeks;
    program.phases[0].weeks.clear();
    for (int i = 1; i <= weeks; ++i) program.phases[0].weeks.push_back(fixture::week(i, i, 7));
    return program;
}

Profile hurt(Region region) {
    Profile profile = fixture::user();
    profile.injured = {region};
    profile.injuries_said = name(region);
    return profile;
}

/// The good program with its first lift called otherwise.
Program with_lift(std::string name) {
    Program program = fixture::program();
    first_lift(program).name = std::move(name);
    return program;
}

}  // namespace

TEST_CASE("a good program passes at every tier, with notes on the muscles it leaves alone and nothing else") {
    for (Tier tier : {Tier::full, Tier::simplified, Tier::basic})
        for (const Violation& violation : found(tier, fixture::program(), fixture::user())) {
            CAPTURE(violation.rule);
            CAPTURE(violation.message);
            CHECK(violation.rule == "volume_low");
            CHECK(violation.severity == Severity::warn);
        }
}

TEST_CASE("each rule finds the fault that it is there for, at its path, as strictly as its tier holds it") {
    for (const Case& c : cases()) {
        CAPTURE(c.rule);
        CAPTURE(c.path);
        Program program = fixture::program();
        c.spoil(program);
        auto full = found(Tier::full, program, fixture::user());
        CHECK(std::any_of(full.begin(), full.end(), [&](const Violation& violation) {
            return violation.rule == c.rule && violation.path == c.path && violation.severity == c.at_full;
        }));
        CHECK(says(found(Tier::simplified, program, fixture::user()), c.rule) == says(full, c.rule));
        auto basic = found(Tier::basic, program, fixture::user());
        CHECK(rejects(basic, c.rule) == (c.at_basic == rejects_too));
        if (c.at_basic == only_warns) CHECK(warns(basic, c.rule));
        if (c.at_basic == is_silent) CHECK(says(basic, c.rule).empty());
    }
}

TEST_CASE("an exercise that an injury rules out is rejected at every tier, known to the catalogue or not") {
    struct Pair {
        Region region;
        std::string exercise;
    };
    const Pair pairs[] = {
        {Region::knee, "Barbell Back Squat"},
        {Region::knee, "Wobbling Moon Squat"},
        {Region::knee, "Wobbling Jump"},
        {Region::knee, "Curtsy Wobble Lunge"},
        {Region::shoulder, "Wobble Overhead Press"},
        {Region::lower_back, "Wobble Deadlift"},
        {Region::shoulder, "Barbell Overhead Press"},
    };
    for (const Pair& pair : pairs) {
        CAPTURE(pair.exercise);
        for (Tier tier : {Tier::full, Tier::simplified, Tier::basic})
            CHECK(rejects(found(tier, with_lift(pair.exercise), hurt(pair.region)), "injuries"));
        CHECK(says(found(Tier::full, with_lift(pair.exercise), fixture::user()), "injuries").empty());
    }
}

TEST_CASE("warm-ups and cool-downs are held to injuries and equipment too") {
    Program program = fixture::program();
    first_day(program).warm_up = {"2 minutes of jump rope"};
    CHECK(rejects(found(Tier::basic, program, hurt(Region::ankle)), "injuries"));
    Profile at_home = fixture::user();
    at_home.equipment = {Equipment::bodyweight};
    first_day(program).warm_up = {"5 minutes on the treadmill"};
    CHECK(rejects(found(Tier::basic, program, at_home), "equipment"));
}

TEST_CASE("equipment that the user does not have is rejected at every tier, known exercise or not") {
    Profile at_home = fixture::user();
    at_home.equipment = {Equipment::bodyweight, Equipment::dumbbells};
    for (std::string exercise : {"Barbell Back Squat", "Wobble Barbell Thing", "Cable Wobble",
                                 "Wobble Machine", "Wobbling Leg Press", "Wobble Pulldown"}) {
        CAPTURE(exercise);
        for (Tier tier : {Tier::full, Tier::simplified, Tier::basic})
            CHECK(rejects(found(tier, with_lift(exercise), at_home), "equipment"));
    }
    Program program = with_lift("Goblet Squat");
    auto violations = found(Tier::full, program, at_home);
    CHECK(std::none_of(violations.begin(), violations.end(), [](const Violation& violation) {
        return violation.path == first + "/exercises/0" && violation.rule == "equipment";
    }));
}

TEST_CASE("an injury in words we do not know is noted") {
    Profile profile = fixture::user();
    profile.injuries_said = "болит колено";
    CHECK(warns(found(Tier::basic, fixture::program(), profile), "injuries_understood"));
    CHECK_FALSE(warns(found(Tier::basic, fixture::program(), fixture::user()), "injuries_understood"));
}

TEST_CASE("an unknown exercise counts for nothing") {
    Program program = fixture::program();
    for (Phase& phase : program.phases)
        for (Week& week : phase.weeks) each_lift(week, [](auto& lift) { lift.name = "Zercher Wobble"; });
    CHECK(rejects(found(Tier::full, program, fixture::user()), "volume_minimum"));
    CHECK_FALSE(rejects(found(Tier::basic, program, fixture::user()), "volume_ceiling"));
}

TEST_CASE("hard lifts count whatever their category says") {
    Program program = fixture::program();
    each_lift(program.phases[0].weeks[0], [](auto& lift) {
        lift.sets = 9;
        lift.category = "Mobility";
    });
    CHECK(rejects(found(Tier::basic, program, fixture::user()), "volume_ceiling"));
}

TEST_CASE("each weak point needs an intervention that names it") {
    Profile profile = fixture::user();
    profile.maxima = {150, 110, 200, 70};  // a weak horizontal press
    Program program = fixture::program();
    CHECK(rejects(found(Tier::full, program, profile), "interventions"));
    CHECK_FALSE(rejects(found(Tier::basic, program, profile), "interventions"));
    program.interventions = {{"Horizontal press", "One more bench session a week"}};
    CHECK_FALSE(rejects(found(Tier::full, program, profile), "interventions"));
}

TEST_CASE("five loading weeks in a row draw a note, and a deload after four draws none") {
    Profile profile = fixture::user();
    profile.goal = Goal::weight_loss;  // five weeks
    Program program = long_program(5);
    CHECK(warns(found(Tier::full, program, profile), "deload_due"));
    Week& last = program.phases[0].weeks[4];
    last.deload = true;
    each_lift(last, [](auto& lift) { lift.sets = 2, lift.rpe = 6; });
    auto violations = found(Tier::full, program, profile);
    CHECK(says(violations, "deload_due").empty());
    CHECK(says(violations, "deload_halves").empty());
    CHECK(says(violations, "effort_in_deload").empty());
    CHECK(says(violations, "volume_minimum").empty());
}

TEST_CASE("calling the first week a deload does not spare it the minimum") {
    Program program = fixture::program();
    Week& week = program.phases[0].weeks[0];
    week.deload = true;
    each_lift(week, [](auto& lift) { lift.sets = 1; });
    CHECK(rejects(found(Tier::full, program, fixture::user()), "volume_minimum"));
}

TEST_CASE("a deload does not lower what the next loads and sets are measured by") {
    Program program = long_program(4);
    Week& deload = program.phases[0].weeks[2];
    deload.deload = true;
    each_lift(deload, [](auto& lift) { lift.sets = 2, lift.rpe = 5, lift.weight = "40 kg"; });
    auto violations = found(Tier::full, program, fixture::user());
    CHECK(says(violations, "load_step").empty());
    CHECK(says(violations, "volume_step").empty());
}

TEST_CASE("the smallest plate may always be added") {
    Program program = fixture::program();
    for (std::size_t w : {0u, 1u})
        for (Day& day : program.phases[0].weeks[w].days)
            day.exercises[0].weight = w == 0 ? "10 kg" : "12.5 kg";
    program.phases[1].weeks[0].days = program.phases[1].weeks[1].days = {fixture::day(1, 8)};
    CHECK(says(found(Tier::full, program, fixture::user()), "load_step").size() == 1);  // 12.5 to 80
    for (Week& week : program.phases[1].weeks)
        for (Day& day : week.days) day.exercises[0].weight = "15 kg";
    CHECK(says(found(Tier::full, program, fixture::user()), "load_step").empty());
}

TEST_CASE("curls and extensions may follow each other on two days") {
    Program program = fixture::program();
    Profile profile = fixture::user();
    profile.days = 5;
    auto with = [](int day, const char* exercise) {
        Day out;
        out.day_of_week = day;
        out.exercises = {fixture::lift(exercise, 4, 7, "", "Anchor_Lift")};
        return out;
    };
    Week& week = program.phases[0].weeks[0];
    week.days = {with(1, "Dumbbell Curl"), with(2, "Skull Crusher")};
    CHECK(says(found(Tier::full, program, profile), "muscle_recovery").empty());
    week.days = {with(1, "Dumbbell Curl"), with(2, "Hammer Curl")};
    CHECK(rejects(found(Tier::full, program, profile), "muscle_recovery"));
}

TEST_CASE("a day of cardio needs no anchor, no counted repetitions and no rest between sets") {
    Program program = fixture::program();
    PlannedExercise cardio = fixture::lift("Treadmill Run", 1, 6, "", "Cardio");
    cardio.reps = "20 min";
    cardio.rest = "none";
    first_day(program).exercises = {cardio};
    Profile profile = fixture::user();
    profile.equipment.insert(Equipment::cardio_machine);
    auto violations = found(Tier::full, program, profile);
    CHECK(says(violations, "anchor_lift").empty());
    CHECK(says(violations, "prescription").empty());
}

TEST_CASE("a program of hostile size is refused by its bounds alone") {
    auto only_bounds = [](const Program& program) {
        auto violations = found(Tier::basic, program, fixture::user());
        CHECK(violations.size() <= 100);
        return !violations.empty() &&
               std::all_of(violations.begin(), violations.end(), [](const Violation& v) {
                   return v.rule == "bounds" && v.severity == Severity::reject;
               });
    };
    Program program = fixture::program();
    program.phases.assign(17, program.phases[0]);
    CHECK(only_bounds(program));
    program = fixture::program();
    program.phases.clear();
    CHECK(only_bounds(program));
    program = fixture::program();
    program.phases[0].weeks.assign(13, fixture::week(1, 1, 7));
    CHECK(only_bounds(program));
    program = fixture::program();
    program.phases[0].weeks[0].days.assign(8, fixture::day(1, 7));
    CHECK(only_bounds(program));
    program = fixture::program();
    first_day(program).exercises.assign(26, first_lift(program));
    CHECK(only_bounds(program));
    CHECK(only_bounds(with_lift(std::string(201, 'x'))));
    program = fixture::program();
    program.tags.assign(100'000, "tag");
    CHECK(only_bounds(program));
    program = fixture::program();
    first_day(program).warm_up.assign(30, std::string(5000, 'x'));
    CHECK(only_bounds(program));
}

}  // namespace rules_test
