#include "pipeline/cache_upkeep.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "async/pause.hpp"
#include "base/log.hpp"

namespace spotter::pipeline {

using namespace std::chrono_literals;
using boost::asio::awaitable;

namespace {

constexpr Seconds tick{2};
constexpr auto between_looks_for_caches = 15s;
constexpr int batch = 500;

/// What is configured for `kind`, else `otherwise`; 0 is no limit.
std::optional<std::int64_t> limit(const std::map<std::string, int>& configured, const std::string& kind,
                                  std::int64_t otherwise) {
    auto set = configured.find(kind);
    std::int64_t most = set != configured.end() ? set->second : otherwise;
    return most > 0 ? std::optional(most) : std::nullopt;
}

}  // namespace

Seconds cache_life(const Config::Cache& settings, const work::Kind& kind) {
    auto set = settings.life.find(std::string(kind.name));
    return set != settings.life.end() ? set->second : Seconds(kind.cache_life);
}

cache::Limits cache_limits(const Config::Cache& settings, const work::Kind& kind) {
    std::string name(kind.name);
    auto megabytes = limit(settings.megabytes, name, 1024);
    return {limit(settings.entries, name, kind.cache_entries),
            megabytes ? std::optional(*megabytes * 1024 * 1024) : std::nullopt};
}

CacheUpkeep::CacheUpkeep(db::Pool& pool, Config::Cache settings, Seconds finished_requests,
                         std::function<std::string(const std::string&)> versions)
    : pool_(pool), settings_(std::move(settings)), versions_(std::move(versions)) {
    constexpr int many = 10000;
    chores_.push_back({"count_cache_use", 4s, many, [this] { return cache::count_use(pool_, many); }});
    auto keep = finished_requests > 0s ? std::optional(finished_requests) : std::nullopt;
    chores_.push_back(
        {"clear_requests", 60s, batch, [this, keep] { return cache::clear_requests(pool_, keep, batch); }});
    chores_.push_back({"clear_ledgers", 3600s, batch, [this] { return cache::clear_ledgers(pool_, batch); }});
    add_trims();
    if (settings_.refresh_ahead) add_refreshes();
    chores_.push_back({"refresh_reports", 3600s, 1, [this]() -> cache::Answer<int> {
                           auto refreshed = co_await cache::refresh_reports(pool_);
                           if (!refreshed) co_return refreshed.error();
                           co_return 0;
                       }});
}

void CacheUpkeep::add_trims() {
    for (const work::Kind* kind : work::all_kinds()) {
        std::string name(kind->name);
        cache::Limits limits = cache_limits(settings_, *kind);
        chores_.push_back({"trim_" + name, 300s, batch,
                           [this, name, limits] { return cache::trim(pool_, name, limits, batch); }});
    }
}

void CacheUpkeep::add_refreshes() {
    constexpr int few = 20;
    for (const work::Kind* kind : work::all_kinds()) {
        std::string name(kind->name);
        // Looked for often enough that what expires is seen in time, and late enough that it was worth its
        // life.
        Seconds within = cache_life(settings_, *kind) / 10;
        chores_.push_back(
            {"refresh_" + name, std::clamp<Seconds>(within / 4, 5s, 300s), few + 1, [this, name, within] {
                 return cache::refresh_ahead(pool_, name, versions_(name), within, few);
             }});
    }
}

awaitable<void> CacheUpkeep::run() {
    std::chrono::steady_clock::time_point look_again{};
    for (;;) {
        if (auto now = std::chrono::steady_clock::now(); now >= look_again) {
            look_again = now + between_looks_for_caches;
            co_await look_for_caches();
        }
        co_await look_for_due();
        bool more = false;
        for (Chore& chore : chores_) {
            if (chore.due) co_await do_a_batch(chore);
            more = more || chore.due;
        }
        co_await async::pause_about(more ? Seconds(0.1) : tick);
    }
}

/// For whoever looks into the log why nothing hits.
awaitable<void> CacheUpkeep::look_for_caches() {
    auto caches = co_await cache::look_at_caches(pool_);
    if (!caches || *caches == caches_) co_return;
    caches_ = std::move(*caches);
    log::info("caches_ready", {{"kinds", fmt::format("{}", fmt::join(caches_.there, ","))}});
    for (const std::string& kind : caches_.missing)
        log::warn("cache_missing",
                  {{"kind", kind}, {"do", "spotter migrate makes its table again; or go on without"}});
}

/// Takes those that nobody else has taken.
awaitable<void> CacheUpkeep::look_for_due() {
    auto resting = co_await cache::resting_chores(pool_);
    if (!resting) co_return;
    for (Chore& chore : chores_) {
        if (chore.due || std::find(resting->begin(), resting->end(), chore.name) != resting->end()) continue;
        auto ours = co_await cache::take_chore(pool_, chore.name, chore.every, worker_);
        chore.due = ours && *ours;
    }
}

/// One batch, so that a long chore keeps no other waiting.
awaitable<void> CacheUpkeep::do_a_batch(Chore& chore) {
    auto some = co_await chore.once();
    if (!some) log::warn("chore_failed", {{"chore", chore.name}, {"error", some.error().message}});
    if (some && *some > 0) log::debug("chore_done", {{"chore", chore.name}, {"rows", *some}});
    chore.due = some && *some >= chore.batch;
}

}  // namespace spotter::pipeline
