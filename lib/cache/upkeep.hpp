#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "db/pool.hpp"

/// Upkeep of the caches. Look-ups and writes belong to a row's claim and settling, and stand in lib/queue;
/// here is what happens to entries afterwards. Each is one statement and one of the SQL functions of
/// schema/0015_upkeep.sql, most for a batch: call it again until it gives less.
namespace spotter::cache {

template <class T>
using Answer = boost::asio::awaitable<db::Outcome<T>>;

/// What a cache may take; nullopt is any amount.
struct Limits {
    std::optional<std::int64_t> entries, bytes;
};

/// The kinds that have a cache, and those whose cache was dropped.
struct Caches {
    std::vector<std::string> there, missing;

    bool operator==(const Caches&) const = default;
};
Answer<Caches> look_at_caches(db::Pool& pool);

/// The chores that are not due yet: somebody has done them lately.
Answer<std::vector<std::string>> resting_chores(db::Pool& pool);

/// Whether a chore that is due once in `every` is ours to do now. Over all daemons one is told so.
Answer<bool> take_chore(db::Pool& pool, std::string name, Seconds every, std::int64_t worker);

/// Adds up notes of use. Returns how many notes.
Answer<int> count_use(db::Pool& pool, int batch);

/// Deletes expired entries of a kind, and those beyond its limits. Returns how many.
Answer<int> trim(db::Pool& pool, std::string kind, Limits limits, int batch);

/// Asks for popular entries of these versions anew that expire within that time. Returns for how many.
Answer<int> refresh_ahead(db::Pool& pool, std::string kind, std::string versions, Seconds within, int batch);

/// Brings materialized reports up to date.
Answer<void> refresh_reports(db::Pool& pool);

/// Deletes finished requests that nobody reads, and others that finished longer than `keep` ago; nullopt
/// keeps those. Returns how many.
Answer<int> clear_requests(db::Pool& pool, std::optional<Seconds> keep, int batch);

/// Deletes what was noted and is of no use any more: answers to parts, users' turns, days of cache use.
/// Returns how many of whichever were the most.
Answer<int> clear_ledgers(db::Pool& pool, int batch);

}  // namespace spotter::cache
