#pragma once

#include "db/session.hpp"

/// Every statement that touches a queue's row, by name. Times are the database's: we send seconds, never a
/// time.
namespace spotter::queue::statements {

/// Claims ready rows: a cached row is completed at once, inside the database; up to $2 of the others become
/// ours. $1 rows to look at, $2 free slots, $3 versions of prompt, rules and models, $4 worker's id. Returns
/// one row a claimed miss, and one without an id that holds the number of hits and of rows looked at.
extern const db::Statement claim;

/// The same without the cache, for when that is out of order: every row is a miss.
extern const db::Statement claim_uncached;

/// The same as `claim` for one row, whatever stands before it. $5 its id.
extern const db::Statement claim_one;

/// The same without the cache.
extern const db::Statement claim_one_uncached;

/// The rows that `claim` would look at. $1 how many.
extern const db::Statement ready_ids;

/// Fails a row whose claim the database refuses. $1 id, $2 code, $3 message.
extern const db::Statement refuse;

/// Settles many rows and caches what was completed. $1 JSON array of settlements, $2 a cache entry's life in
/// seconds. Returns the ids that still carried their token.
extern const db::Statement settle;

/// The same without the cache, for when that is out of order.
extern const db::Statement settle_uncached;

/// Tells watchers where a row stands. $1 id, $2 token, $3 stage, $4 percent.
extern const db::Statement note_stage;

/// Takes rows back from workers that have been silent, or that nobody knows. $1 our own id, $2 seconds of
/// silence, $3 crashes that quarantine a row. Returns id, crashes, status and the silent worker, 0 where the
/// row named none.
extern const db::Statement rescue;

/// Takes back what is leased to us and not in our hands. $1 our id, $2 the tokens we hold, as a JSON array.
extern const db::Statement reclaim_orphans;

/// $1 host, $2 pid, $3 version, $4 slots. Returns the worker's id.
extern const db::Statement register_worker;

/// $1 id, $2 host, $3 pid, $4 version, $5 slots: the row is made again should somebody have buried us.
extern const db::Statement beat;

/// $1 id.
extern const db::Statement unregister_worker;

/// Counts rows by status, and gives the age of the oldest that is ready.
extern const db::Statement depth;

}  // namespace spotter::queue::statements
