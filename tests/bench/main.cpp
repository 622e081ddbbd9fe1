#include <fmt/format.h>

#include <cstdio>

#include "bench/cached_rows.hpp"
#include "bench/footprint.hpp"
#include "bench/server.hpp"

/// Measures what the design sets targets for, side by side in one run: `spotter_bench [rows]`. Progress goes
/// to stderr, a table to stdout, and the figures as JSON to bench.json.
int main(int argc, char** argv) {
    using namespace spotter::bench;
    int rows = argc > 1 ? std::atoi(argv[1]) : 20000;
    if (rows < 1000) {
        std::fprintf(stderr, "usage: spotter_bench [rows, at least 1000]\n");
        return 2;
    }
    Server server;
    Report report;
    measure_cached_rows(server, rows, report);
    measure_footprint(server, report);
    fmt::print("{}", report.table());
    report.write_json("bench.json");
    return 0;
}
