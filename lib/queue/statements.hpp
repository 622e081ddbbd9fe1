#pragma once

#include "db/session.hpp"

/// Every statement that touches a queue's row, by name. Times are the database's: we send seconds, never a
/// time.
namespace spotter::queue::statements {

/// Fails a row whose claim the database refuses. $1 id, $2 code, $3 message.
extern const db::Statement refuse;

/// Fails with 55P03 while somebody has locked the cache's table.
extern const db::Statement probe_cache;

/// Lets rows that wait for keys that nobody leads be claimed. $1 JSON array of keys.
extern const db::Statement free_stranded;

/// Ends flights whose leader is not what the flight says, which only an app's own hand or a crash between two
/// statements leaves behind; nothing while another daemon does it. Returns their keys.
extern const db::Statement mend_flights;

/// The keys for which rows wait that nobody leads.
extern const db::Statement forsaken_keys;

/// Tells watchers where a row stands. $1 id, $2 token, $3 stage, $4 percent.
extern const db::Statement note_stage;

/// Takes rows back from workers that have been silent, or that nobody knows. $1 our own id, $2 seconds of
/// silence, $3 crashes that quarantine a row, $4 one row's id, or null for all of them and the workers.
/// Returns id, crashes, status and the silent worker, 0 where the row named none.
extern const db::Statement rescue;

/// The rows of silent workers. $1 our own id, $2 seconds of silence.
extern const db::Statement lost_ids;

/// Takes back what is leased to us and not in our hands. $1 our id, $2 the tokens we hold, as a JSON array.
extern const db::Statement reclaim_orphans;

/// The tokens that a worker holds by the database's account. $1 its id.
extern const db::Statement standing_leases;

/// $1 host, $2 pid, $3 version, $4 slots, $5 rows of one user at once (null: any). Returns the worker's id.
extern const db::Statement register_worker;

/// $1 id, $2 host, $3 pid, $4 version, $5 slots, $6 rows of one user at once, $7 rows settled a second: the
/// row is made again should somebody have buried us.
extern const db::Statement beat;

/// $1 id.
extern const db::Statement unregister_worker;

/// From now on an INSERT rings; $1 worker's id.
extern const db::Statement arm_bell;

/// From now on it does not, for our sake.
extern const db::Statement disarm_bell;

/// What is paused: kind, seconds since, by whom, why.
extern const db::Statement paused;

/// How many rows were put off, by reason; counts to 10,000.
extern const db::Statement put_off;

/// Takes the queue's own data out of rows that were finished more than $3 seconds ago, in the $2 pages of the
/// table from page $1 on. Returns how many rows, and whether that was the table's end.
extern const db::Statement trim;

/// Counts rows by status, and gives the age of the oldest that is ready.
extern const db::Statement depth;

}  // namespace spotter::queue::statements
