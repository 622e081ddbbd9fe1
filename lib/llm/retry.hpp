#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "llm/provider.hpp"

namespace spotter::llm {

struct RetryPolicy {
    int retries = 3;                                ///< after the first attempt, at one provider
    std::chrono::milliseconds first_wait{500};      ///< doubled with every attempt
    std::chrono::milliseconds longest_wait{8'000};  ///< where doubling ends
    std::chrono::milliseconds longest_sleep{
        10'000};  ///< a longer wait puts the row back instead of holding a slot
    std::chrono::milliseconds outage_rest{20'000};  ///< a row's wait when a provider is down
    std::chrono::milliseconds operator_rest{
        60'000};  ///< when only an operator can mend it: key, address, certificate
    std::chrono::milliseconds quota_rest{3'600'000};     ///< when money or quota is gone
    std::chrono::milliseconds longest_rest{86'400'000};  ///< a server's wish beyond it is not believed
};

/// What comes next.
enum class Step {
    retry,          ///< at the same provider
    next_provider,  ///< leave this one for now
    next_tier,      ///< a smaller prompt may do
    defer,          ///< put the row back
    give_up,        ///< this request will never pass
};

struct RetryDecision {
    Step step = Step::give_up;
    std::chrono::milliseconds wait{
        0};                   ///< before the retry; or how long the row rests if it comes to `defer`
    Step last = Step::defer;  ///< for `next_provider`: what to do when none is left

    bool operator==(const RetryDecision&) const = default;
};

/// What to do after `failure` on attempt `n` (0-based) at a provider. Pure: no clock, no randomness but
/// `jitter` in [0, 1). Own waits are min(first_wait * 2^n, longest_wait) * (0.75, 1], as OpenAI's and
/// Anthropic's clients have it; a server's wish is stretched by up to a quarter and never cut. A failure that
/// only an operator can mend defers rows rather than failing them: a rotated key must not lose thousands.
RetryDecision decide(const Failure& failure, int n, const RetryPolicy& policy, double jitter);

/// The failure for an operator: "openai refuses the key (401): …". Holds what `failure.message` holds.
std::string explain(std::string_view provider, const Failure& failure);

}  // namespace spotter::llm
