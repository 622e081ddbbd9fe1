#include "pipeline/worker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <unordered_set>
#include <utility>

#include "async/timeout.hpp"
#include "base/log.hpp"

namespace spotter::pipeline {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::awaitable;
using queue::Claim;
using queue::ClaimedRow;

Worker::Worker(asio::any_io_executor executor, queue::Queue& queue, Generator& generator, Settler& settler,
               Config::Queue settings, bool rings, std::size_t claims, Metrics& metrics)
    : queue_(queue),
      generator_(generator),
      settler_(settler),
      settings_(settings),
      metrics_(metrics),
      connections_(executor, claims),
      rows_(executor,
            [this](const std::string& row, std::exception_ptr) {
                log::error("row_dropped", {{"row", row}});
                for (Orphans& orphans : orphans_) orphans.suspect();  // it is still leased to us
                wake_for_all();
            }),
      lease_bell_(executor) {
    for (std::size_t table = 0; table < queue_.tables(); ++table) orphans_.emplace_back(queue_, table);
    for (std::size_t lane = 0; lane < queue_.lanes().size(); ++lane)
        claimers_.emplace_back(executor, queue_, lane, *this, settings_, rings, metrics_);
}

void Worker::start(async::TaskGroup& loops) {
    for (std::size_t lane = 0; lane < claimers_.size(); ++lane)
        for (std::size_t loop = 0; loop < Claimer::loops; ++loop)
            loops.spawn(fmt::format("claim {} {}", queue_.lanes()[lane].bell, loop),
                        claimers_[lane].run(loop));
}

void Worker::heard(const std::string& payload) {
    if (payload == "leases") {
        lease_bell_.ring();
        wake_for_all();
        return;
    }
    for (std::size_t lane = 0; lane < claimers_.size(); ++lane)
        if (payload.empty() || payload == queue_.lanes()[lane].bell) claimers_[lane].wake();
}

void Worker::wake_for_all() {
    for (Claimer& claimer : claimers_) claimer.wake_for_all();
}

void Worker::stop() {
    stopping_ = true;
    for (Claimer& claimer : claimers_) claimer.stop();
}

std::string Worker::problem() const {
    for (const Claimer& claimer : claimers_)
        if (!claimer.problem().empty()) return claimer.problem();
    return "";
}

Worker::Clock::time_point Worker::last_look() const {
    auto first = Clock::time_point::max();
    for (const Claimer& claimer : claimers_) first = std::min(first, claimer.last_look());
    return first;
}

bool Worker::idle() const {
    auto claiming = [](const Orphans& orphans) { return orphans.claiming(); };
    return rows_.size() == 0 && std::none_of(orphans_.begin(), orphans_.end(), claiming);
}

awaitable<std::optional<async::Semaphore::Permit>> Worker::may_claim(std::size_t lane) {
    Orphans& orphans = orphans_of(lane);
    if (orphans.suspected()) {
        co_await take_back(orphans);
        co_return std::nullopt;
    }
    std::optional<async::Semaphore::Permit> permit = co_await connections_.acquire();
    if (stopping_ || orphans.suspected()) permit.reset();
    co_return permit;
}

void Worker::claim_begins(std::size_t lane, int slots) {
    promised_ += slots;
    orphans_of(lane).claim_begins();
}

void Worker::claim_ends(std::size_t lane, int slots) {
    promised_ -= slots;
    orphans_of(lane).claim_ends();
}

/// One lane after the other, so that none has all of them.
void Worker::offer_slots() {
    if (free_slots() <= 0) return;
    for (std::size_t i = 0; i < claimers_.size(); ++i) {
        last_offered_ = (last_offered_ + 1) % claimers_.size();
        if (!claimers_[last_offered_].short_of_slots()) continue;
        claimers_[last_offered_].wake_for_slot();
        return;
    }
}

awaitable<void> Worker::take_back(Orphans& orphans) {
    std::vector<std::int64_t> held;
    for (const auto& [lease, row] : held_)
        if (queue_.table_of(lease.lane) == orphans.table()) held.push_back(lease.token);
    bool done = co_await orphans.take_back(self_, std::move(held));
    if (!done) co_return;
    for (std::size_t lane = 0; lane < claimers_.size(); ++lane)
        if (queue_.table_of(lane) == orphans.table()) claimers_[lane].look_everywhere();
}

awaitable<void> Worker::watch_leases() {
    auto beat = std::chrono::duration_cast<Clock::duration>(settings_.beat);
    for (;;) {
        co_await lease_bell_.wait_until(Clock::now() + beat);
        if (!held_.empty()) co_await end_taken_leases();
    }
}

awaitable<void> Worker::end_taken_leases() {
    std::vector<queue::Lease> ours;  // before the question: what is claimed meanwhile is not in its answer
    for (const auto& [lease, row] : held_) ours.push_back(lease);
    auto standing = co_await queue_.standing_leases(self_);
    if (!standing) co_return;
    std::unordered_set<std::int64_t> stand(standing->begin(), standing->end());
    for (const queue::Lease& lease : ours) {
        auto held = held_.find(lease);
        if (stand.contains(lease.token) || held == held_.end()) continue;
        held->second.taken = true;
        rows_.cancel(held->second.task);
    }
}

void Worker::take(std::size_t lane, Claim claim) {
    if (!claim.cache_error.empty()) {
        log::warn("cache_unavailable", {{"during", "look-up"}, {"error", claim.cache_error}});
        metrics_.cache_errors("read").Increment();
    }
    if (claim.hits > 0) {
        settled_ += static_cast<std::uint64_t>(claim.hits);
        metrics_.rows_settled(queue_.lanes()[lane].kind, "completed", "cache").Increment(claim.hits);
        log::info("settled_from_cache", {{"rows", claim.hits}});
    }
    if (claim.parked > 0) log::info("wait_for_the_same", {{"rows", claim.parked}});
    metrics_.rows_claimed.Increment(static_cast<double>(claim.rows.size()));
    for (ClaimedRow& row : claim.rows) {
        queue::Lease lease = row.lease;
        // A crash of the server may undo a claim, and a later one bring the very same lease: it is being seen
        // to.
        if (!held_.try_emplace(lease).second) continue;
        auto task = rows_.spawn(lease.id, see_through(std::move(row)));
        if (auto held = held_.find(lease); held != held_.end()) held->second.task = task;
    }
}

awaitable<void> Worker::see_through(ClaimedRow row) {
    struct Letting {
        std::map<queue::Lease, Held>& held;
        queue::Lease lease;
        ~Letting() { held.erase(lease); }
    } letting{held_, row.lease};
    Claimer& claimer = claimers_[row.lease.lane];
    queue::Settlement settlement = co_await attempt(row);
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    bool completed = false;
    if (held_[letting.lease].taken) {
        metrics_.work_ended.Increment();
        log::info("work_ended", {{"row", letting.lease.id},
                                 {"why", "it was cancelled, deleted or given to another worker"}});
    } else {
        auto status = settlement.status;
        completed = status == queue::Settlement::Status::completed;
        auto due = Clock::now() + std::chrono::duration_cast<Clock::duration>(settlement.wait);
        auto settled =
            settler_.settle(std::move(settlement));  // apart: what stands in a co_await stays in the frame
        co_await std::move(settled);
        if (status == queue::Settlement::Status::pending)
            claimer.put_off_until(due);
        else
            ++settled_;
    }
    // Whoever waited for a row that ended without content may be next, though it is not new.
    if (!completed) claimer.look_everywhere();
    // This task still counts as busy: whoever wants its slot looks after it is gone.
    auto look_after = [this, &claimer, completed] {
        if (!completed) claimer.wake_for_slot();
        offer_slots();
    };
    asio::any_io_executor executor = co_await asio::this_coro::executor;
    asio::post(executor, std::move(look_after));
}

/// The generator's outcome, whatever happens to it: a row is never left without one.
awaitable<queue::Settlement> Worker::attempt(const ClaimedRow& row) {
    if (abandoned_) co_return released(row.lease);
    std::string unexpected;
    try {
        // To read an input takes time: of many rows that were claimed together one after the other.
        asio::any_io_executor executor = co_await asio::this_coro::executor;
        co_await asio::post(executor, asio::use_awaitable);
        co_return co_await generator_.generate(row);
    } catch (const boost::system::system_error& error) {
        if (error.code() == asio::error::operation_aborted) co_return released(row.lease);
        unexpected = error.what();
    } catch (const std::exception& error) {
        unexpected = error.what();
    }
    log::error("unexpected", {{"row", row.lease.id}, {"error", unexpected}});
    co_return after_unexpected(row.lease, row.attempts, settings_.max_attempts);
}

}  // namespace spotter::pipeline
