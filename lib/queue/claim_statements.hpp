#pragma once

#include <string>
#include <string_view>

#include "queue/lane.hpp"

namespace spotter::queue {

/// Whether a claim asks the cache.
enum class Cache { asked, left_out };

/// What a claim of a lane says. It looks at ready rows: a cached row is completed at once, inside the
/// database; a row whose key is in the air waits for that; up to $5 of the others become ours, one a key, in
/// the order of their users' shares. $1 rows to look at, $2 how many seconds before now a row became ready at
/// the earliest (null: at any time), $3 seconds of waiting that a step of priority is worth, $4 how many of
/// the rows to look at are found by turns, $5 free slots, $6 versions of prompt, rules and models, $7
/// worker's id, $8 rows of one user that may be worked on at once (null: any), $9 how many times the share of
/// others a paying user has. Returns one row a claimed miss, and one without an id that holds the numbers of
/// hits, of rows looked at and of rows that wait for another now, and how many seconds the oldest had been
/// ready.
///
/// It is committed without waiting for the disk: a claim is a promise to nobody. One that a crash of the
/// server undoes leaves its rows as they were.
std::string claim_text(const Table& table, const std::string& kind, Cache cache);

/// The same for one row, whatever stands before it: $10, its id.
std::string claim_one_text(const Table& table, const std::string& kind, Cache cache);

/// The ids of the rows that a claim would look at; $1 to $4 as there.
std::string ready_ids_text(const Table& table, const std::string& kind);

/// Fails with 55P03 while somebody has locked the kind's cache.
std::string probe_cache_text(const std::string& kind);

/// What an UPDATE of `table` sets when a row gets its content: each column to `value`, in which {value}
/// stands for the column's new value and {column} for its name.
std::string assignments(const Table& table, std::string_view value = "{value}");

}  // namespace spotter::queue
