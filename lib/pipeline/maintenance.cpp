#include "pipeline/maintenance.hpp"

#include "async/backoff.hpp"
#include "async/timeout.hpp"
#include "base/log.hpp"
#include "cache/program_cache.hpp"

namespace spotter::pipeline {

using namespace std::chrono_literals;
using boost::asio::awaitable;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

awaitable<void> pause(Seconds about) {
    co_await async::sleep_for(
        async::Backoff::jittered(std::chrono::duration_cast<milliseconds>(about), 0.8, 1.0));
}

}  // namespace

Maintenance::Maintenance(db::Pool& pool, queue::Queue& queue, Config::Queue settings, Metrics& metrics,
                         std::function<void()> rows_freed)
    : pool_(pool),
      queue_(queue),
      settings_(settings),
      metrics_(metrics),
      rows_freed_(std::move(rows_freed)) {}

awaitable<void> Maintenance::beat() {
    for (;;) {
        auto beaten = co_await queue_.beat(self_);
        if (!beaten) {
            metrics_.database_errors.Increment();
            if (beating_) log::warn("beat_failed", {{"error", beaten.error().message}});
        }
        beating_ = beaten.has_value();
        judge_own_silence();
        if (beating_) last_beat_ = std::chrono::system_clock::now();
        co_await pause(beating_ ? settings_.beat : std::min(settings_.beat, Seconds(1)));
    }
}

awaitable<void> Maintenance::rescue() {
    for (;;) {
        judge_own_silence();
        if (steady_clock::now() >= deaf_until_) co_await rescue_once();
        co_await pause(settings_.lease / 3);
    }
}

void Maintenance::judge_own_silence() {
    if (beating_ && std::chrono::system_clock::now() - last_beat_ < settings_.lease) return;
    deaf_until_ = steady_clock::now() + std::chrono::duration_cast<steady_clock::duration>(settings_.lease);
}

awaitable<void> Maintenance::rescue_once() {
    auto rescued = co_await queue_.rescue(self_, settings_.lease, settings_.max_crashes);
    if (!rescued) {
        metrics_.database_errors.Increment();
        log::warn("rescue_failed", {{"error", rescued.error().message}});
        co_return;
    }
    for (const queue::Rescued& row : *rescued) {
        metrics_.rows_rescued.Increment();
        log::warn(row.quarantined ? "quarantined" : "rescued",
                  {{"row", row.id}, {"crashes", row.crashes}, {"silent_worker", row.worker}});
    }
    if (!rescued->empty()) rows_freed_();
}

awaitable<void> Maintenance::measure() {
    for (;;) {
        auto depth = co_await queue_.depth();
        if (depth) {
            metrics_.rows_pending.Set(static_cast<double>(depth->pending));
            metrics_.rows_processing.Set(static_cast<double>(depth->processing));
            metrics_.oldest_ready.Set(depth->oldest.count());
        }
        co_await pause(Seconds(30));
    }
}

awaitable<void> Maintenance::tidy() {
    constexpr int batch = 500;
    for (;;) {
        auto expired = co_await cache::expire_programs(pool_, batch);
        if (!expired) log::warn("tidy_failed", {{"error", expired.error().message}});
        if (expired && *expired > 0) log::info("cache_expired", {{"entries", *expired}});
        bool more = expired && *expired == batch;
        co_await pause(more ? Seconds(1) : Seconds(300));
    }
}

}  // namespace spotter::pipeline
