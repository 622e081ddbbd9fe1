#pragma once

#include <chrono>
#include <optional>

#include "queue/queue.hpp"

namespace spotter::pipeline {

/// How far back a look for ready rows has to go. Rows that are done with leave entries behind in the index
/// until they are vacuumed away, which a long transaction delays; who begins behind them need not step over
/// them each time. What a slow transaction commits behind the horizon is found by a look at everything, every
/// few seconds; and where that takes long, since a million rows are to be stepped over, more seldom, so that
/// it never takes more than a twentieth of the time. Whose turn it is cannot be found so: each user's rows
/// that are done are stepped over, and where that takes long, the most urgent rows alone are looked for in
/// between. Pure but for the time that it is told.
class Horizon {
  public:
    using Clock = std::chrono::steady_clock;

    /// What to look for in a look that begins `now`; nullopt is everything. Of looks at the same time one at
    /// the most is at everything.
    std::optional<queue::Seconds> since(Clock::time_point now);

    /// Whether looking by turns is worth its time now, where it need not be.
    bool turns(Clock::time_point now) const { return now >= turns_from_; }

    /// After a look of up to `look.batch` rows that began and ended then.
    void looked(const queue::Look& look, const queue::Claim& found, Clock::time_point began,
                Clock::time_point ended);

    /// After a look that the database gave up as too slow: no more is known than how long it took.
    void took_turns(const queue::Look& look, Clock::duration took, Clock::time_point ended);

    /// Something older may be ready, which no look that began before `now` need have seen: one of the next is
    /// at everything.
    void forget(Clock::time_point now) { forgotten_ = now; }
    /// Nothing is known any more: the next look is at everything.
    void reset() { done_until_.reset(); }

    /// When to look at everything because of what was forgotten; nullopt where no look is owed.
    std::optional<Clock::time_point> owed() const;

  private:
    /// What became ready before is done with, as far as a look could see.
    std::optional<Clock::time_point> done_until_;
    Clock::time_point forgotten_ = Clock::time_point::min();
    Clock::time_point last_whole_look_{};  ///< when it began
    Clock::time_point whole_look_from_{};  ///< not again before
    Clock::time_point turns_from_{};       ///< not again before
};

}  // namespace spotter::pipeline
