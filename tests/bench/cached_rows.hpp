#pragma once

#include "bench/server.hpp"

namespace spotter::bench {

/// Pending rows whose answers are cached, settled by one daemon, beside the same statement driven by pgbench
/// with its best number of clients. For small answers and for 10 KB. Rates are by the database's clock.
void measure_cached_rows(Server& server, int rows, Report& report);

/// Users, profiles, one cache entry each with `bytes` of answer, and `rows` pending rows that ask for them.
void fill(const std::string& dsn, int rows, int bytes);

/// What the daemon with the builtin calls its versions; part of every cache key.
std::string builtin_versions();

}  // namespace spotter::bench
