#pragma once

#include <string>

#include "queue/claim_statements.hpp"
#include "queue/lane.hpp"

namespace spotter::queue {

/// What settling rows of a lane says. Settles many rows, caches what was completed and completes those that
/// waited for it. $1 JSON array of settlements (settlement_json.hpp), $2 a cache entry's life in seconds, $3
/// how many times as long it lives for a paying user. Returns the ids that still carried their token, each
/// with its key if rows that wait for it could not be completed with it (`free_stranded` sees to these), how
/// many were, whether it was left alone because somebody has it locked, and what went wrong with the cache,
/// if anything.
std::string settle_text(const Table& table, const std::string& kind);

}  // namespace spotter::queue
