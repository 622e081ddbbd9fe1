#include "pipeline/settler.hpp"

#include <fmt/format.h>

#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <unordered_set>
#include <utility>

#include "async/backoff.hpp"
#include "async/timeout.hpp"
#include "base/log.hpp"

namespace spotter::pipeline {

using namespace std::chrono_literals;
using boost::asio::awaitable;
using queue::Settlement;
using Kind = db::Failure::Kind;

namespace {

constexpr std::size_t batch_rows = 256;
constexpr std::size_t most_in_vain = 2;       // rows, one after the other, before the rest is left for later
constexpr std::size_t most_put_aside = 1000;  // of those that have no slot any more
constexpr std::string_view write_refused = "write_refused";
constexpr std::size_t batch_bytes = 2 << 20;  // which a session's work_mem has room for

/// As the metrics have it.
std::string_view outcome_of(const Settlement& settlement) {
    return settlement.status == Settlement::Status::pending ? "deferred" : queue::name(settlement.status);
}

std::string_view source_of(const Settlement& settlement) {
    if (settlement.status != Settlement::Status::completed) return "none";
    return settlement.model == "builtin" ? "builtin" : "model";
}

void log_settled(const Settlement& settlement) {
    const std::string& row = settlement.lease.id;
    switch (settlement.status) {
        case Settlement::Status::completed:
            log::info("completed", {{"row", row}, {"model", settlement.model}, {"calls", settlement.calls}});
            break;
        case Settlement::Status::failed:
            log::warn("failed", {{"row", row}, {"code", settlement.error_code}, {"calls", settlement.calls}});
            break;
        case Settlement::Status::pending:
            log::info("deferred",
                      {{"row", row}, {"reason", settlement.reason}, {"seconds", settlement.wait.count()}});
            break;
    }
}

}  // namespace

Settlement refused(Settlement settlement) {
    settlement.status = Settlement::Status::failed;
    settlement.error_code = write_refused;
    settlement.error =
        "The result was ready, but a trigger or a constraint of the table would not take it; the service's "
        "log says which. Once that is mended, set generation_status to 'pending' again.";
    return settlement;
}

Settler::Settler(boost::asio::any_io_executor executor, queue::Queue& queue,
                 std::vector<queue::CacheLife> lives, Metrics& metrics)
    : executor_(executor), queue_(queue), lives_(std::move(lives)), metrics_(metrics), arrived_(executor) {}

awaitable<void> Settler::settle(Settlement settlement) {
    auto entry = std::make_shared<Entry>(Entry{std::move(settlement), async::Event(executor_), false});
    waiting_.push_back(entry);
    arrived_.ring();
    return settled(std::move(entry));
}

awaitable<void> Settler::settled(std::shared_ptr<Entry> entry) {
    co_await entry->done.wait();
}

awaitable<void> Settler::run() {
    for (;;) {
        co_await arrival();
        Batch batch = take_batch();
        co_await flush(std::move(batch));
    }
}

/// Until there is something to write.
awaitable<void> Settler::arrival() {
    for (;;) {
        if (!put_aside_.empty() && std::chrono::steady_clock::now() >= again_)
            for (auto& entry : std::exchange(put_aside_, {})) waiting_.push_back(std::move(entry));
        if (!waiting_.empty()) co_return;
        auto until = put_aside_.empty() ? std::chrono::steady_clock::time_point::max() : again_;
        co_await arrived_.wait_until(until);
    }
}

void Settler::put_aside(std::shared_ptr<Entry> entry) {
    if (put_aside_.empty())
        again_ = std::chrono::steady_clock::now() + async::Backoff::jittered(1s, 0.75, 1.0);
    put_aside_.push_back(std::move(entry));
}

/// Of one lane, in the order of their coming.
Settler::Batch Settler::take_batch() {
    Batch batch;
    std::deque<std::shared_ptr<Entry>> left;
    const std::size_t lane = waiting_.front()->settlement.lease.lane;
    std::size_t bytes = 0;
    for (auto& entry : waiting_) {
        const Settlement& settlement = entry->settlement;
        bool fits = settlement.lease.lane == lane && batch.size() < batch_rows && bytes < batch_bytes;
        if (!fits) {
            left.push_back(std::move(entry));
            continue;
        }
        bytes += settlement.content.size();
        batch.push_back(std::move(entry));
    }
    waiting_ = std::move(left);
    return batch;
}

awaitable<void> Settler::flush(Batch batch) {
    async::Backoff backoff(100ms, 5s);
    for (;;) {
        auto settled = co_await write(batch);
        if (settled) {
            finish(batch, *settled);
            co_return;
        }
        const Kind kind = settled.error().kind;
        const bool for_now = kind == Kind::busy || kind == Kind::unfit;  // others may be written meanwhile
        if (kind == Kind::refused || (for_now && batch.size() > 1)) {
            co_await flush_one_by_one(std::move(batch));
            co_return;
        }
        delayed(batch.size(), settled.error().message);
        if (for_now) {
            put_aside(std::move(batch.front()));
            co_return;
        }
        // In doubt or away: the token makes it safe to send the same again.
        if (kind == Kind::in_doubt)
            for (const auto& entry : batch) entry->in_doubt = true;
        co_await async::sleep_for(backoff.next());
    }
}

/// One row that the database refuses does not keep the others waiting; a table that is locked, or not as it
/// should be, is not waited for row by row.
awaitable<void> Settler::flush_one_by_one(Batch batch) {
    Batch in_vain, untried;
    std::string why;
    for (auto& entry : batch) {
        if (in_vain.size() >= most_in_vain) {
            untried.push_back(std::move(entry));
            continue;
        }
        Batch alone{entry};
        auto settled = co_await write(alone);
        if (!settled && settled.error().kind == Kind::refused && !entry->settlement.alone) {
            // It may be one that waits for this row whom the database refuses: those are left to the cache.
            entry->settlement.alone = true;
            settled = co_await write(alone);
        }
        if (settled) {
            finish(alone, *settled);
            continue;
        }
        if (settled.error().kind == Kind::refused) {
            log::error("settle_refused",
                       {{"row", entry->settlement.lease.id}, {"error", settled.error().message}});
            if (entry->settlement.error_code == write_refused) let_go(*entry);
            entry->settlement = refused(std::move(entry->settlement));
            if (put_aside_.size() < most_put_aside || !entry->let_go) put_aside(std::move(entry));
        } else {
            why = settled.error().message;
            entry->in_doubt = entry->in_doubt || settled.error().kind == Kind::in_doubt;
            in_vain.push_back(std::move(entry));
        }
    }
    if (in_vain.empty()) co_return;
    delayed(untried.size() + in_vain.size(), why);
    for (Batch* left : {&untried, &in_vain})
        for (auto& entry : *left) put_aside(std::move(entry));
}

/// Not even that it fails can be written. That is tried on, but may take for ever, and its slot is for
/// others; should we end, the row is found by our silence.
void Settler::let_go(Entry& entry) {
    if (!std::exchange(entry.let_go, true))
        log::error("row_stuck", {{"row", entry.settlement.lease.id},
                                 {"do", "mend the trigger or constraint that settle_refused tells of"}});
    entry.done.ring();
}

void Settler::delayed(std::size_t rows, const std::string& why) {
    log::warn("settle_delayed", {{"rows", rows}, {"error", why}});
    problem_ = why;
}

awaitable<db::Outcome<queue::Settled>> Settler::write(const Batch& batch) {
    std::vector<Settlement> settlements;
    for (const auto& entry : batch) settlements.push_back(entry->settlement);
    const queue::CacheLife life = lives_.at(settlements.front().lease.lane);
    co_return co_await queue_.settle(std::move(settlements), life);
}

void Settler::finish(const Batch& batch, const queue::Settled& settled) {
    if (waiting() == 0) problem_.clear();  // what was put aside may be on its way for another try
    if (!settled.cache_error.empty()) {
        log::warn("cache_unavailable", {{"during", "write"}, {"error", settled.cache_error}});
        metrics_.cache_errors("write").Increment();
    }
    const std::string& kind = queue_.lanes()[batch.front()->settlement.lease.lane].kind;
    if (settled.shared > 0) {
        metrics_.rows_settled(kind, "completed", "flight").Increment(settled.shared);
        log::info("settled_with_the_same", {{"rows", settled.shared}});
    }
    std::unordered_set<std::string> accepted(settled.accepted.begin(), settled.accepted.end());
    std::unordered_set<std::string> locked(settled.locked.begin(), settled.locked.end());
    for (const auto& entry : batch) {
        const Settlement& settlement = entry->settlement;
        if (locked.contains(settlement.lease.id)) {
            log::info("settle_delayed",
                      {{"row", settlement.lease.id}, {"why", "somebody has the row locked"}});
            put_aside(entry);
            continue;
        }
        if (accepted.contains(settlement.lease.id)) {
            metrics_.rows_settled(kind, outcome_of(settlement), source_of(settlement)).Increment();
            if (settlement.status == Settlement::Status::failed)
                metrics_.rows_failed(kind, settlement.error_code).Increment();
            log_settled(settlement);
        } else if (entry->in_doubt) {
            log::info("settled_or_dropped", {{"row", settlement.lease.id},
                                             {"outcome", outcome_of(settlement)},
                                             {"why",
                                              "an earlier try, whose answer was lost, or another worker "
                                              "settled it"}});
        } else {
            metrics_.writes_dropped.Increment();
            log::warn("settle_dropped", {{"row", settlement.lease.id},
                                         {"outcome", outcome_of(settlement)},
                                         {"why", "the row's lease was lost, or the row is gone"}});
        }
        entry->done.ring();
    }
}

}  // namespace spotter::pipeline
