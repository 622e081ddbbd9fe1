#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <string>
#include <unordered_set>

#include "async/backoff.hpp"
#include "async/event.hpp"
#include "async/task_group.hpp"
#include "base/config.hpp"
#include "base/metrics.hpp"
#include "pipeline/generate.hpp"
#include "pipeline/settler.hpp"
#include "queue/queue.hpp"

namespace spotter::pipeline {

/// Whether most of what a claim looked at was answered from the cache.
bool mostly_cached(const queue::Claim& claim);

/// How many rows the next claim looks at: as many as can be, while most are answered from the cache;
/// otherwise not many more than there are slots for, since each row looked at costs a key. Pure.
int claim_batch(int most, int free_slots, const queue::Claim& last);

/// Claims rows for its free slots and sees each through to its settling.
class Worker {
  public:
    Worker(boost::asio::any_io_executor executor, queue::Queue& queue, Generator& generator, Settler& settler,
           Config::Queue settings, Metrics& metrics);

    /// Claims until `stop()`. Run several at once: more than one is busy only when there is much to do.
    boost::asio::awaitable<void> claim_rows(std::size_t claimer);

    void enlisted(queue::Worker self) { self_ = std::move(self); }
    void wake();  ///< there may be something to claim
    void stop();  ///< claim no more
    /// Ends what is running, and what a claim under way still brings; rows go back and spend no attempt.
    void abandon() {
        abandoned_ = true;
        rows_.cancel();
    }

    int busy() const { return static_cast<int>(rows_.size()); }
    /// Nothing is in our hands, nor on its way into them.
    bool idle() const { return rows_.size() == 0 && claiming_ == 0; }
    const std::string& problem() const {
        return problem_;
    }  ///< why claiming does not work; empty when it does
    std::chrono::steady_clock::time_point last_look() const { return last_look_; }

    static constexpr std::size_t claimers = 3;

  private:
    /// One claim and what came of it. True when there is more to claim right away.
    boost::asio::awaitable<bool> look(async::Backoff& backoff);
    boost::asio::awaitable<void> take_back_orphans(async::Backoff& backoff);
    boost::asio::awaitable<void> see_through(queue::ClaimedRow row);
    boost::asio::awaitable<queue::Settlement> attempt(queue::ClaimedRow row);
    void dispatch(queue::Claim claim);
    int free_slots() const { return settings_.slots - busy() - promised_; }

    queue::Queue& queue_;
    Generator& generator_;
    Settler& settler_;
    Config::Queue settings_;
    Metrics& metrics_;
    async::TaskGroup rows_;
    async::Event bells_[claimers];
    queue::Worker self_;
    std::unordered_set<std::int64_t> held_;  ///< tokens of rows in our hands
    int promised_ = 0;                       ///< slots that claims under way may fill
    int claiming_ = 0;                       ///< claims under way
    bool stopping_ = false;
    bool abandoned_ = false;
    bool orphans_ = false;  ///< a claim's answer was lost, and rows may be ours without our knowing
    /// The lost claim may still have been running then: when to look once more.
    std::chrono::steady_clock::time_point look_for_orphans_again_ =
        std::chrono::steady_clock::time_point::max();
    queue::Claim last_;  ///< its figures, without its rows
    std::string problem_;
    std::chrono::steady_clock::time_point last_look_ = std::chrono::steady_clock::now();
};

}  // namespace spotter::pipeline
