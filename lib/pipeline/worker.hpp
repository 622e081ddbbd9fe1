#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "async/backoff.hpp"
#include "async/event.hpp"
#include "async/task_group.hpp"
#include "base/config.hpp"
#include "base/metrics.hpp"
#include "pipeline/generate.hpp"
#include "pipeline/horizon.hpp"
#include "pipeline/look.hpp"
#include "pipeline/rhythm.hpp"
#include "pipeline/settler.hpp"
#include "queue/queue.hpp"

namespace spotter::pipeline {

/// Claims rows for its free slots and sees each through to its settling.
class Worker {
  public:
    /// `rings`: whether an INSERT can ring for us.
    Worker(boost::asio::any_io_executor executor, queue::Queue& queue, Generator& generator, Settler& settler,
           Config::Queue settings, bool rings, Metrics& metrics);

    /// Claims until `stop()`. Run several at once: more than one is busy only when there is much to do.
    boost::asio::awaitable<void> claim_rows(std::size_t claimer);
    /// Ends the work on rows that were taken from us: cancelled, deleted, given to another. Until cancelled.
    boost::asio::awaitable<void> watch_leases();

    void enlisted(queue::Worker self) { self_ = std::move(self); }
    void wake();          ///< something new may be ready
    void wake_for_all();  ///< so may what was ready long ago
    /// A notification: "" says that there may be new rows, "leases" that rows were taken from daemons, or
    /// given back.
    void heard(const std::string& payload);
    void stop();  ///< claim no more
    /// Ends what is running, and what a claim under way still brings; rows go back and spend no attempt.
    void abandon() {
        abandoned_ = true;
        rows_.cancel();
    }

    int busy() const { return static_cast<int>(rows_.size()); }
    std::uint64_t settled() const { return settled_; }  ///< rows, since the start
    /// Nothing is in our hands, nor on its way into them.
    bool idle() const { return rows_.size() == 0 && claiming_ == 0; }
    const std::string& problem() const {
        return problem_;
    }  ///< why claiming does not work; empty when it does
    std::chrono::steady_clock::time_point last_look() const { return last_look_; }

    static constexpr std::size_t claimers = 3;

  private:
    using Clock = std::chrono::steady_clock;

    /// What came of a look.
    struct Found {
        bool something = false;
        bool more = false;  ///< there is more to claim right away
        bool left = false;  ///< something was left behind
    };
    boost::asio::awaitable<Found> look(async::Backoff& backoff);
    boost::asio::awaitable<void> pause(Rhythm::Next next, std::size_t claimer);
    boost::asio::awaitable<void> take_back_orphans(async::Backoff& backoff);
    boost::asio::awaitable<void> end_taken_leases();
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
    struct Held {
        async::TaskGroup::Id task = 0;
        bool taken = false;  ///< the lease is no longer ours
    };
    std::map<queue::Lease, Held> held_;  ///< rows in our hands
    async::Event lease_bell_;
    Rhythm rhythm_;
    bool short_of_slots_ = false;           ///< at the last look: what becomes free is waited for
    bool rung_ = false;                     ///< since the last look
    std::optional<Clock::time_point> due_;  ///< when the first row that we put off may be claimed again
    std::uint64_t settled_ = 0;
    Horizon horizon_;
    int promised_ = 0;  ///< slots that claims under way may fill
    int claiming_ = 0;  ///< claims under way
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
