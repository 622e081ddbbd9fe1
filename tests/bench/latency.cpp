#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <pqxx/pqxx>
#include <random>
#include <thread>

#include "bench/load.hpp"
#include "bench/sections.hpp"

namespace spotter::bench {
namespace {

constexpr int users = 1000;
constexpr int saturating_rows = 2000;
constexpr double steady_seconds = 8;
constexpr int slots = 24;  // as many as graphile-worker's own page has jobs at once

/// Who takes rows from a queue and asks the model.
struct Contender {
    std::string name;
    std::string dsn;
    std::string insert;                         ///< one row, whose number is $1
    std::function<void(int, int)> insert_many;  ///< from, count
    std::function<test::Process(Model&)> start;
    /// Ends it, and gives when each row was begun.
    std::function<std::function<double(int)>(test::Process&, const Model&)> end;
};

struct Latency {
    Rounds idle_p50, idle_p99, half_p50, half_p99, capacity = rates();
};

double pause_until(double time) {
    double left = time - now();
    if (left > 0) std::this_thread::sleep_for(std::chrono::duration<double>(left));
    return now();
}

/// Inserts rows at these times, over several connections; gives when each was committed.
std::vector<double> insert_at(const Contender& who, int from, const std::vector<double>& times) {
    constexpr std::size_t connections = 6;
    std::vector<double> committed(times.size());
    std::vector<std::thread> threads;
    for (std::size_t k = 0; k < connections; ++k)
        threads.emplace_back([&, k] {
            pqxx::connection connection(who.dsn);
            connection.prepare("insert", who.insert);
            pqxx::nontransaction transaction(connection);
            for (std::size_t i = k; i < times.size(); i += connections) {
                pause_until(times[i]);
                transaction.exec_prepared("insert", from + static_cast<int>(i));
                committed[i] = now();
            }
        });
    for (std::thread& thread : threads) thread.join();
    return committed;
}

/// Moments of a Poisson process; the seed is fixed, so that all have the same.
std::vector<double> moments(double a_second, int count) {
    std::mt19937 random(1);
    std::exponential_distribution<double> gap(a_second);
    std::vector<double> times;
    for (double at = now() + 0.2; static_cast<int>(times.size()) < count; at += gap(random))
        times.push_back(at);
    return times;
}

/// One by one, a tenth of a second and a bit apart, so that it sleeps before each.
std::vector<double> moments_apart(int count) {
    std::mt19937 random(1);
    std::uniform_real_distribution<double> gap(0.1, 0.15);
    std::vector<double> times;
    for (double at = now() + 0.2; static_cast<int>(times.size()) < count; at += gap(random))
        times.push_back(at);
    return times;
}

double milliseconds(double seconds) {
    return seconds * 1000;
}

void add_latencies(const std::vector<double>& committed, int from, const std::function<double(int)>& begun,
                   Rounds& p50, Rounds& p99) {
    std::vector<double> latencies;
    for (std::size_t i = 0; i < committed.size(); ++i)
        latencies.push_back(milliseconds(begun(from + static_cast<int>(i)) - committed[i]));
    p50.add(quantile(latencies, 0.5));
    p99.add(quantile(latencies, 0.99));
}

/// What it takes a second when there is more than it can do.
double capacity(const Contender& who, const Model& model) {
    double begun = now();
    who.insert_many(1, saturating_rows);
    model.wait_for_rows(saturating_rows);
    double first = begun + 1e9, last = begun;
    for (int row = 1; row <= saturating_rows; ++row) {
        first = std::min(first, model.arrival(row));
        last = std::max(last, model.arrival(row));
    }
    return saturating_rows / (last - first);
}

void a_round(const Contender& who, int idle_rows, Latency& out) {
    int most = saturating_rows + idle_rows + 100'000;
    Model model(who.dsn, most);
    test::Process process = who.start(model);
    out.capacity.add(capacity(who, model));
    std::this_thread::sleep_for(std::chrono::seconds(2));

    int from = saturating_rows + 1;
    auto idle = insert_at(who, from, moments_apart(idle_rows));
    model.wait_for_rows(saturating_rows + idle_rows);

    double rate = out.capacity.values.back() / 2;
    int steady_rows = static_cast<int>(rate * steady_seconds);
    auto half = insert_at(who, from + idle_rows, moments(rate, steady_rows));
    model.wait_for_rows(saturating_rows + idle_rows + steady_rows);

    auto begun = who.end(process, model);
    add_latencies(idle, from, begun, out.idle_p50, out.idle_p99);
    add_latencies(half, from + idle_rows, begun, out.half_p50, out.half_p99);
    progress(
        fmt::format("{}: {:.0f}/s at most; idle p50 {:.2f} p99 {:.2f} ms; at half p50 {:.2f} p99 {:.2f} ms",
                    who.name, out.capacity.values.back(), out.idle_p50.values.back(),
                    out.idle_p99.values.back(), out.half_p50.values.back(), out.half_p99.values.back()));
}

Contender spotter(const Bench& bench) {
    Contender who{.name = "spotter", .dsn = bench.server.database("latency")};
    add_users(who.dsn, users);
    who.insert = fmt::format(
        "insert into public.training_programs (user_id, onboarding_data_snapshot) "
        "values (bench_user(1 + $1::bigint % {}), bench_onboarding($1::bigint))",
        users);
    who.insert_many = [dsn = who.dsn](int from, int count) { add_rows(dsn, from, count, users); };
    who.start = [dsn = who.dsn](Model& model) { return serve(dsn, model.environment(slots)); };
    who.end = [dsn = who.dsn](test::Process& process, const Model& model) {
        stop(process);
        Server::run(dsn, "truncate public.training_programs, public.ai_coach_cache");
        return std::function<double(int)>([&model](int row) { return model.arrival(row); });
    };
    return who;
}

Contender graphile(const Bench& bench, const GraphileSettings& settings, const std::string& database) {
    Contender who{.name = "graphile-worker, " + settings.name, .dsn = bench.server.database(database)};
    add_users(who.dsn, 1);
    bench.graphile.migrate(who.dsn);
    who.insert = "select graphile_worker.add_job('call', json_build_object('n', $1::bigint))";
    who.insert_many = [dsn = who.dsn](int from, int count) { Graphile::add(dsn, "call", from, count); };
    who.start = [&graphile = bench.graphile, settings, dsn = who.dsn](Model& model) {
        return graphile.serve(dsn, settings, model.server().url() + "/chat/completions");
    };
    who.end = [](test::Process& process, const Model&) {
        return std::function<double(int)>(
            [done = Graphile::stop(process)](int row) { return done.starts.at(row); });
    };
    return who;
}

void report(const Bench& bench, const Latency& ours, const Latency& theirs, const std::string& name) {
    auto add = [&](const std::string& what, Rounds Latency::* figure) {
        bench.report.add({what, ours.*figure, name, theirs.*figure, "ms", "<= 0.5"});
    };
    add("INSERT to model, idle, p50", &Latency::idle_p50);
    add("INSERT to model, idle, p99", &Latency::idle_p99);
    add("INSERT to model, at half load, p50", &Latency::half_p50);
    add("INSERT to model, at half load, p99", &Latency::half_p99);
    bench.report.add({"rows answered by a model at once, the whole load", ours.capacity, name,
                      theirs.capacity, "rows/s", "none"});
}

}  // namespace

void measure_latency(const Bench& bench) {
    std::vector<Contender> contenders;
    contenders.push_back(spotter(bench));
    if (bench.graphile) {
        contenders.push_back(graphile(bench, graphile_batched().front(), "latency_batched"));
        contenders.push_back(graphile(bench, graphile_default(), "latency_default"));
    }
    std::vector<Latency> latencies(contenders.size());
    for (int round = 0; round < bench.sizes.rounds; ++round)
        for (std::size_t i = 0; i < contenders.size(); ++i)
            a_round(contenders[i], bench.sizes.latency_rows, latencies[i]);
    for (std::size_t i = 1; i < contenders.size(); ++i)
        report(bench, latencies.front(), latencies[i], contenders[i].name);
    if (contenders.size() == 1) report(bench, latencies.front(), {}, "");
}

}  // namespace spotter::bench
