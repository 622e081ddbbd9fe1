#pragma once

#include "bench/graphile.hpp"
#include "bench/report.hpp"
#include "bench/server.hpp"

namespace spotter::bench {

/// How much of everything; the defaults make a run of about 20 minutes.
struct Sizes {
    int rounds = 3;
    int rows = 20000;
    int latency_rows = 150;
    int pending = 100'000;
    int finished = 1'000'000;
    int held_seconds = 60;
    int held_rate = 2000;
    int insert_seconds = 5;
    int calls = 20000;
    int identical = 1000;
    int entries = 10000;
};

/// What every section is given.
struct Bench {
    Server& server;
    const Graphile& graphile;
    const Sizes& sizes;
    Report& report;
};

/// Rows whose answers are cached, settled by one daemon, beside the same statement driven by pgbench with its
/// best number of clients, and beside the empty tasks of graphile-worker.
void measure_cached(const Bench& bench);

/// From the commit of an INSERT to the row's request arriving at the model: one row at a time, and at half of
/// the load that can be taken; beside graphile-worker's time until a job's task is started.
void measure_latency(const Bench& bench);

/// The time of a claim in a table with many pending and many more finished rows, beside one with nothing but
/// ready rows.
void measure_claims(const Bench& bench);

/// Rows at a steady rate, and a burst of them, while somebody holds a transaction open, beside without.
void measure_held(const Bench& bench);

/// Inserts of single rows by 32 clients, with the trigger that wakes daemons and without.
void measure_inserts(const Bench& bench);

/// Commits and bytes of WAL that a row costs.
void measure_costs(const Bench& bench);

/// Cached rows settled by one, two and four daemons.
void measure_daemons(const Bench& bench);

/// Calls in flight in one daemon: its memory for each, and its connections.
void measure_calls(const Bench& bench);

/// Calls that identical rows cost, over three daemons.
void measure_identical(const Bench& bench);

/// What is done to the caches of the documents, beside the times that these allow.
void measure_caches(const Bench& bench);

/// What an idle daemon holds and burns, and what it holds after settling many rows.
void measure_footprint(const Bench& bench);

}  // namespace spotter::bench
