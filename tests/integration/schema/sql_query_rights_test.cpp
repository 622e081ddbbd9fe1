#include <doctest/doctest.h>

#include "db/migrator.hpp"
#include "integration/schema/sql_query_fixture.hpp"

// Who may do what with the SQL that questions were answered with, and with an app's table of it.

namespace sql_query_rights_test {

using namespace spotter::test;

namespace {

const std::string insufficient_privilege = "42501";

std::string refused(const Database& db, const std::string& role, const std::string& statement) {
    return as_role(db, role, "", statement).sqlstate;
}

}  // namespace

TEST_CASE("users see nothing of the cache of SQL, and call nothing of it") {
    Database db = fresh_database();
    fill_cache(db, 1);
    for (const std::string role : {"anon", "authenticated"})
        for (const char* statement :
             {"select * from public.ai_worker_cache", "select * from public.ai_worker_cache_stats",
              "delete from public.ai_worker_cache", "truncate public.ai_worker_cache",
              "insert into public.ai_worker_cache (cache_key, prompt_text, model, schema_version, "
              "generated_sql, "
              "expires_at) values ('k', 'p', 'm', 'v1', 'SELECT 1', now())",
              "select public.ai_worker_cleanup_cache()", "select spotter.sql_query_forget(null, null)",
              "select spotter.sql_query_entry(null, 'k')", "select spotter.create_ai_worker_cache()",
              "select spotter.visible_schema('spotter_reader')"}) {
            CAPTURE(statement);
            CHECK(refused(db, role, statement) == insufficient_privilege);
        }
}

TEST_CASE("a grant on all tables, as Supabase once made it, shows users no prompt") {
    Database db = fresh_database();
    fill_cache(db, 1);
    sql(db, "grant all on all tables in schema public to anon, authenticated, spotter_reader");
    for (const std::string role : {"anon", "authenticated", "spotter_reader"}) {
        CAPTURE(role);
        CHECK(as_role(db, role, "", "select * from public.ai_worker_cache").rows.empty());
        CHECK(as_role(db, role, "", "delete from public.ai_worker_cache").rows.affected_rows() == 0);
        CHECK(value(db, "set local role " + role +
                            "; select total_entries from public.ai_worker_cache_stats") == "0");
        CHECK(refused(db, role,
                      "insert into public.ai_worker_cache (cache_key, prompt_text, model, schema_version, "
                      "generated_sql, "
                      "expires_at) values ('k', 'p', 'm', 'v1', 'SELECT 1', now())") ==
              insufficient_privilege);
    }
}

TEST_CASE("document 5, lines 410 to 414: the rights that the document gives its worker are enough") {
    Database db = fresh_database();
    fill_cache(db, 2);
    sql(db, "update public.ai_worker_cache set expires_at = now() where prompt_text = 'question 1'");
    std::string worker = "aiworker_" + db.name();
    sql(db, fmt::format("create role {0} login; "
                        "GRANT SELECT, INSERT, UPDATE, DELETE ON ai_worker_cache TO {0}; "
                        "GRANT EXECUTE ON FUNCTION ai_worker_cleanup_cache() TO {0}; "
                        "REVOKE ALL ON ai_worker_cache FROM PUBLIC",
                        worker));
    std::string dsn = with_keyword(db.dsn(), "user", worker);
    CHECK(as_login(dsn, "SELECT ai_worker_cleanup_cache()").rows.front()[0].as<int>() == 1);
    CHECK(as_login(dsn, "update ai_worker_cache set hit_count = hit_count + 1 returning hit_count")
              .rows.size() == 1);
    CHECK(as_login(dsn, "truncate ai_worker_cache").sqlstate == insufficient_privilege);
}

TEST_CASE("a member of spotter_worker keeps the cache, and has none of the reader's rights") {
    Database db = fresh_database();
    sql(db,
        "create table public.orders (id integer primary key); grant select on public.orders to "
        "spotter_reader");
    std::string dsn = login_as_member(db, "spotter_worker");
    SqlDaemon daemon(spotter::db::Endpoint{.dsn = dsn});
    ask(db, R"({"prompt": "x"})");
    auto settled = daemon.settle(std::vector{answered(daemon.claim_one())});
    CHECK(settled.cache_error == "");
    ask(db, R"({"prompt": "x"})");
    CHECK(daemon.claim().hits == 1);
    CHECK(as_login(
              dsn,
              "select spotter.sql_query_used(array_agg(cache_key::text), '{1}', '{1}', array[now()]), "
              "spotter.sql_query_trim(1, 1, 10), spotter.sql_query_forget(null, 'x'), "
              "(select count(*) from spotter.sql_query_expiring('1 day', 10)), spotter.sql_query_figures() "
              "from public.ai_worker_cache")
              .message == "");
    CHECK(as_login(dsn, "select public.ai_worker_cleanup_cache()").ok());

    CHECK(as_login(dsn, "select * from public.orders").sqlstate == insufficient_privilege);
    CHECK(as_login(dsn, "set role spotter_worker; select * from public.orders").sqlstate ==
          insufficient_privilege);
    CHECK(as_login(dsn, "set role spotter_reader; explain select * from public.orders").ok());
    CHECK(as_login(dsn, "set role spotter_reader; select * from public.ai_worker_cache").sqlstate ==
          insufficient_privilege);
}

TEST_CASE("an app's table by the document is kept, its times get their zone, and its entries serve nobody") {
    Database db = empty_database();
    sql(db, R"sql(
        CREATE TABLE ai_worker_cache (
            cache_key VARCHAR(64) PRIMARY KEY,
            prompt_text TEXT NOT NULL,
            model VARCHAR(100) NOT NULL,
            schema_version VARCHAR(20) NOT NULL,
            generated_sql TEXT NOT NULL,
            validated BOOLEAN NOT NULL DEFAULT true,
            tokens_used INTEGER NOT NULL DEFAULT 0,
            created_at TIMESTAMP NOT NULL DEFAULT NOW(),
            expires_at TIMESTAMP NOT NULL,
            last_accessed_at TIMESTAMP NOT NULL DEFAULT NOW(),
            hit_count INTEGER NOT NULL DEFAULT 0
        );
        CREATE INDEX idx_ai_cache_expires ON ai_worker_cache (expires_at);
        CREATE VIEW ai_worker_cache_stats AS SELECT COUNT(*) AS total_entries, SUM(hit_count) AS total_hits
            FROM ai_worker_cache;
        CREATE FUNCTION ai_worker_cleanup_cache() RETURNS bigint LANGUAGE sql AS
            'WITH gone AS (DELETE FROM ai_worker_cache WHERE expires_at < NOW() RETURNING 1) SELECT COUNT(*) FROM gone';
        INSERT INTO ai_worker_cache (cache_key, prompt_text, model, schema_version, generated_sql, expires_at, hit_count)
            VALUES (encode(sha256('old'), 'hex'), 'old', 'm', 'v1', 'SELECT pg_sleep(1000)', NOW() + INTERVAL '1 hour', 7);
        )sql");
    auto migrated = spotter::db::migrate(db.dsn());
    REQUIRE((migrated ? "" : migrated.error().message) == "");
    CHECK(value(db,
                "select count(*) from information_schema.columns where table_name = 'ai_worker_cache' "
                "and data_type = 'timestamp with time zone'") == "3");
    CHECK(
        value(db, "select row(total_entries, valid_entries, total_hits) from public.ai_worker_cache_stats") ==
        "(1,1,7)");
    CHECK(value(db, "select count(*) from spotter.sql_query_entry(null, encode(sha256('old'), 'hex'))") ==
          "0");
    CHECK(value(db, "select pg_typeof(public.ai_worker_cleanup_cache())") == "integer");
    CHECK(refused(db, "authenticated", "select * from public.ai_worker_cache") == insufficient_privilege);

    SqlDaemon daemon(db);
    ask(db, R"({"prompt": "x"})");
    CHECK(daemon.settle(answered(daemon.claim_one())));
    ask(db, R"({"prompt": "x"})");
    CHECK(daemon.claim().hits == 1);
}

}  // namespace sql_query_rights_test
