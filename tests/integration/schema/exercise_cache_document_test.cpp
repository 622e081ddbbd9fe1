#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <set>

#include "integration/schema/exercise_cache.hpp"

// Document 3, "Exercise Cache Migration Guide": its commands, as they stand there, each with the lines that
// they are from.

namespace exercise_cache_document_test {

using namespace spotter::test;

namespace {

struct Printed {
    std::string text;
    int exit_code = 0;
    bool has(std::string_view part) const { return text.find(part) != text.npos; }
};

/// psql as a person or cron calls it.
Printed psql(const Database& db, const std::string& arguments) {
    std::string command = fmt::format("psql -X -v ON_ERROR_STOP=1 '{}' {} 2>&1", db.dsn(), arguments);
    FILE* pipe = popen(command.c_str(), "r");
    REQUIRE(pipe);
    Printed printed;
    std::array<char, 4096> buffer;
    while (std::size_t read = std::fread(buffer.data(), 1, buffer.size(), pipe))
        printed.text.append(buffer.data(), read);
    printed.exit_code = pclose(pipe);
    CAPTURE(printed.text);
    CHECK(printed.exit_code == 0);
    return printed;
}

const std::string migration = "-f '" SPOTTER_SOURCE_DIR "/schema/0012_exercise_cache.sql'";

constexpr const char* rollback = R"sql(
    DROP MATERIALIZED VIEW IF EXISTS exercise_cache_daily_metrics;
    DROP VIEW IF EXISTS exercise_cache_stats;
    DROP VIEW IF EXISTS exercise_cache_overview;
    DROP VIEW IF EXISTS expired_exercises;
    DROP FUNCTION IF EXISTS cleanup_expired_exercises();
    DROP FUNCTION IF EXISTS evict_lru_exercises(INTEGER);
    DROP FUNCTION IF EXISTS get_exercise_cache_stats();
    DROP FUNCTION IF EXISTS get_overall_cache_stats();
    DROP FUNCTION IF EXISTS get_popular_exercises(INTEGER);
    DROP FUNCTION IF EXISTS get_lru_exercises(INTEGER);
    DROP FUNCTION IF EXISTS refresh_exercise_cache_metrics();
    DROP TABLE IF EXISTS exercise_cache;)sql";

const std::string colors = R"({"type": "contextual_fill", "difficulty": 3, "topics": ["colors", "anatomy"]})";

/// The first column of a result.
std::set<std::string> names(const pqxx::result& result) {
    std::set<std::string> found;
    for (const auto& row : result) found.insert(row[0].c_str());
    return found;
}

bool contains_all(const std::set<std::string>& found, std::initializer_list<const char*> wanted) {
    for (const char* name : wanted)
        if (!found.contains(name)) {
            MESSAGE(name, " is missing");
            return false;
        }
    return true;
}

}  // namespace

TEST_CASE(
    "document 3, lines 15-36 and 234-236: the migration can be run by psql, many times, and no entry is "
    "lost") {
    Exercises app;
    app.cache({colors});
    CHECK_FALSE(psql(app.db, migration).has("ERROR"));
    CHECK_FALSE(psql(app.db, "-1 " + migration).has("ERROR"));
    CHECK(app.cached(colors));
}

TEST_CASE("document 3, lines 41-85: what gets created") {
    Database db = fresh_database();
    CHECK(value(db,
                "select string_agg(column_name || ' ' || data_type, ', ' order by ordinal_position) "
                "from information_schema.columns where table_name = 'exercise_cache' and column_name not in "
                "('summary', 'validated_hash')") ==
          "id uuid, cache_key character varying, exercise_type character varying, exercise_data jsonb, "
          "user_context_hash character varying, difficulty integer, topics ARRAY, usage_count integer, "
          "last_used_at timestamp with time zone, created_at timestamp with time zone, "
          "expires_at timestamp with time zone, generation_cost numeric, generation_time_ms integer");
    CHECK(contains_all(
        names(sql(db, "select proname from pg_proc where pronamespace = 'public'::regnamespace")),
        {"cleanup_expired_exercises", "evict_lru_exercises", "get_exercise_cache_stats",
         "get_overall_cache_stats", "get_popular_exercises", "get_lru_exercises",
         "refresh_exercise_cache_metrics"}));
    CHECK(contains_all(names(sql(db, "select relname from pg_class where relkind = 'v'")),
                       {"exercise_cache_stats", "exercise_cache_overview", "expired_exercises"}));
    CHECK(contains_all(names(sql(db, "select relname from pg_class where relkind = 'm'")),
                       {"exercise_cache_daily_metrics"}));

    sql(db,
        "insert into public.exercise_cache (cache_key, exercise_type, exercise_data, user_context_hash, "
        "difficulty) "
        "values ('k', 'term_matching', '{}', 'h', 1)");
    CHECK(value(db,
                "select usage_count || ' ' || topics::text || ' ' || generation_cost || ' ' || "
                "(expires_at = created_at + interval '24 hours')::text from public.exercise_cache") ==
          "0 {} 0.003000 true");
}

TEST_CASE("document 3, lines 87-112: the migration is verified") {
    Exercises app;
    app.cache({colors});
    CHECK(psql(app.db, R"(-c '\dt exercise_cache')").has("exercise_cache"));
    CHECK(psql(app.db, R"(-c '\di exercise_cache*')").has("exercise_cache_pkey"));
    CHECK(psql(app.db, R"(-c '\df *exercise*')").has("evict_lru_exercises"));
    CHECK(psql(app.db, R"(-c '\dv exercise_cache*')").has("exercise_cache_overview"));
    CHECK(app.value("SELECT cleanup_expired_exercises()") == "0");
    CHECK(app.value("SELECT evict_lru_exercises(10000)") == "0");
    CHECK(app.sql("SELECT * FROM exercise_cache_overview").size() == 1);
    CHECK(app.value("SELECT total_entries FROM exercise_cache_overview") == "1");
}

TEST_CASE("document 3, lines 116-139: what was generated once is had from the cache") {
    Exercises app;
    app.ask(colors);
    auto missed = app.claim();
    REQUIRE(missed.rows.size() == 1);
    CHECK(app.settle(missed.rows[0]).cache_error == "");

    std::string again = app.ask(R"({"topics": ["Anatomy ", "colors", "colors"], "difficulty": 3.0,
                                    "type": "contextual_fill", "imageUrl": "/x.svg", "context": {"level": "A1"}})");
    auto hit = app.claim();
    CHECK(hit.rows.empty());
    CHECK(hit.hits == 1);
    CHECK(app.of(again, "generation_status") == "completed");
    CHECK(app.of(again, "result ->> 'sentence'") == "El ___ canta.");
    CHECK(app.of(again, "generation_metadata ->> 'source'") == "cache");
    CHECK(app.of(again, "generation_metadata ->> 'finalComplexity'") == "full");
    CHECK(app.of(again, "generation_metadata ->> 'validationNotes'") == R"(["a note"])");

    app.ask(R"({"type": "contextual_fill", "difficulty": 4, "topics": ["colors", "anatomy"]})");
    CHECK(app.claim().rows.size() == 1);
}

TEST_CASE("document 3, lines 145-154: cron keeps the cache in order") {
    Exercises app;
    app.cache({colors});
    app.sql(
        "update public.exercise_cache set created_at = now() - interval '2 days', expires_at = now() - "
        "interval '1 s'");
    CHECK(psql(app.db, R"(-At -c "SELECT cleanup_expired_exercises();")").text == "1\n");
    CHECK(psql(app.db, R"(-At -c "SELECT evict_lru_exercises(10000);")").text == "0\n");
    CHECK(psql(app.db, R"(-At -c "SELECT refresh_exercise_cache_metrics();")").text == "\n");
}

TEST_CASE("document 3, lines 156-204: the monitoring queries say how the cache does") {
    Exercises app;
    app.fill(1, 10, ", 4, now()");
    app.sql("SELECT refresh_exercise_cache_metrics()");

    auto overview = app.sql(
        "SELECT cache_hit_rate, total_entries, active_entries, total_cost_saved "
        "FROM exercise_cache_overview");
    CHECK(overview[0][0].as<double>() == 80);
    CHECK(overview[0][1].as<int>() == 10);
    CHECK(overview[0][2].as<int>() == 10);
    CHECK(overview[0][3].as<double>() == doctest::Approx(0.12));

    auto types = app.sql(
        "SELECT exercise_type, cache_hit_rate, estimated_cost_saved, active_entries "
        "FROM exercise_cache_stats ORDER BY cache_hit_rate DESC");
    REQUIRE(types.size() == 1);
    CHECK(types[0][1].as<double>() == 80);
    CHECK(types[0][2].as<double>() == doctest::Approx(0.12));

    CHECK(app.sql("SELECT * FROM get_popular_exercises(10)").size() == 10);
    CHECK(app.sql("SELECT * FROM get_lru_exercises(10)").size() == 10);
    CHECK(app.value("SELECT age_days FROM get_lru_exercises(1)") == "0");

    auto days = app.sql(
        "SELECT date, exercise_type, entries_created, cost_saved FROM exercise_cache_daily_metrics "
        "WHERE date >= CURRENT_DATE - INTERVAL '7 days' ORDER BY date DESC, cost_saved DESC");
    REQUIRE(days.size() == 5);  // difficulties
    CHECK(days[0][2].as<int>() == 2);
    CHECK(days[0][3].as<double>() == doctest::Approx(0.024));
}

TEST_CASE(
    "document 3, lines 206-230: after the rollback work goes on without the cache, until it is brought "
    "back") {
    Exercises app;
    app.ask(colors);
    app.settle(app.claim().rows.at(0));
    app.sql(rollback);

    std::string id = app.ask(colors);
    auto claimed = app.claim();
    REQUIRE(claimed.rows.size() == 1);
    CHECK(claimed.cache_error.find("exercise_cache") != std::string::npos);
    CHECK(app.settle(claimed.rows[0]).cache_error.find("exercise_cache") != std::string::npos);
    CHECK(app.of(id, "generation_status") == "completed");
    CHECK(
        app.value(
            "select count(*) from pg_class where relname like '%exercise%' and relkind in ('r', 'v', 'm')") ==
        "0");

    psql(app.db, migration);
    app.ask(colors);
    app.settle(app.claim().rows.at(0));
    app.ask(colors);
    CHECK(app.claim().hits == 1);
}

TEST_CASE("document 3, lines 238-275: the troubleshooting queries answer what they are asked for") {
    Exercises app;
    app.fill(1, 6000);
    app.sql("analyze public.exercise_cache");
    CHECK(app.value("SELECT COUNT(*) FROM exercise_cache WHERE expires_at > CURRENT_TIMESTAMP") == "6000");
    CHECK(contains_all(names(app.sql("SELECT indexname FROM pg_indexes WHERE tablename = 'exercise_cache'")),
                       {"idx_exercise_cache_key", "idx_exercise_type_difficulty", "idx_exercise_expires_at",
                        "idx_exercise_last_used", "idx_exercise_usage_count", "idx_exercise_lookup",
                        "idx_exercise_active", "idx_exercise_topics", "idx_exercise_context_hash"}));
    for (const std::string& line :
         names(app.sql("EXPLAIN ANALYZE SELECT exercise_data FROM exercise_cache "
                       "WHERE cache_key = 'test_key' AND expires_at > CURRENT_TIMESTAMP")))
        CHECK(line.find("Seq Scan") == std::string::npos);
    CHECK(app.value("SELECT pg_size_pretty(pg_total_relation_size('exercise_cache'))").find("kB") !=
          std::string::npos);
    CHECK(app.value("SELECT evict_lru_exercises(5000)") == "1000");
    CHECK(app.value("SELECT count(*) FROM exercise_cache") == "5000");
}

TEST_CASE("document 3, lines 293-302: 80 hits on 20 generated exercises save $7.20 a month") {
    Exercises app;
    app.fill(1, 20, ", 4, now()");
    CHECK(app.value("select cache_hit_rate from exercise_cache_overview") == "80.00");
    CHECK(app.value("select (total_cost_saved * 30)::numeric(10, 2) from exercise_cache_overview") == "7.20");
}

}  // namespace exercise_cache_document_test
