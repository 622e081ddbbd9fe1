#include "pipeline/horizon.hpp"

#include <algorithm>

namespace spotter::pipeline {

using namespace std::chrono_literals;

namespace {

/// A transaction may take so long to commit, and its rows are seen all the same.
constexpr auto margin = 1s;
constexpr auto whole_look_every = 5s;
constexpr auto whole_look_at_most_every = 200ms;

}  // namespace

std::optional<queue::Seconds> Horizon::since(Clock::time_point now) const {
    if (!done_until_ || now - last_whole_look_ > whole_look_every) return std::nullopt;
    return queue::Seconds(now - *done_until_ + margin);
}

void Horizon::looked(const queue::Look& look, const queue::Claim& found, Clock::time_point began) {
    if (!look.since) last_whole_look_ = began;
    auto oldest = std::chrono::duration_cast<Clock::duration>(found.oldest);
    if (look.since && !done_until_) return;  // forgotten meanwhile
    done_until_ = began - std::max(oldest, Clock::duration::zero());
}

Horizon::Clock::time_point Horizon::next_whole_look() const {
    return last_whole_look_ + whole_look_at_most_every;
}

}  // namespace spotter::pipeline
