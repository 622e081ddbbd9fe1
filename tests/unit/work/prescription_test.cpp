#include "work/training_program/prescription.hpp"

#include <doctest/doctest.h>

#include "training_fixture.hpp"

namespace prescription_test {

using namespace spotter::work::training;

TEST_CASE("amounts are read as people write them") {
    struct Case {
        std::string text;
        Amount::Of of;
        double low, high;
        bool each_side;
    };
    const Case cases[] = {
        {"5", Amount::Of::reps, 5, 5, false},
        {"8-12", Amount::Of::reps, 8, 12, false},
        {"8–12 reps", Amount::Of::reps, 8, 12, false},
        {"12/10/8", Amount::Of::reps, 8, 12, false},
        {"10 each side", Amount::Of::reps, 10, 10, true},
        {"8 per leg", Amount::Of::reps, 8, 8, true},
        {"5 @ 80%", Amount::Of::reps, 5, 5, false},
        {"30 s", Amount::Of::seconds, 30, 30, false},
        {"30-45 seconds", Amount::Of::seconds, 30, 45, false},
        {"20 min", Amount::Of::seconds, 1200, 1200, false},
        {"1 min 30 s", Amount::Of::seconds, 90, 90, false},
        {"0:45", Amount::Of::seconds, 45, 45, false},
        {"40 m", Amount::Of::metres, 40, 40, false},
        {"2 km", Amount::Of::metres, 2000, 2000, false},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        auto amount = read_amount(c.text);
        REQUIRE(amount.has_value());
        CHECK(amount->of == c.of);
        CHECK(amount->low == c.low);
        CHECK(amount->high == c.high);
        CHECK(amount->each_side == c.each_side);
    }
    for (std::string text : {"AMRAP", "to failure", "max"}) CHECK(read_amount(text).value().open);
    for (std::string text : {"", "some", "70%"}) CHECK_FALSE(read_amount(text).has_value());
}

TEST_CASE("rests are seconds, whatever their unit") {
    struct Case {
        std::string text;
        double low, high;
    };
    for (const Case& c : {Case{"90", 90, 90}, Case{"90s", 90, 90}, Case{"60-90 sec", 60, 90},
                          Case{"2-3 min", 120, 180}, Case{"1.5 minutes", 90, 90}, Case{"2:30", 150, 150},
                          Case{"1 min 30 s", 90, 90}, Case{"none", 0, 0}}) {
        CAPTURE(c.text);
        auto rest = read_rest(c.text);
        REQUIRE(rest.has_value());
        CHECK(rest->low == c.low);
        CHECK(rest->high == c.high);
    }
    for (std::string text : {"", "as needed", "5 bananas"}) CHECK_FALSE(read_rest(text).has_value());
}

TEST_CASE("loads have a unit, and a range counts by its upper end") {
    CHECK(read_load("82.5 kg")->value == 82.5);
    CHECK(read_load("60-65kg")->value == 65);
    CHECK(read_load("185 lbs")->unit == Load::Unit::lb);
    CHECK(read_load("75% 1RM")->unit == Load::Unit::percent);
    CHECK(read_load("75% 1RM")->value == 75);
    for (std::string text : {"", "bodyweight", "RPE 8", "light"}) CHECK_FALSE(read_load(text).has_value());
}

TEST_CASE("a session's time is sets times work and rest, with a warm-up") {
    Limits limits;
    PlannedExercise squat = fixture::lift("Barbell Back Squat", 5, 8, "", "Compound");
    CHECK(seconds_of(squat, limits) == 5 * (8 * 4 + 120));
    squat.reps = "10 each side";
    CHECK(seconds_of(squat, limits) == 5 * (2 * 10 * 4 + 120));
    squat.reps = "30 s";
    squat.rest = "60-90 s";
    CHECK(seconds_of(squat, limits) == 5 * (30 + 75));
    Day day;
    CHECK(minutes_of(day, limits) == 0);
    day.exercises = {squat};
    CHECK(minutes_of(day, limits) == doctest::Approx(5 * 105 / 60.0 + limits.warm_up_minutes));
}

}  // namespace prescription_test
