#include "pipeline/maintenance.hpp"

#include <fmt/format.h>

#include <cmath>

#include "async/pause.hpp"
#include "base/log.hpp"

namespace spotter::pipeline {

using namespace std::chrono_literals;
using boost::asio::awaitable;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

Maintenance::Maintenance(queue::Queue& queue, Config::Queue settings, Metrics& metrics,
                         std::function<std::uint64_t()> settled, std::function<void()> rows_freed)
    : queue_(queue),
      settings_(settings),
      metrics_(metrics),
      settled_(std::move(settled)),
      rows_freed_(std::move(rows_freed)) {}

awaitable<void> Maintenance::beat() {
    const Seconds late = (settings_.beat + settings_.lease) / 2;
    for (;;) {
        self_.rate = rate();
        auto beaten = co_await queue_.beat(self_, late, settings_.lease);
        if (!beaten) {
            metrics_.database_errors.Increment();
            if (beating_) log::warn("beat_failed", {{"error", beaten.error().message}});
        }
        beating_ = beaten.has_value();
        co_await async::pause_about(beating_ ? settings_.beat : std::min(settings_.beat, Seconds(1)));
    }
}

awaitable<void> Maintenance::rescue() {
    for (;;) {
        for (std::size_t table = 0; table < queue_.tables(); ++table) co_await rescue_in(table);
        co_await bury();
        co_await mend_flights();
        co_await async::pause_about(settings_.lease / 3);
    }
}

awaitable<void> Maintenance::rescue_in(std::size_t table) {
    auto rescued = co_await queue_.rescue(self_, table, settings_.lease, settings_.max_crashes);
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

awaitable<void> Maintenance::bury() {
    auto buried = co_await queue_.bury(self_, settings_.lease);
    if (!buried) log::warn("bury_failed", {{"error", buried.error().message}});
}

awaitable<void> Maintenance::mend_flights() {
    auto mended = co_await queue_.mend_flights();
    if (!mended) {
        log::warn("mend_failed", {{"error", mended.error().message}});
        co_return;
    }
    if (mended->flights == 0 && mended->rows == 0) co_return;
    log::warn("flights_mended", {{"flights", mended->flights}, {"rows_freed", mended->rows}});
    rows_freed_();
}

double Maintenance::rate() {
    auto now = steady_clock::now();
    double passed = Seconds(now - rated_).count();
    if (passed <= 0) return self_.rate;
    std::uint64_t settled = settled_();
    double present = static_cast<double>(settled - settled_before_) / passed;
    double weight = 1 - std::exp(-passed / 60);
    settled_before_ = settled;
    rated_ = now;
    return self_.rate + weight * (present - self_.rate);
}

awaitable<void> Maintenance::look_for_pauses() {
    for (;;) {
        if (auto pauses = co_await queue_.paused()) tell_of_pauses(*pauses);
        co_await async::pause_about(settings_.beat);
    }
}

/// A pause that nobody lifts is told of again and again.
void Maintenance::tell_of_pauses(const std::vector<queue::Pause>& pauses) {
    paused_.clear();
    std::string state;
    for (const queue::Pause& pause : pauses) {
        std::string why = pause.reason.empty() ? "" : ": " + pause.reason;
        paused_.push_back(fmt::format("{} for {:.0f} s by {}{}",
                                      pause.kind == "*" ? "everything" : pause.kind, pause.since.count(),
                                      pause.by, why));
        state += pause.kind + why + "\n";
    }
    metrics_.paused.Set(static_cast<double>(paused_.size()));
    if (!pauses_reminder_.due(std::move(state), steady_clock::now())) return;
    if (paused_.empty()) log::info("resumed");
    for (const std::string& what : paused_)
        log::warn("paused", {{"what", what}, {"do", "spotter resume, when it is time"}});
}

awaitable<void> Maintenance::look_for_put_off() {
    auto numbers = co_await queue_.put_off();
    if (!numbers) co_return;
    for (const auto& [reason, number] : put_off_) metrics_.rows_put_off(reason).Set(0);
    put_off_ = std::move(*numbers);
    for (const auto& [reason, number] : put_off_) metrics_.rows_put_off(reason).Set(number);
}

awaitable<void> Maintenance::measure() {
    for (;;) {
        auto depth = co_await queue_.depth();
        if (depth) {
            metrics_.rows_pending.Set(static_cast<double>(depth->pending));
            metrics_.rows_processing.Set(static_cast<double>(depth->processing));
            metrics_.oldest_ready.Set(depth->oldest.count());
        }
        co_await look_for_put_off();
        co_await async::pause_about(Seconds(30));
    }
}

/// Walks through the whole of each table, a few pages at a time, in most of a day; no index is kept for it.
awaitable<void> Maintenance::trim() {
    constexpr int pages = 256;
    std::size_t table = 0;
    std::int64_t page = 0;
    for (;;) {
        co_await async::pause_about(Seconds(10));
        auto trimmed = co_await queue_.trim(table, page, pages, settings_.keep);
        if (!trimmed) log::warn("trim_failed", {{"error", trimmed.error().message}});
        if (!trimmed && trimmed.error().kind != db::Failure::Kind::refused) continue;
        // Where the table refuses it of one row, those after it have their turn all the same.
        const bool end = trimmed && trimmed->end;
        if (trimmed && trimmed->rows > 0) log::debug("trimmed", {{"rows", trimmed->rows}});
        page = end ? 0 : page + pages;
        if (end) table = (table + 1) % queue_.tables();
    }
}

}  // namespace spotter::pipeline
