#include <fmt/format.h>

#include <map>

#include "bench/load.hpp"
#include "bench/sections.hpp"

namespace spotter::bench {
namespace {

/// Rows a second by so many daemons, which wait for them.
double rate(const std::string& dsn, int daemons, int rows) {
    refill(dsn, 1);
    std::vector<test::Process> running;
    for (int i = 0; i < daemons; ++i) running.push_back(serve(dsn));
    wait_until_settled(dsn);
    Server::run(dsn, "truncate public.training_programs");
    Server::run(dsn, insert_cached_rows(rows));
    wait_until_settled(dsn);
    double rate = finished_a_second(dsn);
    for (test::Process& daemon : running) stop(daemon);
    return rate;
}

}  // namespace

void measure_daemons(const Bench& bench) {
    std::string dsn = bench.server.database("daemons");
    fill_cache(dsn, 256);
    std::map<int, Rounds> by;
    for (int daemons : {1, 2, 4}) by[daemons] = rates();
    for (int round = 0; round < bench.sizes.rounds; ++round)
        for (auto& [daemons, figures] : by) {
            figures.add(rate(dsn, daemons, bench.sizes.rows * 2));
            progress(fmt::format("{} daemons: {:.0f}/s", daemons, figures.values.back()));
        }
    bench.report.add({"cached rows settled by two daemons", by[2], "one daemon", by[1], "rows/s", "none"});
    bench.report.add({"cached rows settled by four daemons", by[4], "one daemon", by[1], "rows/s", "none"});
}

}  // namespace spotter::bench
