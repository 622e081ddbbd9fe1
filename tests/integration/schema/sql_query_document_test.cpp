#include <doctest/doctest.h>

#include "integration/schema/sql_query_fixture.hpp"

// Document 5, word for word: its commands, as its service would run them, by the lines that they stand in.
// What it says of HTTP, cron and plpython3u is tested elsewhere.

namespace sql_query_document_test {

using namespace spotter::test;

namespace {

/// A database with three entries that were used 2, 5 and 0 times; the last has expired.
struct Served {
    Database db = fresh_database();
    Served() {
        fill_cache(db, 3);
        sql(db,
            "update public.ai_worker_cache set hit_count = case prompt_text when 'question 1' then 2 "
            "when 'question 2' then 5 else 0 end, "
            "expires_at = case prompt_text when 'question 3' then now() else expires_at end");
    }
    /// As the service, which sees and may do what the document's worker does.
    pqxx::result run(const std::string& statement) const {
        auto said = as_role(db, "service_role", "", statement);
        CAPTURE(statement);
        REQUIRE(said.message == "");
        return said.rows;
    }
};

std::string first(const pqxx::result& rows) {
    std::string text;
    for (const auto& field : rows.front()) text += (text.empty() ? "" : "|") + std::string(field.c_str());
    return text;
}

}  // namespace

TEST_CASE(
    "document 5, line 93: the table has the document's columns, and the time zone that its times lack") {
    Database db = fresh_database();
    std::string columns;
    for (const auto& row :
         sql(db,
             "select column_name, data_type, character_maximum_length, is_nullable, column_default "
             "from information_schema.columns where table_name = 'ai_worker_cache' "
             "order by ordinal_position limit 11"))
        columns += fmt::format("{} {} {} {} {}\n", row[0].c_str(), row[1].c_str(), row[2].c_str(),
                               row[3].c_str(), row[4].c_str());
    CHECK(columns ==
          "cache_key character varying 64 NO \n"
          "prompt_text text  NO \n"
          "model character varying 100 NO \n"
          "schema_version character varying 20 NO \n"
          "generated_sql text  NO \n"
          "validated boolean  NO true\n"
          "tokens_used integer  NO 0\n"
          "created_at timestamp with time zone  NO now()\n"
          "expires_at timestamp with time zone  NO \n"
          "last_accessed_at timestamp with time zone  NO now()\n"
          "hit_count integer  NO 0\n");
    CHECK(value(db,
                "select string_agg(indexname, ' ' order by indexname) from pg_indexes "
                "where tablename = 'ai_worker_cache' and indexname in ('ai_worker_cache_pkey', "
                "'idx_ai_cache_expires', 'idx_ai_cache_hits', 'idx_ai_cache_schema')") ==
          "ai_worker_cache_pkey idx_ai_cache_expires idx_ai_cache_hits idx_ai_cache_schema");
    // A worker by the document inserts what it has columns for.
    CHECK(
        as_role(db, "service_role", "",
                "INSERT INTO ai_worker_cache (cache_key, prompt_text, model, schema_version, generated_sql, "
                "tokens_used, "
                "expires_at) VALUES ('k', 'p', 'm', 'v1', 'SELECT 1', 123, NOW() + INTERVAL '3600 seconds')")
            .message == "");
}

TEST_CASE("document 5, lines 193 to 207: the cache's contents, its most popular queries and its statistics") {
    Served served;
    auto all = served.run(
        "SELECT prompt_text, generated_sql, hit_count, expires_at FROM ai_worker_cache "
        "WHERE expires_at > NOW() ORDER BY hit_count DESC;");
    CHECK(all.size() == 2);
    CHECK(std::string(all[0][1].c_str()) == "SELECT 2");
    CHECK(first(served.run(
              "SELECT prompt_text, hit_count, tokens_used FROM ai_worker_cache WHERE expires_at > NOW() "
              "ORDER BY hit_count DESC LIMIT 10;")) == "question 2|5|123");

    auto stats = served.run("SELECT * FROM ai_worker_cache_stats;");
    std::string names;
    for (pqxx::row::size_type i = 0; i < stats.columns(); ++i)
        names += std::string(stats.column_name(i)) + " ";
    CHECK(names ==
          "total_entries valid_entries expired_entries total_hits avg_hits_per_entry total_tokens_saved "
          "max_hits "
          "oldest_entry newest_entry ");
    // Tokens are saved by each hit: 7 x 123, where the document's view says 3 x 123.
    CHECK(first(served.run(
              "SELECT total_entries, valid_entries, expired_entries, total_hits, avg_hits_per_entry, "
              "total_tokens_saved, max_hits, oldest_entry = newest_entry FROM ai_worker_cache_stats")) ==
          "3|2|1|7|2.33|861|5|t");
    // What a hand wrote there: neither less than nothing nor more than can be counted.
    served.run("UPDATE ai_worker_cache SET hit_count = -4");
    CHECK(first(served.run("SELECT total_hits, avg_hits_per_entry, max_hits FROM ai_worker_cache_stats")) ==
          "0|0.00|0");
    served.run("UPDATE ai_worker_cache SET hit_count = 2147483647, tokens_used = 2147483647");
    CHECK(first(served.run("SELECT total_tokens_saved FROM ai_worker_cache_stats")) == "9223372036854775807");
    served.run("TRUNCATE TABLE ai_worker_cache;");  // line 220
    CHECK(first(served.run("SELECT * FROM ai_worker_cache_stats")) == "0|0|0|0|0|0|0||");
}

TEST_CASE("document 5, lines 214, 217 and 389: cleaning up what has expired, and a schema version") {
    Served served;
    CHECK(first(served.run("SELECT ai_worker_cleanup_cache();")) == "1");
    CHECK(first(served.run("SELECT ai_worker_cleanup_cache();")) == "0");
    CHECK(entries(served.db) == "2");
    CHECK(served.run("DELETE FROM ai_worker_cache WHERE schema_version = 'v2';").affected_rows() == 0);
    CHECK(served.run("DELETE FROM ai_worker_cache WHERE schema_version = 'v1';").affected_rows() == 2);
}

TEST_CASE("whether an entry has expired does not depend on the time zone of who looks") {
    Served served;
    for (const char* zone : {"UTC", "Pacific/Kiritimati", "Etc/GMT+12"}) {
        CAPTURE(zone);
        CHECK(first(served.run(fmt::format(
                  "set local timezone = '{}'; SELECT valid_entries FROM ai_worker_cache_stats", zone))) ==
              "2");
    }
}

TEST_CASE("document 5, lines 273 and 306: monitoring, and whether the table is there") {
    Served served;
    CHECK(first(served.run(
              "WITH stats AS (SELECT COUNT(*) as total_entries, SUM(hit_count) as total_hits, "
              "SUM(tokens_used * hit_count) as tokens_saved FROM ai_worker_cache WHERE expires_at > NOW()) "
              "SELECT total_entries, total_hits, tokens_saved, "
              "ROUND(tokens_saved * 0.0001, 2) as estimated_savings_usd FROM stats;")) == "2|7|861|0.09");
    CHECK(first(served.run("SELECT EXISTS (SELECT FROM information_schema.tables "
                           "WHERE table_name = 'ai_worker_cache');")) == "t");
}

TEST_CASE("document 5, lines 322 to 350: looking for an entry, and making the cache smaller") {
    Served served;
    CHECK(served
              .run("SELECT cache_key, prompt_text, model, schema_version, expires_at, hit_count FROM "
                   "ai_worker_cache "
                   "WHERE prompt_text LIKE '%tion 2%' ORDER BY created_at DESC;")
              .size() == 1);
    sql(served.db,
        "update public.ai_worker_cache set created_at = now() - interval '40 days' "
        "where prompt_text in ('question 2', 'question 3')");
    CHECK(
        served
            .run("DELETE FROM ai_worker_cache WHERE hit_count < 2 AND created_at < NOW() - INTERVAL '1 day';")
            .affected_rows() == 1);
    CHECK(
        served
            .run("DELETE FROM ai_worker_cache WHERE cache_key NOT IN (SELECT cache_key FROM ai_worker_cache "
                 "ORDER BY hit_count DESC LIMIT 1);")
            .affected_rows() == 1);
    CHECK(served
              .run("DELETE FROM ai_worker_cache WHERE created_at < NOW() - INTERVAL '30 days';")  // line 421
              .affected_rows() == 1);
}

TEST_CASE("document 5, line 369: the daily report") {
    Served served;
    auto report = served.run(
        "SELECT DATE(created_at) as date, COUNT(*) as new_entries, SUM(hit_count) as total_hits, "
        "AVG(hit_count) as avg_hits FROM ai_worker_cache GROUP BY DATE(created_at) "
        "ORDER BY date DESC LIMIT 7;");
    CHECK(report.size() == 1);
    CHECK(std::string(report[0][1].c_str()) + report[0][2].c_str() == "37");
}

}  // namespace sql_query_document_test
