#include <fmt/format.h>

#include <memory>
#include <pqxx/pqxx>
#include <thread>

#include "bench/load.hpp"
#include "bench/sections.hpp"

namespace spotter::bench {
namespace {

constexpr int pieces_a_second = 10;

/// Somebody's forgotten session: it keeps vacuum from every row that dies from now on.
class OpenTransaction {
  public:
    explicit OpenTransaction(const std::string& dsn) : connection_(dsn), transaction_(connection_) {
        transaction_.exec("select count(*) from pg_class");
    }

  private:
    pqxx::connection connection_;
    pqxx::transaction<pqxx::repeatable_read> transaction_;
};

struct Figures {
    Rounds steady = rates(), burst = rates();
};

int a_piece(const Bench& bench) {
    return bench.sizes.held_rate / pieces_a_second;
}

/// As many as come in ten seconds.
int a_burst(const Bench& bench) {
    return bench.sizes.held_rate * 10 / 1000 * 1000;
}

/// Rows done a second while they come at a steady rate. `insert` a piece; `left` counts what waits.
double steady(const Bench& bench, const std::string& dsn, const std::string& insert,
              const std::string& left) {
    pqxx::connection connection(dsn);
    pqxx::nontransaction transaction(connection);
    double begun = now(), end = begun + bench.sizes.held_seconds;
    int inserted = 0;
    for (double next = begun; next < end; next += 1.0 / pieces_a_second) {
        double early = next - now();
        if (early > 0) std::this_thread::sleep_for(std::chrono::duration<double>(early));
        transaction.exec(insert);
        inserted += a_piece(bench);
    }
    return (inserted - transaction.exec1(left)[0].as<double>()) / (now() - begun);
}

void say(const Bench& bench, const std::string& who, bool held, const Figures& figures) {
    progress(fmt::format("{}, {}: {:.0f}/s at a steady {}/s, {:.0f}/s of a burst", who,
                         held ? "transaction held" : "not held", figures.steady.values.back(),
                         bench.sizes.held_rate, figures.burst.values.back()));
}

void run_spotter(const Bench& bench, bool held, Figures& figures) {
    std::string dsn = bench.server.database("held");
    fill_cache(dsn, 256);
    test::Process daemon = serve(dsn);
    auto transaction = held ? std::make_unique<OpenTransaction>(dsn) : nullptr;
    figures.steady.add(steady(bench, dsn, insert_cached_rows(a_piece(bench)),
                              "select count(*) from public.training_programs "
                              "where generation_status in ('pending', 'processing')"));
    wait_until_settled(dsn);
    std::string begun = Server::value(dsn, "select now()");
    Server::run(dsn, insert_cached_rows(a_burst(bench)));
    wait_until_settled(dsn);
    figures.burst.add(finished_a_second(dsn, begun));
    say(bench, "spotter", held, figures);
    stop(daemon);
}

/// Jobs without a number are not timed; those of the burst have one.
void run_graphile(const Bench& bench, bool held, Figures& figures) {
    std::string dsn = bench.server.database("held");
    bench.graphile.migrate(dsn);
    test::Process worker = bench.graphile.serve(dsn, graphile_batched().front());
    auto transaction = held ? std::make_unique<OpenTransaction>(dsn) : nullptr;
    std::string insert = fmt::format(
        "select count(*) from graphile_worker.add_jobs((select array_agg(('noop', '{{}}', null, null, null, "
        "null, null, null)::graphile_worker.job_spec) from generate_series(1, {})))",
        a_piece(bench));
    figures.steady.add(steady(bench, dsn, insert, "select count(*) from graphile_worker._private_jobs"));
    Graphile::wait_until_done(dsn);
    Graphile::add(dsn, "noop", 1, a_burst(bench));
    Graphile::wait_until_done(dsn);
    Graphile::Done done = Graphile::stop(worker);
    figures.burst.add(done.jobs / (done.last - done.first));
    say(bench, "graphile-worker", held, figures);
}

}  // namespace

void measure_held(const Bench& bench) {
    Figures ours_held, ours_free, theirs_held, theirs_free;
    run_spotter(bench, false, ours_free);
    run_spotter(bench, true, ours_held);
    if (bench.graphile) {
        run_graphile(bench, false, theirs_free);
        run_graphile(bench, true, theirs_held);
    }
    std::string when = fmt::format("transaction held for {} s", bench.sizes.held_seconds);
    bench.report.add({"steady, " + when, ours_held.steady, "without", ours_free.steady, "rows/s", ">= 0.9"});
    bench.report.add({"burst, " + when, ours_held.burst, "without", ours_free.burst, "rows/s", ">= 0.9"});
    if (!bench.graphile) return;
    bench.report.add({"graphile-worker: steady, " + when, theirs_held.steady, "without", theirs_free.steady,
                      "jobs/s", "none"});
    bench.report.add({"graphile-worker: burst, " + when, theirs_held.burst, "without", theirs_free.burst,
                      "jobs/s", "none"});
}

}  // namespace spotter::bench
