#pragma once

#include <chrono>
#include <deque>

namespace spotter::pipeline {

/// When to look for rows next, and whether an INSERT has to ring for us meanwhile. Notifications cost those
/// who insert a lock that they share, so they are asked for only when there has been nothing to do for a
/// while: a busy worker looks again soon by itself. Pure but for the time that it is told.
class Rhythm {
  public:
    using Clock = std::chrono::steady_clock;
    using Milliseconds = std::chrono::milliseconds;

    /// `poll`: the longest pause. Without `rings` nobody can ring for us.
    Rhythm(Milliseconds poll, bool rings) : poll_(poll), rings_(rings) {}

    enum class Bell { leave, arm, disarm };
    struct Next {
        Milliseconds pause;
        Bell bell = Bell::leave;  ///< what to do before the next look
    };

    struct Looked {
        bool found = false;       ///< there was something to do
        bool slots_free = false;  ///< and could be more
        bool rung = false;        ///< somebody had rung for it
        bool left = false;  ///< something had to be left: by a user's limit, or because somebody holds it
    };
    Next after_look(Looked looked, Clock::time_point now);

    /// The bell may not be as we left it: the database was away.
    void forget();

    bool armed() const { return armed_; }

  private:
    Next after(Looked looked, Clock::time_point now);
    bool rung_too_often(Clock::time_point now);
    Next after_nothing();
    Next wake_up();

    Milliseconds poll_;
    bool rings_;
    bool armed_ = false;
    int idle_looks_ = 0;
    std::deque<Clock::time_point> rings_heard_;  ///< of the last moment
};

}  // namespace spotter::pipeline
