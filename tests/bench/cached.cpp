#include <fmt/format.h>

#include <stdexcept>

#include "bench/load.hpp"
#include "bench/sections.hpp"
#include "support/queue.hpp"

namespace spotter::bench {
namespace {

/// Rows a second from the first claim to the last, by the database's clock; every row must have been a hit.
double rate(const std::string& dsn, int rows) {
    double hits = Server::number(dsn,
                                 "select count(*) from public.training_programs "
                                 "where generation_metadata ->> 'source' = 'cache'");
    if (hits != rows) throw std::runtime_error(fmt::format("{} of {} rows were hits", hits, rows));
    return finished_a_second(dsn);
}

double by_the_daemon(const std::string& dsn, int rows) {
    refill(dsn, rows);
    test::Process spotter = serve(dsn, {{"SPOTTER_LOG_LEVEL", "info"}});
    wait_until_settled(dsn);
    stop(spotter);
    return rate(dsn, rows);
}

/// The claim as it stands, its parameters filled in as the daemon does.
std::string claim_script(int batch) {
    static const auto all = test::lanes();
    std::string script = all.front().claim.sql + ";\n";
    for (auto [parameter, value] : {std::pair{"$1", std::to_string(batch)},
                                    {"$2", std::string("null")},
                                    {"$3", std::string("60")},
                                    {"$4", std::to_string(batch / 8)},
                                    {"$5", std::string("0")},
                                    {"$6", "'" + builtin_versions() + "'"},
                                    {"$7", std::string("0::bigint")},
                                    {"$8", std::string("null")},
                                    {"$9", std::string("1")}})
        script = replaced(script, parameter, value);
    return script;
}

double by_pgbench(const Server& server, const std::string& dsn, int rows, int clients) {
    constexpr int batch = 200;
    refill(dsn, rows);
    // Some more than it takes, since those who meet at the same rows leave some for another time.
    int claims = rows / batch * 5 / 4 / clients + 4;
    server.pgbench(dsn, claim_script(batch), fmt::format("-c {} -j {} -t {}", clients, clients, claims));
    return rate(dsn, rows);
}

double by_graphile(const Bench& bench, const std::string& dsn, const GraphileSettings& settings, int jobs) {
    Server::run(dsn, "checkpoint");
    Graphile::add(dsn, "noop", 1, jobs);
    Server::run(dsn, "vacuum analyze graphile_worker._private_jobs");
    test::Process worker = bench.graphile.serve(dsn, settings);
    Graphile::wait_until_done(dsn);
    Graphile::Done done = Graphile::stop(worker);
    if (done.jobs != jobs) throw std::runtime_error(fmt::format("graphile-worker ran {} jobs", done.jobs));
    return jobs / (done.last - done.first);
}

struct Beside {
    Rounds batched = rates(), as_it_comes = rates();
};

/// Five times as many for its best, so that node has compiled what it runs; fewer as it comes, which is slow.
void a_round_of_graphile(const Bench& bench, const std::string& dsn, Beside& beside) {
    for (const GraphileSettings& settings : graphile_batched()) {
        double jobs = by_graphile(bench, dsn, settings, bench.sizes.rows * 5);
        progress(fmt::format("graphile-worker, {}: {:.0f}/s", settings.name, jobs));
        beside.batched.add(jobs);
    }
    beside.as_it_comes.add(by_graphile(bench, dsn, graphile_default(), bench.sizes.rows / 10));
}

void measure(const Bench& bench, int bytes, const std::string& name, bool with_graphile) {
    std::string dsn = bench.server.database("cached"), graphile_dsn = bench.server.database("graphile");
    with_graphile = with_graphile && bench.graphile;
    fill_cache(dsn, bytes);
    if (with_graphile) bench.graphile.migrate(graphile_dsn);
    Rounds daemon = rates(), pgbench = rates();
    Beside graphile;
    // Turn by turn: the machine has other things to do as well.
    for (int round = 0; round < bench.sizes.rounds; ++round) {
        for (int clients : {1, 2, 3, 4}) {
            daemon.add(by_the_daemon(dsn, bench.sizes.rows));
            pgbench.add(by_pgbench(bench.server, dsn, bench.sizes.rows, clients));
            progress(fmt::format("{}: daemon {:.0f}/s, pgbench with {} clients {:.0f}/s", name,
                                 daemon.values.back(), clients, pgbench.values.back()));
        }
        if (with_graphile) a_round_of_graphile(bench, graphile_dsn, graphile);
    }
    std::string what = fmt::format("cached rows settled, {}", name);
    bench.report.add({what, daemon, "pgbench, same statement", pgbench, "rows/s", ">= 0.8"});
    if (!with_graphile) return;
    bench.report.add({what, daemon, "graphile-worker, batched", graphile.batched, "rows/s", ">= 2"});
    bench.report.add({what, daemon, "graphile-worker, default", graphile.as_it_comes, "rows/s", ">= 2"});
}

}  // namespace

void measure_cached(const Bench& bench) {
    measure(bench, 256, "small", true);
    measure(bench, 10240, "10 KB", false);
}

}  // namespace spotter::bench
