#include <fmt/format.h>

#include <pqxx/pqxx>
#include <random>

#include "bench/load.hpp"
#include "bench/sections.hpp"

// The figures of the documents that the caches come from.

namespace spotter::bench {
namespace {

/// Something that is done to a cache. Its statement says whether it did what it is timed for, since a look-up
/// that finds nothing is a fast one.
struct Operation {
    std::string what;
    std::string sql;      ///< gives true; $1 is an entry's number
    std::string target;   ///< the document's, in milliseconds
    bool to_all = false;  ///< done once, to all entries; else to some of them by chance
    std::string before = "select";
};

struct CacheBench {
    std::string name, table;
    std::string fill;  ///< {entries} is how many
    std::vector<Operation> operations;
};

/// A cache that all users share: entries by what is asked.
struct Shared {
    std::string name, table, kind;
    std::string asked, content;    ///< SQL, of n
    std::string hit, miss, write;  ///< targets
};

CacheBench shared_by_all(const Shared& cache, const std::vector<Operation>& more) {
    constexpr std::string_view fill = R"sql(
create or replace function bench_asked(n bigint) returns jsonb language sql immutable return {asked};
create or replace function bench_key(n bigint, versions text) returns text language sql stable
    return spotter.{kind}_key(null, bench_asked(n), null, versions);
create or replace function bench_entry(n bigint) returns spotter.cache_entry language sql stable
    return row(bench_key(n, 'v1'), null, bench_asked(n), {content}, '{{}}', '{{"tokens": {{"input": 900, "output": 100}}}}',
               'a-model', 86400)::spotter.cache_entry;
select spotter.{kind}_cache(array_agg(bench_entry(n))) from generate_series(1, {{entries}}) n)sql";
    auto of_kind = [&](std::string_view sql) {
        return fmt::format(fmt::runtime(sql), fmt::arg("kind", cache.kind), fmt::arg("asked", cache.asked),
                           fmt::arg("content", cache.content));
    };
    CacheBench bench{cache.name, cache.table, of_kind(fill), {}};
    bench.operations = {
        {"hit", of_kind("select count(*) = 1 from spotter.{kind}_entry(null, bench_key($1, 'v1'))"),
         cache.hit},
        {"miss", of_kind("select count(*) = 0 from spotter.{kind}_entry(null, bench_key($1, 'other'))"),
         cache.miss},
        {"write", of_kind("select count(*) = 1 from spotter.{kind}_cache(array[bench_entry($1)])"),
         cache.write}};
    bench.operations.insert(bench.operations.end(), more.begin(), more.end());
    return bench;
}

CacheBench exercises() {
    return shared_by_all(
        {"exercises", "exercise_cache", "exercise",
         "jsonb_build_object('type', 'contextual_fill', 'difficulty', 3, 'topics', jsonb_build_array('topic "
         "' || n))",
         "bench_asked(n) || jsonb_build_object('sentence', repeat('palabra ', 100))", "< 100", "< 10",
         "< 50"},
        {{"figures", "select total_entries = {entries} from get_overall_cache_stats()", "none", true},
         {"refreshing the metrics", "select count(*) = 1 from refresh_exercise_cache_metrics()", "none",
          true},
         {"evicting a tenth", "select evict_lru_exercises(({entries} * 0.9)::integer) = {entries} / 10",
          "< 500", true},
         {"cleaning up the rest", "select cleanup_expired_exercises() = {entries} * 0.9", "< 1000", true,
          "update exercise_cache set created_at = now() - interval '2 days', expires_at = now() - interval "
          "'1 s'"}});
}

CacheBench queries() {
    return shared_by_all(
        {"SQL", "ai_worker_cache", "sql_query", "jsonb_build_object('prompt', 'question ' || n)",
         "jsonb_build_object('sql', 'SELECT count(*) AS orders FROM orders AS o WHERE o.id = ' || n || ' "
         "LIMIT 1000')",
         "10 to 50", "none", "none"},
        {{"figures", "select count(*) > 0 from ai_worker_cache_stats", "none", true},
         {"evicting a tenth",
          "select spotter.trim_cache('sql_query', ({entries} * 0.9)::bigint, null, 100000) = {entries} / 10",
          "none", true},
         {"cleaning up the rest", "select ai_worker_cleanup_cache() = {entries} * 0.9", "none", true,
          "update ai_worker_cache set created_at = now() - interval '2 days', expires_at = now() - interval "
          "'1 day'"}});
}

CacheBench personalities() {
    return {
        "personalities",
        "personality_cache",
        R"sql(
create or replace function bench_reader(n bigint) returns uuid language sql immutable
    return ('00000000-0000-4000-9000-' || lpad(n::text, 12, '0'))::uuid;
create or replace function bench_analysis(id uuid) returns jsonb language sql immutable
    return jsonb_build_object('summary', repeat(md5(id::text), 12), 'emotionalTone', 'mixed', 'traits', (
               select jsonb_agg(jsonb_build_object('name', 'Trait ' || t, 'score', 1 + t % 10, 'explanation', (
                          select string_agg(md5(id::text || t || w), ' ') from generate_series(1, 12) w)))
                 from generate_series(1, 12) t));
insert into auth.users (id) select bench_reader(n) from generate_series(1, {entries}) n on conflict do nothing;
select spotter.personality_cache(array_agg(
           row(null, bench_reader(n), null, bench_analysis(bench_reader(n)), null, null, null, 604800)::spotter.cache_entry))
  from generate_series(1, {entries}) n)sql",
        {{"hit", "select count(*) = 1 from spotter.personality_entry(bench_reader($1), '')", "< 100"},
         {"miss", "select count(*) = 0 from spotter.personality_entry(bench_reader($1 + 1000000000), '')",
          "< 100"},
         {"read, tuned", "select tuned_personality(bench_reader($1)) is not null", "< 100"},
         {"tune",
          R"(select tune_personality(bench_reader($1), '{"traitModifiers": {"Trait 3": 2}}') is not null)",
          "< 100"},
         {"figures", "select entries = {entries} from spotter.personality_figures()", "none", true},
         {"save, nothing new",
          "select spotter.personality_save(c.owner, c.analysis_data) = c.version from personality_cache c "
          "where c.owner = bench_reader($1)",
          "< 100"},
         {"save, changed",
          "select spotter.personality_save(c.owner, c.analysis_data || jsonb_build_object('flag', c.version "
          "% 2 = 0)) = "
          "c.version + 1 from personality_cache c where c.owner = bench_reader($1)",
          "< 100"},
         {"invalidate", "select spotter.invalidate_cache('personality', bench_reader($1)) is not null",
          "< 100"},
         {"cleaning up a tenth", "select spotter.trim_cache('personality', null, null, 100000) > 0", "none",
          true,
          "update personality_cache set updated_at = now() - interval '100 days', "
          "last_used_at = now() - interval '100 days' where owner in (select bench_reader(n) from "
          "generate_series(1, {entries} / 10) n)"},
         {"invalidate all", "select spotter.invalidate_cache('personality') > 0", "none", true}}};
}

/// One execution's time in milliseconds, its commit included.
template <class Execute>
double milliseconds(pqxx::connection& connection, const std::string& sql, const Execute& execute) {
    pqxx::nontransaction transaction(connection);
    const double began = now();
    if (!execute(transaction)[0].template as<bool>(false))
        throw std::runtime_error("did not do what it is timed for: " + sql);
    return (now() - began) * 1000;
}

double median_of_some(pqxx::connection& connection, const std::string& sql, int entries) {
    constexpr int times = 300;
    std::mt19937 chance(20261126);
    std::uniform_int_distribution<int> any(1, entries);
    connection.prepare(sql, sql);
    std::vector<double> taken;
    for (int i = 0; i < times; ++i)
        taken.push_back(milliseconds(connection, sql, [&](auto& transaction) {
            return transaction.exec_prepared1(sql, any(chance));
        }));
    return quantile(std::move(taken), 0.5);
}

void measure(const Bench& bench, const std::string& dsn, const CacheBench& cache) {
    auto sized = [&](const std::string& sql) {
        return replaced(sql, "{entries}", std::to_string(bench.sizes.entries));
    };
    std::vector<Rounds> figures(cache.operations.size());
    for (int round = 0; round < bench.sizes.rounds; ++round) {
        Server::run(dsn, fmt::format("truncate {}", cache.table));
        Server::run(dsn, sized(cache.fill));
        Server::run(dsn, fmt::format("vacuum analyze {}", cache.table));
        pqxx::connection connection(dsn);
        for (std::size_t i = 0; i < cache.operations.size(); ++i) {
            const Operation& operation = cache.operations[i];
            const std::string sql = sized(operation.sql);
            Server::run(dsn, sized(operation.before));
            figures[i].add(
                operation.to_all
                    ? milliseconds(connection, sql, [&](auto& transaction) { return transaction.exec1(sql); })
                    : median_of_some(connection, sql, bench.sizes.entries));
        }
    }
    for (std::size_t i = 0; i < figures.size(); ++i)
        bench.report.add(
            {fmt::format("{}, {} entries: {}", cache.name, bench.sizes.entries, cache.operations[i].what),
             figures[i],
             "",
             {},
             "ms",
             cache.operations[i].target});
}

}  // namespace

void measure_caches(const Bench& bench) {
    std::string dsn = bench.server.database("caches");
    for (const CacheBench& cache : {exercises(), personalities(), queries()}) measure(bench, dsn, cache);
}

}  // namespace spotter::bench
