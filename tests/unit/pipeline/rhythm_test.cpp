#include "pipeline/rhythm.hpp"

#include <doctest/doctest.h>

namespace rhythm_test {

using namespace std::chrono_literals;
using spotter::pipeline::Rhythm;
using Bell = Rhythm::Bell;

namespace {

constexpr Rhythm::Looked found{.found = true, .slots_free = true};
constexpr Rhythm::Looked nothing{.slots_free = true};
constexpr Rhythm::Looked rung{.found = true, .slots_free = true, .rung = true};

/// A rhythm, and the time as it lets it pass.
struct Day {
    explicit Day(bool rings = true) : rhythm(5s, rings) {}
    Rhythm::Next look(Rhythm::Looked looked) {
        auto next = rhythm.after_look(looked, now);
        now += next.pause;
        return next;
    }
    /// Looks that find nothing, until the pause is as long as it gets; how often the bell was armed
    /// meanwhile.
    int fall_asleep() {
        int armed = 0;
        for (;;) {
            auto next = look(nothing);
            if (next.pause == 5s) return armed;
            armed += next.bell == Bell::arm;
        }
    }
    Rhythm rhythm;
    Rhythm::Clock::time_point now{};
};

}  // namespace

TEST_CASE("a busy worker looks again by itself and lets nobody ring") {
    Day day;
    for (int i = 0; i < 100; ++i) {
        auto next = day.look(i % 3 == 0 ? found : nothing);
        CHECK(next.bell == Bell::leave);
        CHECK(next.pause <= 10ms);
    }
}

TEST_CASE("after a tenth of a second without work the bell is armed, and then looked once more at once") {
    Day day;
    day.look(found);
    auto began = day.now;
    Rhythm::Next next{};
    do next = day.look(nothing);
    while (next.bell != Bell::arm);
    CHECK(next.pause == 0ms);
    CHECK(day.now - began >= 80ms);
    CHECK(day.now - began <= 150ms);
}

TEST_CASE("the looks after arming thin out, over as long as a slow commit takes") {
    Day day;
    day.look(found);
    CHECK(day.fall_asleep() == 1);
    CHECK(day.now.time_since_epoch() >= 1400ms + 5s);
}

TEST_CASE("a sleeper's bell is armed anew at every poll") {
    Day day;
    day.fall_asleep();
    CHECK(day.look(nothing).bell == Bell::arm);
    CHECK(day.look(nothing).pause == 5s);
}

TEST_CASE("who is rung for now and then goes on sleeping") {
    Day day;
    day.fall_asleep();
    for (int i = 0; i < 20; ++i) {
        auto next = day.look(rung);
        CHECK(next.bell == Bell::leave);
        CHECK(next.pause == 5s);
    }
}

TEST_CASE("who is rung for again and again disarms the bell and looks by itself") {
    Day day;
    day.fall_asleep();
    Rhythm::Next next{};
    int rings = 0;
    do {
        next = day.rhythm.after_look(rung, day.now += 1ms);
        ++rings;
    } while (next.bell != Bell::disarm && rings < 100);
    CHECK(rings == 5);
    CHECK(next.pause <= 5ms);
    CHECK_FALSE(day.rhythm.armed());
}

TEST_CASE("while all slots are taken nobody need ring, and what is cached is looked for") {
    Day day;
    day.fall_asleep();
    auto next = day.look({.found = false, .slots_free = false, .rung = true});
    CHECK(next.bell == Bell::disarm);
    CHECK(next.pause == 200ms);
    next = day.look({.found = false, .slots_free = false});
    CHECK(next.bell == Bell::leave);
    CHECK(next.pause == 200ms);
}

TEST_CASE("where nobody can ring the bell is left alone, and the poll goes on") {
    Day day(false);
    CHECK(day.fall_asleep() == 0);
    for (int i = 0; i < 5; ++i) CHECK(day.look(nothing).bell == Bell::leave);
}

TEST_CASE("after an outage the bell is armed anew") {
    Day day;
    day.fall_asleep();
    day.rhythm.forget();
    CHECK(day.fall_asleep() == 1);
}

TEST_CASE("what had to be left is looked at again soon, not at the next poll") {
    Day day;
    day.fall_asleep();
    CHECK(day.look({.found = true, .slots_free = true, .rung = true, .left = true}).pause == 200ms);
    CHECK(day.look({.slots_free = true, .left = true}).pause == 200ms);
}

TEST_CASE("who finds something that nobody rang for does not trust the bell") {
    Day day;
    day.fall_asleep();
    CHECK(day.look(found).bell == Bell::disarm);
    CHECK_FALSE(day.rhythm.armed());
    CHECK(day.fall_asleep() == 1);
}

}  // namespace rhythm_test
