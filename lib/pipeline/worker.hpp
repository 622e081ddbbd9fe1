#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "async/event.hpp"
#include "async/semaphore.hpp"
#include "async/task_group.hpp"
#include "base/config.hpp"
#include "base/metrics.hpp"
#include "pipeline/claimer.hpp"
#include "pipeline/generate.hpp"
#include "pipeline/orphans.hpp"
#include "pipeline/settler.hpp"
#include "queue/queue.hpp"

namespace spotter::pipeline {

/// Has rows claimed for its free slots, lane by lane, and sees each through to its settling.
class Worker : public Hands {
  public:
    /// `rings`: whether an INSERT can ring for us. `claims`: how many may be under way at once.
    Worker(boost::asio::any_io_executor executor, queue::Queue& queue, Generator& generator, Settler& settler,
           Config::Queue settings, bool rings, std::size_t claims, Metrics& metrics);

    /// Starts claiming in `loops`, until `stop()`.
    void start(async::TaskGroup& loops);
    /// Ends the work on rows that were taken from us: cancelled, deleted, given to another. Until cancelled.
    boost::asio::awaitable<void> watch_leases();

    void enlisted(queue::Worker self) { self_ = std::move(self); }
    /// A notification: "leases" says that rows were taken from daemons, or given back; else it names the lane
    /// in which there may be new rows, "" any.
    void heard(const std::string& payload);
    void wake_for_all();  ///< what was ready long ago may be to be claimed
    void stop();          ///< claim no more
    /// Ends what is running, and what a claim under way still brings; rows go back and spend no attempt.
    void abandon() {
        abandoned_ = true;
        rows_.cancel();
    }

    int busy() const { return static_cast<int>(rows_.size()); }
    std::uint64_t settled() const { return settled_; }  ///< rows, since the start
    /// Nothing is in our hands, nor on its way into them.
    bool idle() const;
    /// Why claiming does not work; empty when it does.
    std::string problem() const;
    /// When the lane that has not looked for longest did.
    std::chrono::steady_clock::time_point last_look() const;

  private:
    using Clock = std::chrono::steady_clock;

    boost::asio::awaitable<std::optional<async::Semaphore::Permit>> may_claim(std::size_t lane) override;
    bool stopping() const override { return stopping_; }
    const queue::Worker& self() const override { return self_; }
    int free_slots() const override { return settings_.slots - busy() - promised_; }
    void claim_begins(std::size_t lane, int slots) override;
    void claim_ends(std::size_t lane, int slots) override;
    void take(std::size_t lane, queue::Claim claim) override;
    void lost_a_claim(std::size_t lane) override { orphans_of(lane).suspect(); }
    void offer_slots() override;

    Orphans& orphans_of(std::size_t lane) { return orphans_[queue_.table_of(lane)]; }
    boost::asio::awaitable<void> take_back(Orphans& orphans);
    boost::asio::awaitable<void> end_taken_leases();
    boost::asio::awaitable<void> see_through(queue::ClaimedRow row);
    boost::asio::awaitable<queue::Settlement> attempt(const queue::ClaimedRow& row);

    queue::Queue& queue_;
    Generator& generator_;
    Settler& settler_;
    Config::Queue settings_;
    Metrics& metrics_;
    std::deque<Claimer> claimers_;  ///< one a lane
    std::size_t last_offered_ = 0;  ///< the lane that was offered free slots last
    async::Semaphore connections_;  ///< that claims may take
    async::TaskGroup rows_;
    queue::Worker self_;
    struct Held {
        async::TaskGroup::Id task = 0;
        bool taken = false;  ///< the lease is no longer ours
    };
    std::map<queue::Lease, Held> held_;  ///< rows in our hands
    async::Event lease_bell_;
    std::uint64_t settled_ = 0;
    int promised_ = 0;  ///< slots that claims under way may fill
    bool stopping_ = false;
    bool abandoned_ = false;
    std::deque<Orphans> orphans_;  ///< one a table
};

}  // namespace spotter::pipeline
