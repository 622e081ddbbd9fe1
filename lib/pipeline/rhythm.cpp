#include "pipeline/rhythm.hpp"

#include <algorithm>
#include <iterator>

namespace spotter::pipeline {

using namespace std::chrono_literals;

namespace {

/// Of a worker that had something to do a moment ago: a tenth of a second together.
constexpr Rhythm::Milliseconds awake[] = {5ms, 5ms, 8ms, 12ms, 20ms, 25ms, 30ms};

/// After the bell was armed: an INSERT may have looked at it just before, and be committed any time now.
constexpr Rhythm::Milliseconds falling_asleep[] = {0ms, 10ms, 30ms, 100ms, 300ms, 1000ms};

/// While all slots are taken, or a user has enough, or somebody holds what a row needs.
constexpr Rhythm::Milliseconds what_was_left = 200ms;

/// So many rings in a moment, and it is cheaper for all to look by ourselves.
constexpr std::size_t many = 5;
constexpr auto moment = 100ms;

}  // namespace

Rhythm::Next Rhythm::after_look(Looked looked, Clock::time_point now) {
    Next next = after(looked, now);
    if (looked.left) next.pause = std::min(next.pause, what_was_left);
    return next;
}

Rhythm::Next Rhythm::after(Looked looked, Clock::time_point now) {
    if (armed_ && looked.rung && rung_too_often(now)) return wake_up();
    if (looked.found) {
        if (armed_ && looked.rung) return {poll_};
        // Nobody rang for it: the bell may not be armed as we believe.
        if (armed_) return wake_up();
        idle_looks_ = 0;
        return {awake[0]};
    }
    // A slot that becomes free makes us look as well; only what is cached can be done without one.
    if (!looked.slots_free) {
        Next next = armed_ ? wake_up() : Next{};
        next.pause = std::min(poll_, what_was_left);
        return next;
    }
    return after_nothing();
}

bool Rhythm::rung_too_often(Clock::time_point now) {
    rings_heard_.push_back(now);
    while (now - rings_heard_.front() > moment) rings_heard_.pop_front();
    return rings_heard_.size() >= many;
}

Rhythm::Next Rhythm::wake_up() {
    forget();
    return {awake[0], Bell::disarm};
}

Rhythm::Next Rhythm::after_nothing() {
    int look = idle_looks_++;
    if (!armed_) {
        if (look < std::ssize(awake)) return {awake[look]};
        armed_ = true;
        idle_looks_ = 1;
        return {falling_asleep[0], rings_ ? Bell::arm : Bell::leave};
    }
    if (look < std::ssize(falling_asleep)) return {std::min(poll_, falling_asleep[look])};
    // Once more at every poll: somebody may have taken our name away.
    return {poll_, rings_ ? Bell::arm : Bell::leave};
}

void Rhythm::forget() {
    armed_ = false;
    idle_looks_ = 0;
    rings_heard_.clear();
}

}  // namespace spotter::pipeline
