#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>

#include "base/config.hpp"
#include "base/metrics.hpp"
#include "db/pool.hpp"
#include "queue/queue.hpp"

namespace spotter::pipeline {

/// What a daemon does beside its rows: it shows that it lives, takes rows back from those that do not, clears
/// the cache of what expired.
class Maintenance {
  public:
    Maintenance(db::Pool& pool, queue::Queue& queue, Config::Queue settings, Metrics& metrics,
                std::function<void()> rows_freed);

    void enlisted(queue::Worker self) {
        self_ = std::move(self);
        last_beat_ = std::chrono::system_clock::now();
    }

    // Each until cancelled.
    boost::asio::awaitable<void> beat();
    boost::asio::awaitable<void> rescue();
    boost::asio::awaitable<void> tidy();
    boost::asio::awaitable<void> measure();

    bool beating() const { return beating_; }

  private:
    boost::asio::awaitable<void> rescue_once();
    /// Whoever could not reach the database, or stood still, cannot say of others that they were silent.
    void judge_own_silence();

    db::Pool& pool_;
    queue::Queue& queue_;
    Config::Queue settings_;
    Metrics& metrics_;
    std::function<void()> rows_freed_;
    queue::Worker self_;
    bool beating_ = true;
    /// By the clock that goes on while the machine sleeps.
    std::chrono::system_clock::time_point last_beat_;
    std::chrono::steady_clock::time_point deaf_until_{};
};

}  // namespace spotter::pipeline
