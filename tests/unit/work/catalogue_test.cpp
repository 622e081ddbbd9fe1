#include "work/training_program/catalogue.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

namespace spotter::work::training {
namespace {

constexpr Region regions[] = {Region::neck,  Region::shoulder,   Region::elbow,
                              Region::wrist, Region::upper_back, Region::lower_back,
                              Region::hip,   Region::knee,       Region::ankle};

bool trains(const Exercise& exercise, Muscle muscle) {
    return std::find(exercise.primary.begin(), exercise.primary.end(), muscle) != exercise.primary.end();
}

/// What somebody with no equipment, hurt in `injured`, can do for `muscle`.
int count_for(Muscle muscle, SetOf<Region> injured, bool hard_only) {
    return static_cast<int>(
        std::count_if(catalogue().begin(), catalogue().end(), [&](const Exercise& exercise) {
            return trains(exercise, muscle) && can_do(exercise, {Equipment::bodyweight}) &&
                   !exercise.contraindicated.intersects(injured) && (is_hard(exercise) || !hard_only);
        }));
}

std::string_view called(std::string_view name) {
    const Exercise* exercise = exercise_named(name);
    return exercise ? std::string_view(exercise->name) : "nothing";
}

TEST_CASE("the catalogue knows at least 120 exercises, each under one name") {
    std::set<std::string> names;
    for (const Exercise& exercise : catalogue()) names.insert(exercise.name);
    CHECK(names.size() >= 120);
    CHECK(names.size() == catalogue().size());
}

TEST_CASE("every exercise's entry is complete and consistent") {
    for (const Exercise& exercise : catalogue()) {
        CAPTURE(exercise.name);
        CHECK_FALSE(exercise.name.empty());
        CHECK_FALSE(exercise.equipment.empty());
        for (SetOf<Equipment> needed : exercise.equipment) CHECK_FALSE(needed.empty());
        CHECK((!is_hard(exercise) || !exercise.primary.empty()));
        for (Muscle muscle : exercise.secondary) CHECK_FALSE(trains(exercise, muscle));
        CHECK((exercise.load_factor > 0) == !exercise.load_of.empty());
        CHECK(exercise.load_factor <= 1.1);
        CHECK((!exercise.unloaded || exercise.load_factor == 0));
        if (!exercise.load_of.empty())
            CHECK(std::set<std::string>{"squat", "bench", "deadlift", "overhead"}.contains(exercise.load_of));
    }
}

TEST_CASE("every exercise is found by its name and by each of its aliases") {
    for (const Exercise& exercise : catalogue()) {
        CAPTURE(exercise.name);
        CHECK(exercise_named(exercise.name) == &exercise);
        for (const std::string& alias : exercise.aliases) {
            CAPTURE(alias);
            CHECK(exercise_named(alias) == &exercise);
        }
    }
}

TEST_CASE("a name is recognised however it is written") {
    CHECK(called("barbell BACK squats") == "Barbell Back Squat");
    CHECK(called("Squat, Barbell Back") == "Barbell Back Squat");
    CHECK(called("pushups") == "Push-Up");
    CHECK(called("Push\u2013Ups") == "Push-Up");
    CHECK(called("Farmer\u2019s Walks") == "Farmer's Carry");
    CHECK(called("DB Bench Press") == "Dumbbell Bench Press");
    CHECK(called("Single-Arm Dumbbell Row") == "One-Arm Dumbbell Row");
    CHECK(called("Romanian Deadlift (RDL)") == "Romanian Deadlift");
    CHECK(called("Lat Pull-Down (cable)") == "Lat Pulldown");
    CHECK(called("Bulgarian Split Squat (each leg)") == "Bulgarian Split Squat");
    CHECK(called("Bulgarian Split Squat per leg") == "Bulgarian Split Squat");
    CHECK(called("Bench Press (Dumbbell)") == "Dumbbell Bench Press");
    CHECK(called("Plank (20 seconds)") == "Plank");
}

TEST_CASE("a name that could mean another exercise is not guessed") {
    CHECK(exercise_named("") == nullptr);
    CHECK(exercise_named("()") == nullptr);
    CHECK(exercise_named("Underwater Basket Weaving") == nullptr);
    CHECK(exercise_named("Press") == nullptr);
    CHECK(exercise_named("Row") == nullptr);
    CHECK(exercise_named("Bench Press (kettlebell)") == nullptr);
    CHECK(exercise_named("Squat (overhead)") == nullptr);
    CHECK(exercise_named("Weighted Pull-Up") == nullptr);
    CHECK(exercise_named("Push-Up or Bench Press") == nullptr);
    CHECK(exercise_named(std::string(100'000, 'x')) == nullptr);
    CHECK(called("Squat (jump)") == "Squat Jump");
    CHECK(called("Leg Curl") == "Lying Leg Curl");
    CHECK(called("Leg Press Calf Raise") == "Leg Press Calf Raise");
}

TEST_CASE("an exercise asks for all the equipment of one of its alternatives") {
    const Exercise* bench = exercise_named("Bench Press");
    REQUIRE(bench);
    CHECK_FALSE(can_do(*bench, {Equipment::bodyweight, Equipment::barbell}));
    CHECK(can_do(*bench, {Equipment::bodyweight, Equipment::barbell, Equipment::bench}));
    const Exercise* pulldown = exercise_named("Lat Pulldown");
    REQUIRE(pulldown);
    CHECK(can_do(*pulldown, {Equipment::machines}));
    CHECK(can_do(*pulldown, {Equipment::cable}));
    CHECK_FALSE(can_do(*pulldown, {Equipment::bands}));
}

TEST_CASE("every muscle has hard work for somebody without equipment, and a beginner's at that") {
    for (Muscle muscle : muscles) {
        CAPTURE(name(muscle));
        CHECK(count_for(muscle, {}, true) >= 2);
        CHECK(std::any_of(catalogue().begin(), catalogue().end(), [&](const Exercise& exercise) {
            return trains(exercise, muscle) && is_hard(exercise) && exercise.from == Level::beginner &&
                   can_do(exercise, {Equipment::bodyweight});
        }));
    }
}

TEST_CASE("every movement has a bodyweight form") {
    for (Pattern pattern : {Pattern::squat,
                            Pattern::hinge,
                            Pattern::lunge,
                            Pattern::horizontal_push,
                            Pattern::vertical_push,
                            Pattern::horizontal_pull,
                            Pattern::vertical_pull,
                            Pattern::knee_extension,
                            Pattern::knee_flexion,
                            Pattern::hip_extension,
                            Pattern::elbow_flexion,
                            Pattern::elbow_extension,
                            Pattern::shoulder_isolation,
                            Pattern::chest_isolation,
                            Pattern::calf_raise,
                            Pattern::trunk_flexion,
                            Pattern::trunk_stability,
                            Pattern::trunk_rotation,
                            Pattern::jump,
                            Pattern::cardio,
                            Pattern::mobility}) {
        CAPTURE(static_cast<int>(pattern));
        CHECK(std::any_of(catalogue().begin(), catalogue().end(), [&](const Exercise& exercise) {
            return exercise.pattern == pattern && can_do(exercise, {Equipment::bodyweight});
        }));
    }
}

TEST_CASE("something is left for every muscle whatever hurts, without equipment") {
    for (unsigned hurt = 0; hurt < 1u << std::size(regions); ++hurt) {
        SetOf<Region> injured;
        for (std::size_t i = 0; i < std::size(regions); ++i)
            if (hurt >> i & 1) injured.insert(regions[i]);
        CAPTURE(hurt);
        for (Muscle muscle : muscles) CHECK(count_for(muscle, injured, false) >= 1);
    }
}

TEST_CASE("an injury rules out what loads it") {
    struct Case {
        Region region;
        std::vector<std::string_view> names;
    };
    const Case cases[] = {
        {Region::shoulder,
         {"Bench Press", "Overhead Press", "Dip", "Pull-Up", "Push-Up", "Back Squat", "Lateral Raise"}},
        {Region::knee,
         {"Back Squat", "Lunge Dumbbell", "Leg Extension", "Box Jump", "Pistol Squat", "Leg Press"}},
        {Region::lower_back,
         {"Deadlift", "Good Morning", "Bent-Over Row", "Back Squat", "Crunch", "Kettlebell Swing"}},
        {Region::wrist, {"Push-Up", "Bench Press", "Front Squat", "Handstand Push-Up", "Barbell Curl"}},
        {Region::elbow, {"Skull Crusher", "Dip", "Chin-Up", "Dumbbell Curl", "Close-Grip Bench Press"}},
        {Region::hip, {"Back Squat", "Deadlift", "Hip Thrust", "Reverse Lunge", "Hanging Leg Raise"}},
        {Region::ankle, {"Calf Raise", "Squat Jump", "Pogo Hop", "Run", "Back Squat"}},
        {Region::neck, {"Back Squat", "Overhead Press", "Crunch", "Deadlift"}},
        {Region::upper_back, {"Back Squat", "Barbell Row", "Deadlift", "Pull-Up", "Overhead Press"}},
    };
    for (const Case& c : cases)
        for (std::string_view written : c.names) {
            CAPTURE(written);
            const Exercise* exercise = exercise_named(written);
            REQUIRE(exercise);
            CHECK(exercise->contraindicated.contains(c.region));
        }
}

}  // namespace
}  // namespace spotter::work::training
