#include "bench/cached_rows.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "queue/statements.hpp"
#include "support/process.hpp"
#include "work/kind.hpp"

namespace spotter::bench {
namespace {

constexpr int batch = 200;

constexpr const char* fill_sql = R"sql(
insert into auth.users (id, email)
select ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, n || '@example.com'
  from generate_series(1, 1000) n;
insert into public.profiles (id, name, age, experience_level, weight_unit, is_premium)
select id, email, 30, 'Intermediate', 'kg', true from auth.users;

create table onboarding as
select u.id as user_id, jsonb_build_object(
           'primaryGoal', 'Muscle Gain: General', 'trainingFrequencyDays', 4, 'sessionDuration', '60-75 minutes',
           'equipment', jsonb_build_array('Full Gym'), 'injuriesLimitations', 'none',
           'squat1RMEstimate', 120, 'benchPress1RMEstimate', 90, 'deadlift1RMEstimate', 150,
           'overheadPress1RMEstimate', 55) as answers
  from auth.users u;

-- Half of an answer compresses like the text of a program, the other half not at all.
insert into public.ai_coach_cache (cache_key, user_id, recommendation, summary, expires_at)
select spotter.program_cache_key(o.user_id, true, spotter.program_cache_hash(i.input, '{versions}')), o.user_id,
       jsonb_build_object('programName', 'Upper and lower', 'text', repeat('3 sets of 8-12, rest 90 s. ', {bytes} / 54),
           'noise', (select string_agg(md5(n::text || o.user_id), '') from generate_series(1, {bytes} / 64) n)),
       '{"program_name": "Upper and lower", "total_duration_weeks": 6, "model": "builtin"}', now() + interval '1 day'
  from onboarding o
  join public.profiles f on f.id = o.user_id,
       spotter.program_input(o.answers, null, f.name, f.age::text, f.experience_level, f.weight_unit, true) as i(input);

insert into public.training_programs (user_id, onboarding_data_snapshot)
select o.user_id, o.answers from generate_series(1, {rows} / 1000) n, onboarding o;
)sql";

/// Every row pending once more, at its place in the queue; then a vacuumed, warm table.
constexpr const char* refill_sql = R"sql(
truncate public.training_programs;
insert into public.training_programs (user_id, onboarding_data_snapshot)
select o.user_id, o.answers from generate_series(1, {rows} / 1000) n, onboarding o;
)sql";

std::string with(std::string text, const std::string& name, const std::string& value) {
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
        text.replace(at, name.size(), value);
    return text;
}

void refill(const std::string& dsn, int rows) {
    Server::run(dsn, with(refill_sql, "{rows}", std::to_string(rows)));
    Server::run(dsn, "vacuum analyze public.training_programs");
    Server::run(dsn, "vacuum analyze public.ai_coach_cache");
    Server::run(dsn, "checkpoint");
}

/// Rows a second from the first claim to the last, by the database's clock; every row must have been a hit.
double rate(const std::string& dsn, int rows) {
    std::string hits = Server::value(dsn,
                                     "select count(*) from public.training_programs "
                                     "where generation_metadata ->> 'source' = 'cache'");
    if (std::stoi(hits) != rows) throw std::runtime_error(fmt::format("{} of {} rows were hits", hits, rows));
    return rows / std::stod(Server::value(dsn,
                                          "select extract(epoch from max(generation_finished_at) "
                                          "- min(generation_finished_at)) from public.training_programs"));
}

double by_the_daemon(const std::string& dsn, int rows) {
    refill(dsn, rows);
    test::Process spotter({"serve"}, {{"SPOTTER_DATABASE_URL", dsn},
                                      {"SPOTTER_HTTP_LISTEN", "127.0.0.1:0"},
                                      {"SPOTTER_LOG_LEVEL", "warn"}});
    // Looked at seldom, because the look costs what is measured; the rate goes by the database's clock.
    bool done = false;
    for (int look = 0; look < 600 && !done; ++look) {
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
        done = Server::value(dsn,
                             "select not exists (select from public.training_programs "
                             "where generation_status <> 'completed')") == "t";
    }
    if (!done) throw std::runtime_error("the daemon did not settle its rows: " + spotter.err());
    spotter.signal(SIGTERM);
    spotter.wait();
    return rate(dsn, rows);
}

double by_pgbench(const Server& server, const std::string& dsn, int rows, int clients) {
    refill(dsn, rows);
    std::string script = queue::statements::claim.sql;
    for (auto [parameter, value] : {std::pair{"$1", std::to_string(batch)},
                                    {"$2", std::string("0")},
                                    {"$3", "'" + builtin_versions() + "'"},
                                    {"$4", std::string("0::bigint")}})
        script = with(script, parameter, value);
    std::string file = fmt::format("/tmp/spotter-bench-{}.sql", getpid());
    std::ofstream(file) << script << ";\n";
    std::string command = fmt::format(
        "{} -n -M prepared -f {} -c {} -j {} -t {} '{}' >/dev/null 2>/tmp/pgbench.err",
        server.program("pgbench").string(), file, clients, clients, rows / batch / clients + 1, dsn);
    if (std::system(command.c_str()) != 0) throw std::runtime_error("pgbench failed; see /tmp/pgbench.err");
    std::filesystem::remove(file);
    return rate(dsn, rows);
}

void measure(Server& server, int rows, int bytes, const std::string& name, Report& report) {
    std::string dsn = server.database("cached");
    fill(dsn, rows, bytes);
    double daemon = 0, pgbench = 0;
    // Turn by turn, as often each, and the best of each: the machine has other things to do as well.
    for (int clients : {1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4}) {
        double daemon_now = by_the_daemon(dsn, rows), pgbench_now = by_pgbench(server, dsn, rows, clients);
        std::fprintf(stderr, "%s: daemon %.0f/s, pgbench with %d clients %.0f/s\n", name.c_str(), daemon_now,
                     clients, pgbench_now);
        daemon = std::max(daemon, daemon_now);
        pgbench = std::max(pgbench, pgbench_now);
    }
    report.add(fmt::format("cached rows settled, {} (beside pgbench)", name), daemon, pgbench, "rows/s",
               ">= 0.8");
}

}  // namespace

std::string builtin_versions() {
    return fmt::format("{}|builtin", work::find_kind("training_program")->version);
}

void fill(const std::string& dsn, int rows, int bytes) {
    std::string sql = with(fill_sql, "{bytes}", std::to_string(bytes));
    sql = with(with(sql, "{rows}", std::to_string(rows)), "{versions}", builtin_versions());
    Server::run(dsn, sql);
}

void measure_cached_rows(Server& server, int rows, Report& report) {
    rows = rows / 1000 * 1000;
    measure(server, rows, 256, "small", report);
    measure(server, rows, 10240, "10 KB", report);
}

}  // namespace spotter::bench
