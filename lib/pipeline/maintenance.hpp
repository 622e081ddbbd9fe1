#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/metrics.hpp"
#include "base/reminder.hpp"
#include "queue/queue.hpp"

namespace spotter::pipeline {

/// What a daemon does beside its rows: it shows that it lives, takes rows back from those that do not, mends
/// what was left half done, clears away what is old.
class Maintenance {
  public:
    /// `settled` gives the number of rows settled since the start; `rows_freed` hears of rows that can be
    /// claimed again.
    Maintenance(queue::Queue& queue, Config::Queue settings, Metrics& metrics,
                std::function<std::uint64_t()> settled, std::function<void()> rows_freed);

    void enlisted(queue::Worker self) { self_ = std::move(self); }

    // Each until cancelled.
    boost::asio::awaitable<void> beat();
    boost::asio::awaitable<void> rescue();
    boost::asio::awaitable<void> trim();
    boost::asio::awaitable<void> measure();
    boost::asio::awaitable<void> look_for_pauses();

    bool beating() const { return beating_; }
    /// What operators hold up, for people: "training_program for 3 h by ada: prices go up". Empty: nothing.
    const std::vector<std::string>& paused() const { return paused_; }
    /// How many rows were put off, by reason.
    const std::map<std::string, int>& put_off() const { return put_off_; }

  private:
    boost::asio::awaitable<void> rescue_in(std::size_t table);
    boost::asio::awaitable<void> bury();
    boost::asio::awaitable<void> mend_flights();
    /// Rows settled a second since the last call, evened out over a minute or so.
    double rate();
    boost::asio::awaitable<void> look_for_put_off();
    void tell_of_pauses(const std::vector<queue::Pause>& pauses);

    queue::Queue& queue_;
    Config::Queue settings_;
    Metrics& metrics_;
    std::function<std::uint64_t()> settled_;
    std::function<void()> rows_freed_;
    queue::Worker self_;
    std::uint64_t settled_before_ = 0;
    std::chrono::steady_clock::time_point rated_ = std::chrono::steady_clock::now();
    std::vector<std::string> paused_;
    std::map<std::string, int> put_off_;
    Reminder pauses_reminder_{std::chrono::minutes(10)};
    bool beating_ = true;
};

}  // namespace spotter::pipeline
