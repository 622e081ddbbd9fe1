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

    void enlisted(queue::Worker self) { self_ = std::move(self); }

    // Each until cancelled.
    boost::asio::awaitable<void> beat();
    boost::asio::awaitable<void> rescue();
    boost::asio::awaitable<void> tidy();
    boost::asio::awaitable<void> measure();

    bool beating() const { return beating_; }

  private:
    boost::asio::awaitable<void> rescue_once();

    db::Pool& pool_;
    queue::Queue& queue_;
    Config::Queue settings_;
    Metrics& metrics_;
    std::function<void()> rows_freed_;
    queue::Worker self_;
    bool beating_ = true;
    /// Whoever could not reach the database cannot say of others that they were silent.
    std::chrono::steady_clock::time_point deaf_until_{};
};

}  // namespace spotter::pipeline
