#include "pipeline/horizon.hpp"

#include <doctest/doctest.h>

namespace horizon_test {

using namespace std::chrono_literals;
using spotter::pipeline::Horizon;
using spotter::queue::Claim;
using spotter::queue::Look;
using spotter::queue::Seconds;

namespace {

constexpr Horizon::Clock::time_point noon{1000h};
const Look whole{};
const Look partial{.since = Seconds(1)};

Claim oldest(double seconds) {
    Claim claim;
    claim.oldest = Seconds(seconds);
    return claim;
}

/// After a look at everything that found nothing, at noon, and took so long.
Horizon looked_at_noon(Horizon::Clock::duration took = 1ms) {
    Horizon horizon;
    horizon.looked(whole, Claim{}, noon, noon + took);
    return horizon;
}

}  // namespace

TEST_CASE("the first look is at everything") {
    CHECK_FALSE(Horizon().since(noon).has_value());
}

TEST_CASE("after a look that found nothing the next begins a second before it") {
    CHECK(looked_at_noon().since(noon + 100ms).value().count() == doctest::Approx(1.1));
}

TEST_CASE("with a backlog looks begin at its oldest row") {
    Horizon horizon;
    horizon.looked(whole, oldest(600), noon, noon);
    CHECK(horizon.since(noon + 1s).value().count() == doctest::Approx(602));
    horizon.looked(partial, oldest(500), noon + 1s, noon + 1s);
    CHECK(horizon.since(noon + 2s).value().count() == doctest::Approx(502));
}

TEST_CASE("every few seconds everything is looked at, for what a slow transaction brought") {
    Horizon horizon = looked_at_noon();
    horizon.looked(partial, Claim{}, noon + 4s, noon + 4s);
    CHECK(horizon.since(noon + 4500ms).has_value());
    CHECK_FALSE(horizon.since(noon + 6s).has_value());
}

TEST_CASE("of looks at the same time one is at everything") {
    Horizon horizon = looked_at_noon();
    CHECK_FALSE(horizon.since(noon + 6s).has_value());
    CHECK(horizon.since(noon + 7s).has_value());
    horizon.looked(whole, Claim{}, noon + 6s, noon + 8s);
    CHECK(horizon.since(noon + 20s).has_value());
}

TEST_CASE(
    "a look at everything that takes long is made seldom, whatever was forgotten, and is made in the end") {
    Horizon horizon = looked_at_noon(10s);
    horizon.forget(noon + 20s);
    CHECK(horizon.since(noon + 209s).has_value());
    CHECK(horizon.owed() == noon + 210s);
    CHECK_FALSE(horizon.since(noon + 210s).has_value());
}

TEST_CASE("what is forgotten is looked for by the next look at everything, which owes nothing more") {
    Horizon horizon = looked_at_noon();
    CHECK_FALSE(horizon.owed().has_value());
    horizon.forget(noon + 1s);
    CHECK(horizon.owed() == noon + 200ms);
    CHECK_FALSE(horizon.since(noon + 1s).has_value());
    horizon.looked(whole, Claim{}, noon + 1s + 1ms, noon + 1s + 2ms);
    CHECK_FALSE(horizon.owed().has_value());
    CHECK(horizon.since(noon + 2s).has_value());
}

TEST_CASE("what is forgotten during a look stays forgotten after it, whether it was at everything or not") {
    for (const Look& look : {partial, whole}) {
        Horizon horizon = looked_at_noon();
        horizon.forget(noon + 2s);
        horizon.looked(look, Claim{}, noon + 1s, noon + 2s + 1ms);
        CHECK(horizon.owed().has_value());
        CHECK_FALSE(horizon.since(noon + 30s).has_value());
    }
}

TEST_CASE(
    "where turns take long, they rest for longer than they took, and a look without turns changes nothing") {
    Horizon horizon = looked_at_noon();
    const Look by_age{.by_turns = 0, .since = Seconds(1)};
    CHECK(horizon.turns(noon));
    horizon.looked(partial, Claim{}, noon, noon + 40ms);
    CHECK(horizon.turns(noon + 40ms));
    horizon.looked(partial, Claim{}, noon, noon + 250ms);
    horizon.looked(by_age, Claim{}, noon + 250ms, noon + 900ms);
    CHECK_FALSE(horizon.turns(noon + 1049ms));
    CHECK(horizon.turns(noon + 1050ms));
}

TEST_CASE("a look by turns that was given up rests them as well, though nothing else is known of it") {
    Horizon horizon;
    horizon.took_turns(whole, 30s, noon);
    CHECK_FALSE(horizon.turns(noon + 100s));
    CHECK(horizon.turns(noon + 120s));
    CHECK_FALSE(horizon.since(noon).has_value());
}

TEST_CASE("who knows nothing any more looks at everything at once") {
    Horizon horizon = looked_at_noon(10s);
    horizon.reset();
    CHECK_FALSE(horizon.since(noon + 11s).has_value());
}

}  // namespace horizon_test
