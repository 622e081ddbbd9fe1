#pragma once

#include <chrono>
#include <optional>

#include "queue/queue.hpp"

namespace spotter::pipeline {

/// How far back a look for ready rows has to go. Rows that are done with leave entries behind in the index
/// until they are vacuumed away, which a long transaction delays; who begins behind them need not step over
/// them each time. What a slow transaction commits behind the horizon is found by a look at everything, every
/// few seconds. Pure but for the time that it is told.
class Horizon {
  public:
    using Clock = std::chrono::steady_clock;

    /// What to look for, at `now`; nullopt is everything.
    std::optional<queue::Seconds> since(Clock::time_point now) const;

    /// After a look of up to `look.batch` rows that began then.
    void looked(const queue::Look& look, const queue::Claim& found, Clock::time_point began);

    /// Something older may be ready: the next look is at everything.
    void forget() { done_until_.reset(); }

    /// When a look at everything is not too soon after the last.
    Clock::time_point next_whole_look() const;

    bool is_set() const { return done_until_.has_value(); }

  private:
    /// What became ready before is done with, as far as a look could see.
    std::optional<Clock::time_point> done_until_;
    Clock::time_point last_whole_look_{};
};

}  // namespace spotter::pipeline
