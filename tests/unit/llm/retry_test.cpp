#include "llm/retry.hpp"

#include <doctest/doctest.h>

namespace retry_test {

using namespace spotter::llm;
using namespace std::chrono_literals;
using Kind = Failure::Kind;

namespace {

const RetryPolicy policy;

Failure of(Kind kind, std::optional<std::chrono::milliseconds> retry_after = {},
           std::optional<bool> should_retry = {}) {
    Failure failure;
    failure.kind = kind;
    failure.retry_after = retry_after;
    failure.should_retry = should_retry;
    return failure;
}

RetryDecision first(const Failure& failure) {
    return decide(failure, 0, policy, 0);
}

}  // namespace

TEST_CASE("own waits double up to eight seconds and are jittered down by at most a quarter") {
    const auto wait = [](int n, double jitter) {
        RetryPolicy many;
        many.retries = 100;
        return decide(of(Kind::overloaded), n, many, jitter).wait;
    };
    CHECK(wait(0, 0) == 500ms);
    CHECK(wait(1, 0) == 1s);
    CHECK(wait(3, 0) == 4s);
    CHECK(wait(4, 0) == 8s);
    CHECK(wait(99, 0) == 8s);
    CHECK(wait(0, 0.5) == 438ms);
    CHECK(wait(4, 0.999) > 6s);
}

TEST_CASE("what may pass is tried again, and then the next provider") {
    for (auto kind : {Kind::unreachable, Kind::rate_limited, Kind::overloaded}) {
        CHECK(decide(of(kind), 0, policy, 0) == RetryDecision{Step::retry, 500ms});
        CHECK(decide(of(kind), 2, policy, 0) == RetryDecision{Step::retry, 2s});
        CHECK(decide(of(kind), 3, policy, 0) == RetryDecision{Step::next_provider, 20s});
    }
}

TEST_CASE("what was probably paid for is tried once more") {
    CHECK(first(of(Kind::malformed)).step == Step::retry);
    CHECK(decide(of(Kind::malformed), 1, policy, 0) == RetryDecision{Step::next_provider, 20s});
    CHECK(first(of(Kind::timeout)).step == Step::retry);
    CHECK(decide(of(Kind::timeout), 1, policy, 0) ==
          RetryDecision{Step::next_provider, 20s, Step::next_tier});
}

TEST_CASE("what only an operator can mend goes to the next provider, else rests for a minute") {
    for (auto kind : {Kind::unauthorized, Kind::misconfigured, Kind::certificate})
        CHECK(first(of(kind)) == RetryDecision{Step::next_provider, 60s});
}

TEST_CASE("a quota that is gone rests long") {
    CHECK(first(of(Kind::quota)) == RetryDecision{Step::next_provider, 1h});
    CHECK(first(of(Kind::quota, 5s)) == RetryDecision{Step::next_provider, 1h});
    CHECK(first(of(Kind::quota, 5h)) == RetryDecision{Step::next_provider, 5h});
}

TEST_CASE("a prompt that does not fit goes to a smaller tier, and a rejected one nowhere") {
    CHECK(first(of(Kind::context_length)) == RetryDecision{Step::next_tier, 0s});
    CHECK(first(of(Kind::rejected)) == RetryDecision{Step::give_up, 0s});
    CHECK(first(of(Kind::cancelled)) == RetryDecision{Step::defer, 0s});
}

TEST_CASE("a server's wait is kept, jittered upward only, and slept only when it is short") {
    CHECK(first(of(Kind::rate_limited, 4s)) == RetryDecision{Step::retry, 4s});
    CHECK(decide(of(Kind::rate_limited, 4s), 0, policy, 0.5) == RetryDecision{Step::retry, 4500ms});
    CHECK(first(of(Kind::overloaded, 10s)) == RetryDecision{Step::retry, 10s});
    CHECK(first(of(Kind::rate_limited, 10'001ms)) == RetryDecision{Step::next_provider, 10'001ms});
    CHECK(first(of(Kind::rate_limited, 2min)) == RetryDecision{Step::next_provider, 2min});
    CHECK(decide(of(Kind::rate_limited, 2min), 3, policy, 0) == RetryDecision{Step::next_provider, 2min});
    CHECK(first(of(Kind::rate_limited, 0ms)) == RetryDecision{Step::retry, 500ms});
    CHECK(first(of(Kind::rate_limited, 24h * 365)).wait == 24h);
}

TEST_CASE("the server's advice overrides the table") {
    CHECK(first(of(Kind::rejected, {}, true)) == RetryDecision{Step::retry, 500ms});
    CHECK(decide(of(Kind::rejected, {}, true), 3, policy, 0) == RetryDecision{Step::give_up, 0s});
    CHECK(first(of(Kind::unauthorized, {}, true)).step == Step::retry);
    CHECK(first(of(Kind::overloaded, {}, false)) == RetryDecision{Step::next_provider, 20s});
}

TEST_CASE("a rest is never shorter than it says, whatever the jitter") {
    for (double jitter : {0.0, 0.3, 0.999})
        for (auto kind : {Kind::unauthorized, Kind::quota, Kind::certificate}) {
            const auto wait = decide(of(kind), 0, policy, jitter).wait;
            CHECK(wait >= first(of(kind)).wait);
            CHECK(wait <= first(of(kind)).wait * 5 / 4);
        }
}

TEST_CASE("an operator reads what happened where, and what to look at") {
    Failure failure = of(Kind::unauthorized);
    failure.status = 401;
    failure.message = "Incorrect API key provided: [key]";
    CHECK(explain("openai", failure) ==
          "openai refuses the key; check it and what it may be used for (401): Incorrect API key provided: "
          "[key]");
    CHECK(explain("local", of(Kind::unreachable)) == "local cannot be reached");
}

}  // namespace retry_test
