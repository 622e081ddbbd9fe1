#include <doctest/doctest.h>

#include "integration/schema/exercise_cache.hpp"

// What was wrong with the cache that document 3 describes, and is right here.

namespace exercise_cache_faults_test {

using namespace spotter::test;

namespace {

const std::string colors = R"({"type": "contextual_fill", "difficulty": 3, "topics": ["colors"]})";

/// A session of its own that is in the middle of a transaction.
struct Session {
    pqxx::connection connection;
    pqxx::work transaction;
    explicit Session(const Database& db) : connection(db.dsn()), transaction(connection) {
        transaction.exec("set local lock_timeout = '200ms'");
    }
    std::string value(const std::string& statement) { return transaction.exec1(statement)[0].c_str(); }
};

std::string hit_rates(const Exercises& app) {
    return app.value(
        "select o.cache_hit_rate || ' ' || coalesce((select string_agg(s.cache_hit_rate::text, ',') "
        "from public.exercise_cache_stats s), 'none') from public.exercise_cache_overview o");
}

}  // namespace

TEST_CASE("the hit rate is hits by hits and misses, and each entry was one miss") {
    Exercises app;
    CHECK(hit_rates(app) == "0 none");
    app.fill(1, 10);
    CHECK(hit_rates(app) == "0.00 0.00");
    app.sql("update public.exercise_cache set usage_count = 1 where cache_key = 'key 1'");
    CHECK(hit_rates(app) == "9.09 9.09");
    app.sql("update public.exercise_cache set usage_count = 4");
    CHECK(hit_rates(app) == "80.00 80.00");
    CHECK(app.value("select spotter.exercise_figures()").starts_with("(10,0,"));
}

TEST_CASE("the hit rate is neither null nor negative, whatever somebody wrote by hand") {
    Exercises app;
    app.fill(1, 2);
    app.sql(
        "update public.exercise_cache set usage_count = case cache_key when 'key 1' then -5 end, "
        "generation_cost = null");
    CHECK(hit_rates(app) == "0.00 0.00");
    CHECK(app.value("select total_usage || ' ' || total_cost_saved from public.exercise_cache_overview") ==
          "0 0");
    CHECK(app.value("select total_usage || ' ' || estimated_cost_saved from public.exercise_cache_stats") ==
          "0 0");
}

TEST_CASE("the figures of a real row's life are true: one miss, two hits, what they saved") {
    Exercises app;
    app.ask(colors);
    app.settle(app.claim().rows.at(0));
    app.ask(colors);
    app.ask(colors);
    CHECK(app.claim().hits == 2);
    app.sql(
        "select spotter.exercise_used(array_agg(u.key), array_agg(u.hits), array_agg(u.misses), "
        "array_agg(u.at)) "
        "from (select key, sum(hits) as hits, sum(misses) as misses, max(at) as at from spotter.cache_use "
        "      where kind = 'exercise' group by key) u");
    CHECK(app.value("select format('%s %s %s %s', total_usage, cache_hit_rate, total_cost_saved, "
                    "avg_generation_time_ms) "
                    "from public.exercise_cache_overview") == "2 66.67 0.0062 2140.00");
    CHECK(app.value("select (last_used_at > created_at)::text from public.exercise_cache") == "true");
}

TEST_CASE("the daily metrics can be refreshed, while somebody reads them, again and again") {
    Exercises app;
    app.fill(1, 10, ", 4, now()");
    Session reader(app.db);
    CHECK(reader.value("select count(*) from public.exercise_cache_daily_metrics") == "0");
    app.sql("set lock_timeout = '10s'; select refresh_exercise_cache_metrics()");
    app.sql("set lock_timeout = '10s'; select refresh_exercise_cache_metrics()");
    CHECK(reader.value("select count(*) from public.exercise_cache_daily_metrics") == "5");
    CHECK(
        app.value(
            "select string_agg(format('%s %s %s %s %s', entries_created, total_accesses, "
            "avg_accesses_per_entry, "
            "total_cost, cost_saved), '; ') from public.exercise_cache_daily_metrics where difficulty = 1") ==
        "2 8 4.00 0.006 0.024");
}

TEST_CASE("a day of the metrics is a day in UTC, wherever the session that refreshes them is") {
    Exercises app;
    app.fill(1, 2);
    app.sql(
        "update public.exercise_cache set difficulty = 1, created_at = case cache_key "
        "when 'key 1' then timestamptz '2026-03-01 23:59:59 UTC' else timestamptz '2026-03-02 00:00:00 UTC' "
        "end");
    app.sql("set timezone = 'America/New_York'; select refresh_exercise_cache_metrics()");
    CHECK(app.value("select string_agg(date || ' ' || entries_created, ', ' order by date) "
                    "from public.exercise_cache_daily_metrics") == "2026-03-01 1, 2026-03-02 1");
}

TEST_CASE("a key that is written again begins a new life") {
    Exercises app;
    app.cache({colors});
    app.sql(
        "update public.exercise_cache set created_at = now() - interval '2 days', expires_at = now() - "
        "interval '1 day', "
        "last_used_at = now() - interval '1 day', usage_count = 7, exercise_data = '{}'");
    CHECK_FALSE(app.cached(colors));
    CHECK(app.sql("select from public.expired_exercises").size() == 1);
    app.cache({colors}, 3600);
    CHECK(app.cached(colors));
    CHECK(app.value("select format('%s %s %s', count(*), min(expires_at - created_at), max(usage_count)) "
                    "from public.exercise_cache where last_used_at = created_at and created_at > now() - "
                    "interval '1 hour'") == "1 01:00:00 0");
}

TEST_CASE("eviction deletes what has expired, and then what was used longest ago and least") {
    Exercises app;
    app.fill(1, 10, ", n % 2, now() - interval '1 hour' * (n / 2)");
    app.sql(
        "update public.exercise_cache set created_at = now() - interval '2 days', expires_at = now() - "
        "interval '1 s' "
        "where cache_key in ('key 1', 'key 2')");
    CHECK(app.value("select evict_lru_exercises(5)") == "5");
    CHECK(app.value("select string_agg(cache_key, ', ' order by cache_key) from public.exercise_cache") ==
          "key 3, key 4, key 5, key 6, key 7");
    CHECK(app.value("select evict_lru_exercises(5)") == "0");
    CHECK(app.value("select evict_lru_exercises(0)") == "5");
}

TEST_CASE("eviction says what is wrong with a limit") {
    Database db = fresh_database();
    for (const char* limit : {"-1", "null"}) {
        auto said = as_role(db, "service_role", "", fmt::format("select evict_lru_exercises({})", limit));
        CHECK(said.sqlstate == "22023");
        CHECK(said.message.find(fmt::format("max_entries is {}", limit)) != std::string::npos);
    }
}

TEST_CASE("two that evict at once do not delete the same excess twice") {
    Exercises app;
    app.fill(1, 20);
    Session first(app.db), second(app.db);
    CHECK(first.value("select spotter.exercise_trim(15, null, 100)") == "5");
    CHECK(second.value("select spotter.exercise_trim(15, null, 100)") == "0");
    first.transaction.commit();
    CHECK(second.value("select evict_lru_exercises(15)") == "0");
    second.transaction.commit();
    CHECK(app.value("select count(*) from public.exercise_cache") == "15");

    Session evicting(app.db), waiting(app.db);
    CHECK(evicting.value("select evict_lru_exercises(12)") == "3");
    CHECK_THROWS_WITH_AS(waiting.value("select evict_lru_exercises(12)"), doctest::Contains("lock timeout"),
                         pqxx::sql_error);
}

TEST_CASE("eviction and cleanup leave an entry that somebody is writing, and wait for nobody") {
    Exercises app;
    app.fill(1, 3);
    app.sql(
        "update public.exercise_cache set created_at = now() - interval '2 days', expires_at = now() - "
        "interval '1 s'");
    Session writer(app.db);
    writer.transaction.exec(
        "update public.exercise_cache set expires_at = now() + interval '1 day' where cache_key = 'key 1'");
    CHECK(app.value("set lock_timeout = '200ms'; select cleanup_expired_exercises()") == "2");
    CHECK(app.value("set lock_timeout = '200ms'; select spotter.exercise_trim(0, 0, 100)") == "0");
    writer.transaction.commit();
    CHECK(app.value("select count(*) from public.exercise_cache") == "1");
}

}  // namespace exercise_cache_faults_test
