#pragma once

#include <chrono>
#include <string>
#include <utility>

namespace spotter {

/// When to say something that holds on: when it begins or changes, when it ends, and every so often between.
class Reminder {
  public:
    using Clock = std::chrono::steady_clock;

    explicit Reminder(Clock::duration again) : again_(again) {}

    /// `state` as it is now; empty: there is nothing to tell of.
    bool due(std::string state, Clock::time_point now) {
        bool changed = state != state_;
        bool long_ago = !state.empty() && now - told_ >= again_;
        if (!changed && !long_ago) return false;
        state_ = std::move(state);
        told_ = now;
        return true;
    }

  private:
    Clock::duration again_;
    std::string state_;
    Clock::time_point told_{};
};

}  // namespace spotter
