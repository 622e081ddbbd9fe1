#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>

#include "bench/load.hpp"
#include "bench/memory.hpp"
#include "bench/sections.hpp"
#include "support/wait.hpp"

namespace spotter::bench {
namespace {

/// A process needs a file for each call, and some for itself.
int calls_that_fit(int wanted) {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    int most = static_cast<int>(std::min<rlim_t>(limit.rlim_max, 1'000'000)) - 100;
    if (most < wanted)
        progress(fmt::format("no more than {} calls: this system allows {} files", most, most + 100));
    return std::min(wanted, most);
}

}  // namespace

void measure_calls(const Bench& bench) {
    int calls = calls_that_fit(bench.sizes.calls);
    std::string dsn = bench.server.database("calls");
    add_users(dsn, 1000);
    Model model(dsn, calls);
    model.server().always(test::held(model.answer()));
    test::Process daemon = serve(dsn, model.environment(calls));
    double idle = resident_memory(daemon.pid());
    add_rows(dsn, 1, calls, 1000);
    bool open = test::eventually([&] { return model.server().open() == calls; }, std::chrono::minutes(4));
    if (!open)
        throw std::runtime_error(fmt::format("{} calls are open: {}", model.server().open(), daemon.err()));
    double full = resident_memory(daemon.pid());
    double connections = Server::number(dsn,
                                        "select count(*) from pg_stat_activity where datname = "
                                        "current_database() and pid <> pg_backend_pid() "
                                        "and backend_type = 'client backend'");
    double released = now();
    model.server().release();
    wait_until_settled(dsn);
    double completed = Server::number(
        dsn, "select count(*) from public.training_programs where generation_status = 'completed'");
    bench.report.add("calls in flight in one daemon", calls, "calls", "20000");
    bench.report.add("memory a call", (full - idle) * 1024 / calls, "KiB", "< 20");
    bench.report.add("connections to the database meanwhile", connections, "", "<= 8");
    bench.report.add("of them completed", completed, "rows", "all");
    bench.report.add("answered all at once, settled in", now() - released, "s", "none");
    stop(daemon);
}

}  // namespace spotter::bench
