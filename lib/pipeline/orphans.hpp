#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <vector>

#include "async/backoff.hpp"
#include "queue/queue.hpp"

namespace spotter::pipeline {

/// Rows of one table that may be leased to us without our knowing, since the answer of a claim was lost.
/// While there may be some nobody claims in that table; others go on.
class Orphans {
  public:
    Orphans(queue::Queue& queue, std::size_t table) : queue_(queue), table_(table) {}

    std::size_t table() const { return table_; }
    /// A claim's answer was lost, or a row fell out of our hands.
    void suspect() { ++suspicions_; }
    bool suspected() const { return suspicions_ > 0 || Clock::now() >= look_again_; }

    void claim_begins() { ++claims_; }
    void claim_ends() { --claims_; }
    bool claiming() const { return claims_ > 0; }

    /// Gives back rows of `self` with another token than those in `held`. Only when no claim is under way, so
    /// that every token of ours is known; else waits a little and is to be called again. True when it is
    /// done.
    boost::asio::awaitable<bool> take_back(const queue::Worker& self, std::vector<std::int64_t> held);

  private:
    using Clock = std::chrono::steady_clock;

    queue::Queue& queue_;
    const std::size_t table_;
    int suspicions_ = 0;
    int claims_ = 0;  ///< under way in the table
    async::Backoff backoff_{std::chrono::milliseconds(200), std::chrono::seconds(5)};
    /// The lost claim may still have been running at the first look: when to look once more.
    Clock::time_point look_again_ = Clock::time_point::max();
};

}  // namespace spotter::pipeline
