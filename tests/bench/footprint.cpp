#include <fmt/format.h>

#include <thread>

#include "bench/load.hpp"
#include "bench/memory.hpp"
#include "bench/sections.hpp"

namespace spotter::bench {

void measure_footprint(const Bench& bench) {
    std::string dsn = bench.server.database("footprint");
    fill_cache(dsn, 256);
    test::Process spotter = serve(dsn);

    constexpr int seconds = 20;
    double before = processor_time(spotter.pid());
    std::this_thread::sleep_for(std::chrono::seconds(seconds));
    bench.report.add("idle: processor time of one core",
                     (processor_time(spotter.pid()) - before) / seconds * 100, "%", "none");
    bench.report.add("idle: resident memory", resident_memory(spotter.pid()), "MiB", "< 30");

    // Twenty times 50,000 rows, all of them hits: a million in all.
    Rounds after_some, after_all;
    for (int round = 0; round < 20; ++round) {
        Server::run(dsn, "truncate public.training_programs");
        Server::run(dsn, insert_cached_rows(50000));
        wait_until_settled(dsn);
        if (round == 0) after_some.add(resident_memory(spotter.pid()));
    }
    after_all.add(resident_memory(spotter.pid()));
    bench.report.add({"memory after 1,000,000 rows", after_all, "after 50,000", after_some, "MiB", "flat"});
    stop(spotter);
}

}  // namespace spotter::bench
