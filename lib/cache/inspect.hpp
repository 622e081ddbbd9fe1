#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cache/upkeep.hpp"
#include "db/session.hpp"

/// What people ask of the caches, from the command line. Each is one of the SQL functions of
/// schema/0015_upkeep.sql; throws as libpqxx does.
namespace spotter::cache {

/// As a JSON array, an object each kind: kind, entries, expired, megabytes, oldest (null: the cache was
/// dropped), hits, shared, misses, hit_rate (percent), trimmed, invalidated (entries) of the last so many
/// days.
std::string stats(db::Session& session, int days);

/// As a JSON array, an object each day (in UTC, the latest first) and kind on which there was something to
/// count: day, kind, hits, shared, misses, hit_rate, trimmed, invalidated.
std::string stats_by_day(db::Session& session, int days);

/// Whether the kind's cache is there; it may have been dropped, and then there is nothing to trim or
/// invalidate.
bool is_there(db::Session& session, const std::string& kind);

/// Deletes expired entries, and those beyond the limits. Returns how many.
std::int64_t trim_all(db::Session& session, const std::string& kind, const Limits& limits);

/// Fills the cache for a JSON array of objects {"user": uuid, "input": object}; either may be missing.
/// Returns how many rows that makes.
std::int64_t warm(db::Session& session, const std::string& kind, const std::string& wishes);

/// What is known of a user, or by a key, answers nobody any more; nullopt is every user, or every key.
/// Returns how many entries that were.
std::int64_t invalidate(db::Session& session, const std::string& kind, const std::optional<std::string>& user,
                        const std::optional<std::string>& key);

}  // namespace spotter::cache
