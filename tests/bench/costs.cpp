#include <fmt/format.h>

#include <functional>
#include <thread>

#include "bench/load.hpp"
#include "bench/sections.hpp"

namespace spotter::bench {
namespace {

/// What the database has done so far.
struct Account {
    double commits = 0;
    double bytes = 0;
};

/// Sessions report what they did a moment after they ended.
Account account(const std::string& dsn) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    return {
        Server::number(dsn, "select xact_commit from pg_stat_database where datname = current_database()"),
        Server::number(dsn, "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')")};
}

struct Costs {
    Rounds commits, bytes;
};

/// Adds what `work` costs a row. Our own looks are commits as well, some twenty, and are lost among the
/// rows'.
void add(const std::string& dsn, int rows, Costs& costs, const std::function<void()>& work) {
    Account before = account(dsn);
    work();
    Account after = account(dsn);
    costs.commits.add((after.commits - before.commits) / rows);
    costs.bytes.add((after.bytes - before.bytes) / rows);
}

void report(const Bench& bench, const std::string& what, const Costs& ours, const Costs& theirs = {}) {
    std::string name = theirs.commits.values.empty() ? "" : "graphile-worker, batched";
    bench.report.add({what + ": commits a row", ours.commits, name, theirs.commits, "commits", "none"});
    bench.report.add({what + ": WAL a row", ours.bytes, name, theirs.bytes, "bytes", "none"});
}

void insert_one_by_one(const Bench& bench, const std::string& dsn, const std::string& statement, int rows) {
    bench.server.pgbench(dsn, "\\set n random(1, 1000000000)\n" + statement + ";\n",
                         fmt::format("-c 4 -j 1 -t {}", rows / 4));
}

/// Empty tables, whose pages no checkpoint makes the log repeat.
void quiet(const std::string& dsn, const std::string& tables) {
    Server::run(dsn, fmt::format("truncate {}", tables));
    Server::run(dsn, "checkpoint");
}

void drain(const std::string& dsn, const test::Environment& environment) {
    test::Process daemon = serve(dsn, environment);
    wait_until_settled(dsn);
    stop(daemon);
}

void a_round_of_cached(const Bench& bench, const std::string& dsn, Costs& cached) {
    quiet(dsn, "public.training_programs");
    Server::run(dsn, insert_cached_rows(bench.sizes.rows));
    add(dsn, bench.sizes.rows, cached, [&] { drain(dsn, {}); });
}

void a_round_of_answered(const Bench& bench, const std::string& dsn, Costs& insert, Costs& answered) {
    int rows = bench.sizes.rows / 4;
    quiet(dsn, "public.training_programs, public.ai_coach_cache");
    add(dsn, rows, insert, [&] {
        insert_one_by_one(bench, dsn,
                          "insert into public.training_programs (user_id, onboarding_data_snapshot) "
                          "values (bench_user(1 + :n % 1000), bench_onboarding(:n))",
                          rows);
    });
    Model model(dsn, 0);
    add(dsn, rows, answered, [&] { drain(dsn, model.environment(24)); });
}

void a_round_of_graphile(const Bench& bench, const std::string& dsn, Costs& insert, Costs& done) {
    int jobs = bench.sizes.rows / 4;
    quiet(dsn, "graphile_worker._private_jobs");
    add(dsn, jobs, insert, [&] {
        insert_one_by_one(bench, dsn,
                          "select graphile_worker.add_job('noop', json_build_object('n', :n::bigint))", jobs);
    });
    add(dsn, jobs, done, [&] {
        test::Process worker = bench.graphile.serve(dsn, graphile_batched().front());
        Graphile::wait_until_done(dsn);
        Graphile::stop(worker);
    });
}

}  // namespace

void measure_costs(const Bench& bench) {
    std::string cached_dsn = bench.server.database("costs_cached"), dsn = bench.server.database("costs"),
                graphile_dsn = bench.server.database("costs_graphile");
    fill_cache(cached_dsn, 256);
    add_users(dsn, 1000);
    if (bench.graphile) bench.graphile.migrate(graphile_dsn);
    Costs insert, cached, answered, their_insert, their_job;
    for (int round = 0; round < bench.sizes.rounds; ++round) {
        a_round_of_cached(bench, cached_dsn, cached);
        a_round_of_answered(bench, dsn, insert, answered);
        if (bench.graphile) a_round_of_graphile(bench, graphile_dsn, their_insert, their_job);
    }
    report(bench, "an INSERT", insert, their_insert);
    report(bench, "a cached row", cached, their_job);
    report(bench, "a row answered by a model", answered);
    double answer =
        Server::number(dsn, "select avg(pg_column_size(recommendation)) from public.ai_coach_cache");
    bench.report.add("the answer itself, as it is stored", answer, "bytes", "none");
}

}  // namespace spotter::bench
