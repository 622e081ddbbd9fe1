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

Claim oldest(double seconds) {
    Claim claim;
    claim.oldest = Seconds(seconds);
    return claim;
}

}  // namespace

TEST_CASE("the first look is at everything") {
    CHECK_FALSE(Horizon().since(noon).has_value());
}

TEST_CASE("after a look that found nothing the next begins a second before it") {
    Horizon horizon;
    horizon.looked(Look{}, Claim{}, noon);
    CHECK(horizon.since(noon + 100ms).value().count() == doctest::Approx(1.1));
}

TEST_CASE("with a backlog looks begin at its oldest row") {
    Horizon horizon;
    horizon.looked(Look{}, oldest(600), noon);
    CHECK(horizon.since(noon + 1s).value().count() == doctest::Approx(602));
    horizon.looked(Look{.since = Seconds(602)}, oldest(500), noon + 1s);
    CHECK(horizon.since(noon + 2s).value().count() == doctest::Approx(502));
}

TEST_CASE("every few seconds everything is looked at, for what a slow transaction brought") {
    Horizon horizon;
    horizon.looked(Look{}, Claim{}, noon);
    horizon.looked(Look{.since = Seconds(1)}, Claim{}, noon + 4s);
    CHECK(horizon.since(noon + 4500ms).has_value());
    CHECK_FALSE(horizon.since(noon + 6s).has_value());
}

TEST_CASE("what is forgotten during a look stays forgotten after it") {
    Horizon horizon;
    horizon.looked(Look{}, Claim{}, noon);
    horizon.forget();
    horizon.looked(Look{.since = Seconds(1)}, Claim{}, noon + 1s);
    CHECK_FALSE(horizon.since(noon + 1s).has_value());
    CHECK(horizon.next_whole_look() == noon + 200ms);
}

}  // namespace horizon_test
