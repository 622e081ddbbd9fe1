#pragma once

#include "db/session.hpp"

/// What is said of the whole queue, by name; what is said of a lane or a table is in lane.hpp. Times are the
/// database's: we send seconds, never a time.
namespace spotter::queue::statements {

/// Lets rows that wait for keys that nobody leads be claimed. $1 JSON array of keys.
extern const db::Statement free_stranded;

/// Ends flights whose leader is not what the flight says, which only an app's own hand or a crash between two
/// statements leaves behind; nothing while another daemon does it. Returns their keys.
extern const db::Statement mend_flights;

/// The keys for which rows wait that nobody leads.
extern const db::Statement forsaken_keys;

/// The tokens that a worker holds by the database's account. $1 its id.
extern const db::Statement standing_leases;

/// Forgets workers that have been silent and hold no row any more. $1 our own id, $2 seconds of silence.
extern const db::Statement bury;

/// What a daemon does at its start: makes document 5's cache where that was dropped.
extern const db::Statement started;
/// $1 host, $2 pid, $3 version, $4 slots, $5 rows of one user at once (null: any). Returns the worker's id.
extern const db::Statement register_worker;

/// $1 id, $2 host, $3 pid, $4 version, $5 slots, $6 rows of one user at once, $7 rows settled a second, $8
/// the seconds after which a beat is late, $9 those of a lease: the row is made again should somebody have
/// buried us. Of beats that are all late one a lease begins to listen anew, so that there is time to rescue.
extern const db::Statement beat;

/// $1 id.
extern const db::Statement unregister_worker;

/// From now on an INSERT rings; $1 worker's id, $2 lane.
extern const db::Statement arm_bell;

/// From now on it does not, for our sake; as `arm_bell`.
extern const db::Statement disarm_bell;

/// What is paused: kind, seconds since, by whom, why.
extern const db::Statement paused;

/// How many rows were put off, by reason; counts to 10,000.
extern const db::Statement put_off;

/// Counts rows by status, and gives the age of the oldest that is ready.
extern const db::Statement depth;

}  // namespace spotter::queue::statements
