#include <doctest/doctest.h>

#include "base/json.hpp"
#include "db/migrator.hpp"
#include "db/private_postgres.hpp"
#include "integration/schema/sql_query_fixture.hpp"
#include "support/scripted_model.hpp"
#include "support/temporary_folder.hpp"
#include "support/wait.hpp"

// schema/optional: the document's function in plpython3u and its schedule for pg_cron, with the real
// extensions. Another Postgres than Debian's may lack them.

namespace sql_query_optional_test {

using namespace spotter::test;
namespace json = spotter::json;

namespace {

/// Whether a test can go on; Debian's Postgres has it all.
bool found(bool there, const char* extension) {
    if (!there) {
        REQUIRE_FALSE(postgres_programs().empty());
        MESSAGE("not tested: this Postgres has no " << std::string(extension));
    }
    return there;
}

bool has_plpython() {
    return found(as_login(empty_database().dsn(), "create extension plpython3u").ok(), "plpython3u");
}

bool has_pg_cron() {
    return found(
        value(empty_database(), "select count(*) from pg_available_extensions where name = 'pg_cron'") == "1",
        "pg_cron");
}

/// A script, as psql would run it.
void run_script(const std::string& dsn, const std::string& path) {
    pqxx::connection connection(dsn);
    pqxx::nontransaction transaction(connection);
    transaction.exec("set client_min_messages = warning");
    transaction.exec(source_file(path));
}

/// A database with the document's function, and what answers it in the daemon's place: with the prompt as the
/// SQL.
struct Asked {
    Database db = fresh_database();
    ScriptedModel worker;

    Asked() {
        run_script(db.dsn(), "schema/optional/ai_gen_via_worker.sql");
        sql(db,
            "create table public.orders (id integer primary key, total numeric(10,2)); "
            "insert into public.orders select n, n * 1.10 from generate_series(1, 1500) n; "
            "create table public.secrets (value text); "
            "grant select on public.orders to spotter_reader");
        listen_at(worker.origin());
        worker.always([](const ReceivedRequest& request) {
            auto body = json::parse(request.body).value();
            return answer(
                fmt::format(R"({{"sql": {}, "validated": true, "tokens_used": 123, "schema_version": "v1", )"
                            R"("cache_hit": false}})",
                            json::quoted(*json::text(body, "prompt"))));
        });
    }
    void listen_at(const std::string& url) {
        sql(db, fmt::format("alter database {} set spotter.worker_url = {}", db.name(), literal(url)));
    }
    /// What the function gives to the service, or what it raises.
    Said call(const std::string& arguments) {
        return as_role(db, "service_role", "", "SELECT ai_gen_via_worker(" + arguments + ")");
    }
    std::string result(const std::string& arguments) {
        auto said = call(arguments);
        CHECK(said.message == "");
        return said.ok()
                   ? value(db, fmt::format("select ({}::jsonb)::text", literal(said.rows.front()[0].c_str())))
                   : "";
    }
    /// Whether an error says `words`.
    bool fails(const std::string& arguments, std::string_view words, std::string_view sqlstate = "") {
        auto said = call(arguments);
        CAPTURE(said.message);
        CHECK((sqlstate.empty() || said.sqlstate == sqlstate));
        bool told = said.message.find(words) != std::string::npos;
        CHECK(told);
        return told;
    }
};

}  // namespace

TEST_CASE("plpython3u: a question gives SQL, and with it what it yields, to a role that may ask") {
    if (!has_plpython()) return;
    Asked asked;
    CHECK(asked.result("'SELECT 1'") == R"({"sql": "SELECT 1", "executed": false, "tokens_used": 123})");
    auto request = asked.worker.request(0);
    CHECK(request.method == "POST");
    CHECK(request.target == "/generate");
    CHECK(request.body == R"({"prompt": "SELECT 1", "mode": "sql_only"})");

    CHECK(asked.result("'SELECT id, total FROM orders WHERE id < 3', true") ==
          R"({"sql": "SELECT id, total FROM orders WHERE id < 3", "rows": [{"id": 1, "total": 1.10}, )"
          R"({"id": 2, "total": 2.20}], "executed": true, "row_count": 2, "tokens_used": 123})");
    CHECK(asked.result("'SELECT id FROM orders WHERE id < 0', true, 30").find(R"("rows": [])") !=
          std::string::npos);
    CHECK(value(asked.db, fmt::format("select {}::jsonb -> 'row_count'",
                                      literal(asked.result("'SELECT id FROM orders', true")))) == "1000");
    CHECK(as_role(asked.db, "authenticated", "", "SELECT ai_gen_via_worker('SELECT 1')").sqlstate == "42501");
    CHECK(as_role(asked.db, "service_role", "", "select spotter.run_sql_query('SELECT 1', 'public', 1)")
              .sqlstate == "42501");
}

TEST_CASE("plpython3u: whatever the daemon answers is run as the reader, in a read-only transaction") {
    if (!has_plpython()) return;
    Asked asked;
    for (auto [query, told] : {
             std::pair{"SELECT * FROM secrets", "permission denied for table secrets"},
             std::pair{"DELETE FROM orders RETURNING id", "read-only transaction"},
             std::pair{"INSERT INTO orders VALUES (0) RETURNING id", "read-only transaction"},
             std::pair{"WITH x AS (DELETE FROM orders RETURNING id) SELECT * FROM x",
                       "read-only transaction"},
             std::pair{"DROP TABLE orders", "cannot open"},
             std::pair{"SELECT 1; SELECT 2", "cannot open multi-query plan"},
             std::pair{"SELECT set_config('role', 'postgres', true)", "cannot set parameter \"role\""},
             std::pair{"SELECT set_config('transaction_read_only', 'off', true)", "read-only transaction"},
             std::pair{"SELECT pg_read_file('/etc/passwd')", "permission denied"},
             std::pair{"SELECT nextval('spotter.worker_id_seq')", "permission denied"},
             std::pair{"SELEKT", "syntax error"},
         }) {
        CAPTURE(query);
        asked.fails(literal(query) + ", true", "SQL execution failed: ");
        asked.fails(literal(query) + ", true", told);
    }
    CHECK(value(asked.db, "select count(*) from public.orders") == "1500");
    CHECK(asked.result("'SELECT current_user, current_setting(''transaction_read_only'') AS only', true")
              .find(R"({"only": "on", "current_user": "spotter_reader"})") != std::string::npos);
    // The caller's own transaction goes on as it was.
    CHECK(as_role(asked.db, "service_role", "",
                  "SELECT ai_gen_via_worker('SELECT 1', true); select set_config('transaction_read_only', "
                  "'off', true); "
                  "create temporary table t as select current_user")
              .message == "");
}

TEST_CASE("plpython3u: a table of the caller's own does not stand in for the app's") {
    if (!has_plpython()) return;
    Asked asked;
    auto said =
        as_login(asked.db.dsn(),
                 "create temporary table orders (id integer); insert into orders values (-1); "
                 "grant select on orders to public; "
                 "select ai_gen_via_worker('SELECT min(id) AS first FROM orders', true)::jsonb -> 'rows'");
    REQUIRE(said.message == "");
    CHECK(std::string(said.rows.front()[0].c_str()) == R"([{"first": 1}])");
    sql(asked.db,
        "create schema shop; create table shop.orders (id integer); insert into shop.orders values (7); "
        "grant usage on schema shop to spotter_reader; grant select on shop.orders to spotter_reader");
    sql(asked.db,
        fmt::format("alter role spotter_reader in database {} set search_path = shop", asked.db.name()));
    CHECK(asked.result("'SELECT min(id) AS first FROM orders', true").find(R"({"first": 7})") !=
          std::string::npos);
}

TEST_CASE("plpython3u: neither a query nor the daemon is waited for longer than was said") {
    if (!has_plpython()) return;
    Asked asked;
    asked.fails("'SELECT pg_sleep(60)', true, 1", "SQL execution failed: it took longer than 1 s", "57014");
    asked.fails("'SELECT count(*) FROM generate_series(1, 1000000000000) n', true, 1",
                "it took longer than 1 s", "57014");
    asked.worker.always(silence());
    asked.fails("'SELECT 1', true, 1", "timed out", "58000");
    asked.worker.always(dripping(answer(std::string(10'000, ' ')), 100, std::chrono::milliseconds(100)));
    asked.fails("'SELECT 1', true, 1", "timed out", "58000");
    for (const char* arguments : {"'x', true, 0", "'x', true, 601", "'x', true, null", "null"})
        asked.fails(arguments, "prompt_text is to be a text, and timeout_seconds 1 to 600", "22023");
}

TEST_CASE("plpython3u: what the daemon refuses, and what is no answer, is raised") {
    if (!has_plpython()) return;
    Asked asked;
    auto after = [&](Behaviour behaviour, std::string_view told, std::string_view sqlstate) {
        asked.worker.then(std::move(behaviour));
        asked.fails("'x', true", told, sqlstate);
    };
    after(
        answer(R"({"error": "Schema version mismatch", "expected_version": "v2", "received_version": "v1"})",
               409),
        "AI Worker Error: Schema version mismatch (Expected schema version: v2, got: v1)", "P0001");
    after(answer(R"({"error": "The question cannot be answered.", "validated": false, "cache_hit": false})",
                 422),
          "AI Worker Error: The question cannot be answered.", "P0001");
    after(answer(R"({"sql": "DROP TABLE orders", "validated": false})"), "holds no validated SQL", "P0001");
    after(answer(R"({"validated": true})"), "holds no validated SQL", "P0001");
    after(answer("[1]"), "with status 200, is no JSON object", "58000");
    after(answer("not found", 404), "with status 404, is no JSON object", "58000");
    after(answer(std::string(2 * 1024 * 1024, ' ')), "longer than 1 MB", "58000");
    after(answer("", 307, {{"Location", "http://127.0.0.1:1/generate"}}), "with status 307", "58000");
    after(garbage(), "no answer from", "58000");
    asked.worker.close_at_accept();
    asked.fails("'x'", "no answer from", "58000");
}

TEST_CASE("plpython3u: whom the database asks is its owner's to say, and no caller's") {
    if (!has_plpython()) return;
    Asked asked;
    CHECK(as_role(asked.db, "service_role", "",
                  "set local spotter.worker_url = 'http://127.0.0.1:1'; SELECT ai_gen_via_worker('SELECT 1')")
              .message == "");
    asked.listen_at("ftp://127.0.0.1");
    asked.fails("'x'", "spotter.worker_url is to be http://host:port, and is ftp://127.0.0.1", "22023");
    asked.listen_at("http://127.0.0.1:99999");
    asked.fails("'x'", "no answer from", "58000");
    asked.listen_at(asked.worker.origin() + "/below/");
    CHECK(asked.call("'x'").ok());
    CHECK(asked.worker.request(1).target == "/below/generate");
}

TEST_CASE("document 5, lines 229 to 239: pg_cron cleans the cache by the clock") {
    if (!has_pg_cron()) return;
    TemporaryFolder folder;
    spotter::db::PrivatePostgresSettings settings{.folder = folder.path() / "postgres",
                                                  .bin = postgres_programs(),
                                                  .parameters = throwaway_parameters()};
    for (auto [name, setting] :
         {std::pair{"shared_preload_libraries", "pg_cron"}, std::pair{"cron.database_name", "postgres"},
          std::pair{"cron.use_background_workers", "on"}})
        settings.parameters.emplace_back(name, setting);
    auto jobs = [](const std::string& dsn, const std::string& statement) {
        return as_login(dsn, statement +
                                 "; select jobname || ' ' || schedule || ' ' || command from cron.job "
                                 "where jobname = 'cleanup-ai-cache'");
    };
    auto only = [](const Said& said) {
        CHECK(said.message == "");
        CHECK(said.rows.size() == 1);
        return std::string(said.rows.front()[0].c_str());
    };
    {
        auto server = spotter::db::PrivatePostgres::start(settings).value();
        std::string dsn = server.dsn();
        spotter::db::migrate(dsn).value();
        for (int time = 0; time < 2; ++time) run_script(dsn, "schema/optional/pg_cron.sql");
        CHECK(only(jobs(dsn, "select 1")) ==
              "cleanup-ai-cache 0 * * * * select public.ai_worker_cleanup_cache()");
        CHECK(only(jobs(dsn,
                        "CREATE EXTENSION IF NOT EXISTS pg_cron; SELECT cron.schedule('cleanup-ai-cache', "
                        "'0 * * * *', 'SELECT ai_worker_cleanup_cache()')")) ==
              "cleanup-ai-cache 0 * * * * SELECT ai_worker_cleanup_cache()");
        CHECK(
            as_login(
                dsn,
                "INSERT INTO ai_worker_cache (cache_key, prompt_text, model, schema_version, generated_sql, "
                "expires_at) VALUES ('k', 'p', 'm', 'v1', 'SELECT 1', NOW())")
                .ok());
        // Nobody waits for the full hour: the same command, when the server starts.
        CHECK(as_login(dsn, "select cron.schedule('at-start', '@reboot', command) from cron.job").ok());
    }
    auto server = spotter::db::PrivatePostgres::start(settings).value();
    CHECK(eventually(
        [&] { return as_login(server.dsn(), "select from public.ai_worker_cache").rows.empty(); }));
    CHECK(eventually([&] {
        return as_login(server.dsn(), "select from cron.job_run_details where status = 'succeeded'")
                   .rows.size() == 1;
    }));
}

}  // namespace sql_query_optional_test
