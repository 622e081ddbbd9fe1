#include "work/training_program/analysis.hpp"

#include <doctest/doctest.h>

#include "base/json.hpp"
#include "training_fixture.hpp"

namespace analysis_test {

using namespace spotter::work::training;

namespace {

Analysis analysis_of(Level level, int days, int shortest_session) {
    Profile profile = fixture::user();
    profile.level = level;
    profile.days = days;
    profile.session = {shortest_session, shortest_session + 15};
    return analyse(profile);
}

Analysis lifting(double squat, double bench, double deadlift, double overhead) {
    Profile profile = fixture::user();
    profile.maxima = {squat, bench, deadlift, overhead};
    return analyse(profile);
}

}  // namespace

TEST_CASE("capacities follow from level, days and session length") {
    struct Case {
        Level level;
        int days, session;
        double training_age;
        int recovery, stress;
        double tolerance;
    };
    const Case cases[] = {
        {Level::beginner, 2, 30, 0.25, 3, 8, 1.1 * 0.7 * 0.7},
        {Level::beginner, 3, 45, 0.25, 6, 8, 1.1 * 1.0 * 0.7},
        {Level::intermediate, 4, 60, 1.25, 9, 6, 1.5 * 1.3 * 0.9},
        {Level::intermediate, 5, 30, 1.25, 6, 6, 1.5 * 1.0 * 0.9},
        {Level::advanced, 6, 75, 3, 9, 3, 1.8 * 1.3 * 1.0},
        {Level::advanced, 7, 30, 3, 6, 3, 1.8 * 1.0 * 1.0},
    };
    for (const Case& c : cases) {
        Analysis analysis = analysis_of(c.level, c.days, c.session);
        CAPTURE(c.days);
        CHECK(analysis.training_age == c.training_age);
        CHECK(analysis.recovery == c.recovery);
        CHECK(analysis.stress == c.stress);
        CHECK(analysis.tolerance == doctest::Approx(c.tolerance));
    }
}

TEST_CASE("landmarks are the base values times the tolerance, rounded") {
    Analysis low = analysis_of(Level::beginner, 2, 30);  // 0.539
    CHECK(low.landmarks[Muscle::chest].mev == 4);
    CHECK(low.landmarks[Muscle::chest].mav == 10);
    CHECK(low.landmarks[Muscle::chest].mrv == 14);
    CHECK(low.landmarks[Muscle::abs].mev == 0);
    Analysis high = analysis_of(Level::advanced, 6, 75);  // 2.34
    CHECK(high.landmarks[Muscle::back].mev == 23);
    CHECK(high.landmarks[Muscle::back].mav == 47);
    CHECK(high.landmarks[Muscle::back].mrv == 70);
}

TEST_CASE("weak points are looked for only when all four maxima are known") {
    Profile profile = fixture::user();
    profile.maxima = {100, 30, 200, std::nullopt};
    CHECK(analyse(profile).weak_points.empty());
}

TEST_CASE("a lift out of proportion is a weak point, and a high priority under nine tenths of its minimum") {
    CHECK(lifting(150, 120, 200, 72).weak_points.empty());

    auto press = lifting(150, 110, 200, 70).weak_points;  // 0.55 of 0.6
    REQUIRE(press.size() == 1);
    CHECK(press[0].name == "horizontal press");
    CHECK_FALSE(press[0].high_priority);

    auto chain = lifting(130, 120, 200, 72).weak_points;  // 0.65 of 0.75
    REQUIRE(chain.size() == 1);
    CHECK(chain[0].name == "posterior chain");
    CHECK(chain[0].high_priority);

    auto overhead = lifting(150, 120, 200, 50).weak_points;  // 0.417 of 0.6
    REQUIRE(overhead.size() == 1);
    CHECK(overhead[0].name == "vertical press");
    CHECK(overhead[0].high_priority);
}

TEST_CASE("the periodization model follows from the goal, and for some goals the level") {
    auto model = [](Goal goal, Level level) {
        Profile profile = fixture::user();
        profile.goal = goal;
        profile.level = level;
        return analyse(profile).model;
    };
    CHECK(model(Goal::strength_powerlifting, Level::advanced) == Periodization::strength_block);
    CHECK(model(Goal::strength_general, Level::beginner) == Periodization::strength_block);
    CHECK(model(Goal::muscle_hypertrophy, Level::advanced) == Periodization::hypertrophy_block);
    CHECK(model(Goal::general_fitness, Level::advanced) == Periodization::linear);
    CHECK(model(Goal::weight_loss, Level::beginner) == Periodization::linear);
    CHECK(model(Goal::weight_loss, Level::intermediate) == Periodization::balanced_block);
}

TEST_CASE("a program has one week without paid access, and else as many as its goal takes") {
    auto weeks = [](Goal goal, bool paid) {
        Profile profile = fixture::user();
        profile.goal = goal;
        profile.paid = paid;
        return analyse(profile).weeks;
    };
    CHECK(weeks(Goal::muscle_general, false) == 1);
    CHECK(weeks(Goal::general_fitness, true) == 4);
    CHECK(weeks(Goal::endurance_cardio, true) == 5);
    CHECK(weeks(Goal::weight_loss, true) == 5);
    CHECK(weeks(Goal::muscle_general, true) == 6);
    CHECK(weeks(Goal::recomposition, true) == 6);
}

TEST_CASE("the columns beside a program are JSON with the documented names") {
    Analysis analysis = lifting(150, 110, 200, 70);
    auto landmarks = spotter::json::parse(landmarks_json(analysis));
    REQUIRE(landmarks.has_value());
    CHECK((*landmarks)["chest"]["MEV"].GetInt() == analysis.landmarks[Muscle::chest].mev);
    CHECK(landmarks->MemberCount() == 9);
    auto weak = spotter::json::parse(weak_points_json(analysis));
    REQUIRE(weak.has_value());
    CHECK(spotter::json::text((*weak)[0], "weakPoint") == "horizontal press");
    CHECK(spotter::json::text((*weak)[0], "priority") == "moderate");
    auto user = spotter::json::parse(user_profile_json(analysis));
    REQUIRE(user.has_value());
    for (const char* key : {"trainingAge", "recoveryCapacity", "stressLevel", "volumeTolerance"})
        CHECK((*user)[key].IsNumber());
}

}  // namespace analysis_test
