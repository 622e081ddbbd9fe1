#include "pipeline/worker.hpp"

#include <boost/asio/this_coro.hpp>
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

namespace {

/// After that the server has ended a claim whose connection broke.
constexpr auto longest_statement = 35s;

}  // namespace

Worker::Worker(asio::any_io_executor executor, queue::Queue& queue, Generator& generator, Settler& settler,
               Config::Queue settings, bool rings, Metrics& metrics)
    : queue_(queue),
      generator_(generator),
      settler_(settler),
      settings_(settings),
      metrics_(metrics),
      rows_(executor,
            [this](const std::string& row, std::exception_ptr) {
                log::error("row_dropped", {{"row", row}});
                orphans_ = true;  // still leased to us, and nobody sees to it
                wake();
            }),
      bells_{async::Event(executor), async::Event(executor), async::Event(executor)},
      lease_bell_(executor),
      rhythm_(std::chrono::duration_cast<std::chrono::milliseconds>(settings.poll), rings) {}

void Worker::wake() {
    rung_ = true;
    bells_[0].ring();
}

void Worker::wake_for_all() {
    horizon_.forget();
    bells_[0].ring();
}

void Worker::heard(const std::string& payload) {
    if (payload == "leases") {
        lease_bell_.ring();
        wake_for_all();
    } else {
        wake();
    }
}

void Worker::stop() {
    stopping_ = true;
    for (async::Event& bell : bells_) bell.ring();
}

awaitable<void> Worker::claim_rows(std::size_t claimer) {
    async::Backoff backoff(200ms, 5s);
    while (!stopping_) {
        last_look_ = Clock::now();
        if (Clock::now() >= look_for_orphans_again_) orphans_ = true;
        if (orphans_) {
            co_await take_back_orphans(backoff);
            continue;
        }
        bool rung = claimer == 0 && std::exchange(rung_, false);
        Found found = co_await look(backoff);
        if (found.more) {
            bells_[(claimer + 1) % claimers].ring();
            continue;
        }
        // Somebody rang for a row that is older than we look for: its transaction took its time.
        if (rung && !found.something && horizon_.is_set()) {
            horizon_.forget();
            due_ = std::min(due_.value_or(horizon_.next_whole_look()), horizon_.next_whole_look());
        }
        if (claimer == 0) {
            Rhythm::Looked looked{found.something, free_slots() > 0, rung, found.left};
            Rhythm::Next next = rhythm_.after_look(looked, Clock::now());
            co_await pause(next, claimer);
        } else {
            co_await bells_[claimer].wait();  // the others are rung when there is much to do
        }
    }
}

awaitable<void> Worker::pause(Rhythm::Next next, std::size_t claimer) {
    if (next.bell == Rhythm::Bell::arm) {
        auto armed = co_await queue_.arm_bell(self_);
        if (!armed) rhythm_.forget();
        horizon_.forget();  // what came while nobody would have rung is looked for everywhere
    } else if (next.bell == Rhythm::Bell::disarm) {
        co_await queue_.disarm_bell(self_);  // should that fail they ring on, which only costs them time
    }
    auto until = Clock::now() + async::Backoff::jittered(next.pause, 0.8, 1.2);
    if (due_ && *due_ < until) {
        until = *due_ + 10ms;
        due_.reset();
    }
    co_await bells_[claimer].wait_until(until);
}

awaitable<Worker::Found> Worker::look(async::Backoff& backoff) {
    auto began = Clock::now();
    queue::Look look = next_look(settings_.batch, free_slots(), last_);
    look.since = horizon_.since(began);
    promised_ += look.slots;
    ++claiming_;
    bool one_by_one = false;
    auto claim = co_await queue_.claim(self_, look);
    if (!claim && claim.error().kind == db::Failure::Kind::refused) {
        log::warn("claim_one_by_one", {{"error", claim.error().message}});
        claim = co_await queue_.claim_one_by_one(self_, look);
        one_by_one = true;
    }
    promised_ -= look.slots;
    --claiming_;
    if (!claim) {
        metrics_.database_errors.Increment();
        if (problem_.empty()) log::error("claim_failed", {{"error", claim.error().message}});
        problem_ = claim.error().message;
        orphans_ = true;
        rhythm_.forget();
        horizon_.forget();
        co_await async::sleep_for(backoff.next());
        bells_[0].ring();  // it is due now, not at the next poll
        co_return Found{};
    }
    metrics_.claim_seconds.Observe(queue::Seconds(Clock::now() - began).count());
    if (!problem_.empty()) log::info("claiming_again");
    problem_.clear();
    backoff.reset();
    one_by_one ? horizon_.forget() : horizon_.looked(look, *claim, began);
    Found found;
    found.something = claim->hits > 0 || claim->parked > 0 || !claim->rows.empty();
    found.left = left_behind(*claim) > 0;
    bool full = found.something && is_full(*claim, look);
    last_ = {{}, claim->hits, claim->parked, claim->looked_at, {}};
    dispatch(std::move(*claim));
    short_of_slots_ = found.left || free_slots() <= 0;
    found.more = full && (free_slots() > 0 || mostly_cached(last_));
    co_return found;
}

/// Waits until no claim is under way, so that every token of ours is known, and gives back what is not in our
/// hands.
awaitable<void> Worker::take_back_orphans(async::Backoff& backoff) {
    if (claiming_ > 0) {
        co_await async::sleep_for(50ms);
        co_return;
    }
    std::vector<std::int64_t> held;
    for (const auto& [lease, row] : held_) held.push_back(lease.token);
    ++claiming_;
    auto taken = co_await queue_.reclaim_orphans(self_, std::move(held));
    --claiming_;
    bool one_will_not_come = !taken && taken.error().kind == db::Failure::Kind::refused;
    if (one_will_not_come) log::error("orphans_refused", {{"error", taken.error().message}});
    if (!taken && !one_will_not_come) {
        co_await async::sleep_for(backoff.next());
        co_return;
    }
    if (taken)
        for (const std::string& row : *taken) log::warn("orphan_taken_back", {{"row", row}});
    bool was_the_second_look = std::chrono::steady_clock::now() >= look_for_orphans_again_;
    look_for_orphans_again_ = was_the_second_look ? std::chrono::steady_clock::time_point::max()
                                                  : std::chrono::steady_clock::now() + longest_statement;
    orphans_ = false;
    horizon_.forget();
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

void Worker::dispatch(Claim claim) {
    if (!claim.cache_error.empty()) {
        log::warn("cache_unavailable", {{"during", "look-up"}, {"error", claim.cache_error}});
        metrics_.cache_errors("read").Increment();
    }
    if (claim.hits > 0) {
        settled_ += static_cast<std::uint64_t>(claim.hits);
        metrics_.rows_settled("completed", "cache").Increment(claim.hits);
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
    queue::Settlement settlement = co_await attempt(std::move(row));
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
        co_await settler_.settle(std::move(settlement));
        if (status == queue::Settlement::Status::pending)
            due_ = std::min(due_.value_or(due), due);
        else
            ++settled_;
        // Whoever waited for a row that ended without content may be next, though it is not new.
        if (!completed) horizon_.forget();
    }
    // This task still counts as busy; the claimer runs after it is gone. Nobody waits for what was completed
    // but who waits for its slot.
    if (completed && !short_of_slots_) co_return;
    asio::post(co_await asio::this_coro::executor, [this] { bells_[0].ring(); });
}

/// The generator's outcome, whatever happens to it: a row is never left without one.
awaitable<queue::Settlement> Worker::attempt(ClaimedRow row) {
    queue::Lease lease = row.lease;
    int attempts = row.attempts;
    if (abandoned_) co_return released(lease);
    std::string unexpected;
    try {
        co_return co_await generator_.generate(std::move(row));
    } catch (const boost::system::system_error& error) {
        if (error.code() == asio::error::operation_aborted) co_return released(lease);
        unexpected = error.what();
    } catch (const std::exception& error) {
        unexpected = error.what();
    }
    log::error("unexpected", {{"row", lease.id}, {"error", unexpected}});
    co_return after_unexpected(lease, attempts, settings_.max_attempts);
}

}  // namespace spotter::pipeline
