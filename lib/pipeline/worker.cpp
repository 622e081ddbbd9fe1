#include "pipeline/worker.hpp"

#include <boost/asio/this_coro.hpp>

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

bool mostly_cached(const Claim& claim) {
    return claim.hits * 2 >= claim.looked_at;
}

int claim_batch(int most, int free_slots, const Claim& last) {
    constexpr int least = 16;
    if (mostly_cached(last)) return most;
    return std::min(most, std::max(least, free_slots));
}

Worker::Worker(asio::any_io_executor executor, queue::Queue& queue, Generator& generator, Settler& settler,
               Config::Queue settings, Metrics& metrics)
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
      bells_{async::Event(executor), async::Event(executor), async::Event(executor)} {}

void Worker::wake() {
    bells_[0].ring();
}

void Worker::stop() {
    stopping_ = true;
    for (async::Event& bell : bells_) bell.ring();
}

awaitable<void> Worker::claim_rows(std::size_t claimer) {
    async::Backoff backoff(200ms, 5s);
    while (!stopping_) {
        last_look_ = std::chrono::steady_clock::now();
        if (std::chrono::steady_clock::now() >= look_for_orphans_again_) orphans_ = true;
        if (orphans_) {
            co_await take_back_orphans(backoff);
            continue;
        }
        if (co_await look(backoff)) {
            bells_[(claimer + 1) % claimers].ring();
            continue;
        }
        // Only the first claimer looks by itself; the others are rung when there is much to do.
        auto poll = std::chrono::duration_cast<std::chrono::milliseconds>(settings_.poll);
        auto pause = claimer == 0 ? async::Backoff::jittered(poll, 0.8, 1.2) : 24h;
        co_await bells_[claimer].wait_until(std::chrono::steady_clock::now() + pause);
    }
}

awaitable<bool> Worker::look(async::Backoff& backoff) {
    int slots = std::max(0, free_slots());
    int batch = claim_batch(settings_.batch, slots, last_);
    slots = std::min(slots, batch);
    promised_ += slots;
    ++claiming_;
    auto began = std::chrono::steady_clock::now();
    auto claim = co_await queue_.claim(self_, batch, slots);
    if (!claim && claim.error().kind == db::Failure::Kind::refused) {
        log::warn("claim_one_by_one", {{"error", claim.error().message}});
        claim = co_await queue_.claim_one_by_one(self_, batch, slots);
    }
    promised_ -= slots;
    --claiming_;
    if (!claim) {
        metrics_.database_errors.Increment();
        if (problem_.empty()) log::error("claim_failed", {{"error", claim.error().message}});
        problem_ = claim.error().message;
        orphans_ = true;
        co_await async::sleep_for(backoff.next());
        bells_[0].ring();  // it is due now, not at the next poll
        co_return false;
    }
    metrics_.claim_seconds.Observe(queue::Seconds(std::chrono::steady_clock::now() - began).count());
    if (!problem_.empty()) log::info("claiming_again");
    problem_.clear();
    backoff.reset();
    last_ = {{}, claim->hits, claim->looked_at, {}};
    bool found = claim->hits > 0 || !claim->rows.empty();
    dispatch(std::move(*claim));
    bool full = found && last_.looked_at >= batch;
    if (!full) co_return false;
    co_return free_slots() > 0 || mostly_cached(last_);
}

/// Waits until no claim is under way, so that every token of ours is known, and gives back what is not in our
/// hands.
awaitable<void> Worker::take_back_orphans(async::Backoff& backoff) {
    if (claiming_ > 0) {
        co_await async::sleep_for(50ms);
        co_return;
    }
    std::vector<std::int64_t> held(held_.begin(), held_.end());
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
}

void Worker::dispatch(Claim claim) {
    if (!claim.cache_error.empty()) {
        log::warn("cache_unavailable", {{"during", "look-up"}, {"error", claim.cache_error}});
        metrics_.cache_errors("read").Increment();
    }
    if (claim.hits > 0) {
        metrics_.rows_settled("completed", "cache").Increment(claim.hits);
        log::info("settled_from_cache", {{"rows", claim.hits}});
    }
    metrics_.rows_claimed.Increment(static_cast<double>(claim.rows.size()));
    for (ClaimedRow& row : claim.rows) {
        held_.insert(row.lease.token);
        std::string id = row.lease.id;
        rows_.spawn(std::move(id), see_through(std::move(row)));
    }
}

awaitable<void> Worker::see_through(ClaimedRow row) {
    struct Held {
        std::unordered_set<std::int64_t>& tokens;
        std::int64_t token;
        ~Held() { tokens.erase(token); }
    } held{held_, row.lease.token};
    queue::Settlement settlement = co_await attempt(std::move(row));
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await settler_.settle(std::move(settlement));
    // This task still counts as busy; the claimer runs after it is gone.
    asio::post(co_await asio::this_coro::executor, [this] { wake(); });
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
