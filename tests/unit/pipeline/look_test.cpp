#include "pipeline/look.hpp"

#include <doctest/doctest.h>

namespace look_test {

using namespace spotter;
using namespace spotter::pipeline;

namespace {

queue::Claim claim(int hits, int looked_at, int parked = 0) {
    return {{}, hits, parked, looked_at, {}, {}};
}

}  // namespace

TEST_CASE("many rows are looked at while most are cached, few more than slots otherwise") {
    CHECK(next_look(200, 4, true, true).batch == 200);
    CHECK(next_look(200, 4, false, true).batch == 16);
    CHECK(next_look(200, 100, false, true).batch == 100);
    CHECK(next_look(200, 1000, false, true).batch == 200);
    CHECK(next_look(8, 0, false, true).batch == 8);
}

TEST_CASE("most are cached where half need no slot, and as long as nothing was found") {
    CHECK(mostly_cached(claim(0, 0)));
    CHECK(mostly_cached(claim(200, 200)));
    CHECK(mostly_cached(claim(0, 200, 150)));
    CHECK_FALSE(mostly_cached(claim(0, 200)));
}

TEST_CASE("no more misses are claimed than there are free slots, nor than rows are looked at") {
    CHECK(next_look(200, 4, false, true).slots == 4);
    CHECK(next_look(200, -3, false, true).slots == 0);
    CHECK(next_look(8, 100, false, true).slots == 8);
}

TEST_CASE("half of the rows are found by turns, and an eighth while most are cached") {
    CHECK(next_look(200, 200, false, true).by_turns == 100);
    CHECK(next_look(200, 200, true, true).by_turns == 25);
}

TEST_CASE("turns rest while most are cached, and never while slots are at stake") {
    CHECK(next_look(200, 200, true, false).by_turns == 0);
    CHECK(next_look(200, 200, false, false).by_turns == 100);
}

TEST_CASE("a look is full when its first part is, and knows what it left behind") {
    queue::Look look{.batch = 16, .by_turns = 8};
    CHECK(is_full(claim(8, 8), look));
    CHECK_FALSE(is_full(claim(7, 7), look));
    look.by_turns = 2;
    CHECK(is_full(claim(14, 14), look));
    CHECK_FALSE(is_full(claim(13, 13), look));
    CHECK(left_behind(claim(3, 5, 2)) == 0);
    CHECK(left_behind(claim(3, 6, 2)) == 1);
}

}  // namespace look_test
