#include "llm/retry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace spotter::llm {
namespace {

using Kind = Failure::Kind;
using std::chrono::milliseconds;

/// Both a lost answer and a wrong one were probably paid for: one more try, not a series.
constexpr int retries_of_the_costly = 1;

milliseconds scaled(milliseconds length, double factor) {
    return milliseconds(std::llround(static_cast<double>(length.count()) * factor));
}

milliseconds own_wait(int n, const RetryPolicy& policy, double jitter) {
    const double grown = std::ldexp(static_cast<double>(policy.first_wait.count()), std::min(n, 30));
    const double wait = std::min(grown, static_cast<double>(policy.longest_wait.count()));
    return milliseconds(std::llround(wait * (1 - 0.25 * jitter)));
}

milliseconds stretched(milliseconds wait, double jitter) {
    return scaled(wait, 1 + 0.25 * jitter);
}

int retries_for(Kind kind, const RetryPolicy& policy) {
    switch (kind) {
        case Kind::unreachable:
        case Kind::rate_limited:
        case Kind::overloaded:
            return policy.retries;
        case Kind::timeout:
        case Kind::malformed:
            return std::min(retries_of_the_costly, policy.retries);
        default:
            return 0;
    }
}

/// What is left to do when the provider is not asked again; waits are the row's.
RetryDecision without_retry(Kind kind, const RetryPolicy& policy) {
    switch (kind) {
        case Kind::unreachable:
        case Kind::overloaded:
        case Kind::rate_limited:
        case Kind::malformed:
            return {Step::next_provider, policy.outage_rest};
        case Kind::timeout:
            return {Step::next_provider, policy.outage_rest, Step::next_tier};
        case Kind::quota:
            return {Step::next_provider, policy.quota_rest};
        case Kind::certificate:
        case Kind::unauthorized:
        case Kind::misconfigured:
            return {Step::next_provider, policy.operator_rest};
        case Kind::context_length:
            return {Step::next_tier};
        case Kind::cancelled:
            return {Step::defer};
        case Kind::rejected:
            return {Step::give_up};
    }
    return {Step::give_up};
}

std::string_view account(Kind kind) {
    switch (kind) {
        case Kind::unreachable:
            return "cannot be reached";
        case Kind::timeout:
            return "did not answer in time";
        case Kind::certificate:
            return "shows a certificate that is not trusted; check the address and the CA file";
        case Kind::rate_limited:
            return "asks for fewer requests";
        case Kind::quota:
            return "says that quota or credit is used up; check the plan and the billing";
        case Kind::overloaded:
            return "is overloaded or broken";
        case Kind::unauthorized:
            return "refuses the key; check it and what it may be used for";
        case Kind::misconfigured:
            return "does not know this address or model; check base_url and model";
        case Kind::context_length:
            return "finds the prompt too long";
        case Kind::rejected:
            return "rejects the request";
        case Kind::malformed:
            return "answers with something that is no completion; check base_url";
        case Kind::cancelled:
            return "was not waited for: its answer is no longer wanted here";
    }
    return "failed";
}

}  // namespace

RetryDecision decide(const Failure& failure, int n, const RetryPolicy& policy, double jitter) {
    RetryDecision otherwise = without_retry(failure.kind, policy);
    if (failure.kind == Kind::cancelled) return otherwise;

    const bool asked = failure.retry_after && failure.retry_after->count() > 0;
    const milliseconds wish = asked ? std::min(*failure.retry_after, policy.longest_rest) : milliseconds(0);
    otherwise.wait = stretched(std::max(otherwise.wait, wish), jitter);

    int retries = retries_for(failure.kind, policy);
    if (failure.should_retry) retries = *failure.should_retry ? policy.retries : 0;
    if (n >= retries) return otherwise;

    const milliseconds wait = asked ? stretched(wish, jitter) : own_wait(n, policy, jitter);
    if (wait <= policy.longest_sleep) return {Step::retry, wait};
    return {Step::next_provider, wait};
}

std::string explain(std::string_view provider, const Failure& failure) {
    std::string text = fmt::format("{} {}", provider, account(failure.kind));
    if (failure.status != 0) text += fmt::format(" ({})", failure.status);
    if (!failure.message.empty()) text += ": " + failure.message;
    return text;
}

}  // namespace spotter::llm
