#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/json.hpp"
#include "db/migrator.hpp"
#include "support/queue.hpp"
#include "support/sql.hpp"

// Who learns what from public.generation_reasons, and who may give orders.

namespace reason_rights_test {

using namespace spotter::test;
namespace json = spotter::json;

namespace {

const std::string insufficient_privilege = "42501";
const std::string the_view = "select * from public.generation_reasons";

struct App {
    Database db = fresh_database();
    Daemon daemon{db};
    std::string ada = new_user(db);
    std::string bob = new_user(db);

    Said as_ada(const std::string& statement) const { return as_role(db, "authenticated", ada, statement); }
};

}  // namespace

TEST_CASE("through the view an owner sees their own rows and nobody else's") {
    App app;
    std::string hers = insert_program(app.db, app.ada);
    std::string his = insert_program(app.db, app.bob);
    auto seen = app.as_ada(the_view);
    REQUIRE(seen.rows.size() == 1);
    CHECK(seen.rows[0]["id"].as<std::string>() == hers);
    CHECK(seen.rows[0]["reason"].as<std::string>() == "in_queue");
    CHECK(!seen.rows[0]["what_to_do"].is_null());
    CHECK(app.as_ada(fmt::format("{} where id = '{}'", the_view, his)).rows.empty());
    CHECK(app.as_ada(fmt::format("{} where user_id = '{}'", the_view, app.bob)).rows.empty());
    CHECK(as_role(app.db, "authenticated", "", the_view).rows.empty());
}

TEST_CASE("of others' rows an owner learns their number and nothing else") {
    App app;
    std::string key = "a-key";
    std::string his = insert_program(app.db, app.bob, R"({"primaryGoal": "his secret"})");
    std::string hers = insert_program(app.db, app.ada);
    CHECK(app.as_ada("select ahead from public.generation_reasons").rows[0][0].as<int>() == 1);

    // Should keys ever be shared: hers waits for his, and she is not told whose that is.
    sql(app.db, fmt::format("update public.training_programs set generation_waiting = id = '{0}', "
                            "generation_cache_key = '{1}';"
                            "insert into spotter.flight (key, leader) values ('{1}', '{2}')",
                            hers, key, his));
    auto seen = app.as_ada("select to_jsonb(r)::text, reason, leader from public.generation_reasons r");
    REQUIRE(seen.rows.size() == 1);
    CHECK(seen.rows[0][1].as<std::string>() == "same_in_flight");
    CHECK(seen.rows[0][2].is_null());
    std::string everything = seen.rows[0][0].c_str();
    CHECK(everything.find(his) == std::string::npos);
    CHECK(everything.find(app.bob) == std::string::npos);
    CHECK(everything.find("secret") == std::string::npos);
    CHECK(as_role(app.db, "service_role", "",
                  fmt::format("select leader from public.generation_reasons where id = '{}'", hers))
              .rows[0][0]
              .as<std::string>() == his);
}

TEST_CASE("an owner's own function in a condition is not shown others' rows") {
    App app;
    insert_program(app.db, app.bob);
    insert_program(app.db, app.ada);
    sql(app.db,
        "create function public.peek(u uuid) returns boolean language plpgsql cost 0.0001 as "
        "$$ begin raise warning 'saw %', u; if u = current_setting('test.other')::uuid then "
        "raise exception 'saw another''s'; end if; return true; end $$");
    auto said = app.as_ada(
        fmt::format("set local test.other = '{}'; {} where public.peek(user_id)", app.bob, the_view));
    CHECK(said.ok());
    CHECK(said.rows.size() == 1);
}

TEST_CASE("anon sees nothing of it, also where new tables are open to everybody as on Supabase") {
    Database db = empty_database();
    sql(db,
        "do $$ begin create role anon nologin; exception when duplicate_object then null; end $$;"
        "do $$ begin create role authenticated nologin; exception when duplicate_object then null; end $$;"
        "alter default privileges in schema public grant all on tables to anon, authenticated");
    spotter::db::migrate(db.dsn()).value();
    std::string ada = new_user(db);
    insert_program(db, ada);
    CHECK(as_role(db, "anon", "", the_view).sqlstate == insufficient_privilege);
    CHECK(as_role(db, "authenticated", ada, the_view).rows.size() == 1);
    CHECK(
        as_role(db, "authenticated", ada, "update public.generation_reasons set reason = 'done'").sqlstate !=
        "");
}

TEST_CASE(
    "users may not empty a table or put triggers on it, also where new tables are open to them as on "
    "Supabase") {
    Database db = empty_database();
    sql(db,
        "do $$ begin create role anon nologin; exception when duplicate_object then null; end $$;"
        "do $$ begin create role authenticated nologin; exception when duplicate_object then null; end $$;"
        "alter default privileges in schema public grant all on tables to anon, authenticated;"
        "alter default privileges in schema public grant all on sequences to anon, authenticated");
    spotter::db::migrate(db.dsn()).value();
    CHECK(value(db,
                "select coalesce(string_agg(format('%s %s %s', r, c.relname, p), ', '), '') "
                "from unnest(array['anon', 'authenticated']) r, unnest(array['TRUNCATE', 'TRIGGER', "
                "'REFERENCES']) p, "
                "pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') "
                "and has_table_privilege(r, c.oid, p)") == "");
    CHECK(value(db,
                "select coalesce(string_agg(format('%s %s', r, c.relname), ', '), '') "
                "from unnest(array['anon', 'authenticated']) r, pg_class c "
                "where c.relnamespace = 'public'::regnamespace and c.relkind = 'S' "
                "and has_sequence_privilege(r, c.oid, 'UPDATE')") == "");
}

TEST_CASE("the service sees every row, and may give orders") {
    App app;
    std::string id = insert_program(app.db, app.ada);
    insert_program(app.db, app.bob);
    auto by_service = [&](const std::string& statement) {
        return as_role(app.db, "service_role", "", statement);
    };
    CHECK(by_service(the_view).rows.size() == 2);
    CHECK(by_service("select spotter.pause('training_program', 'why')").ok());
    CHECK(by_service("select spotter.resume('training_program')").ok());
    CHECK(by_service("select spotter.pause(), spotter.resume()").ok());
    CHECK(by_service(fmt::format("select spotter.cancel('{}', 'why')", id)).ok());
    CHECK(by_service(fmt::format("select spotter.retry('{}')", id)).rows[0][0].as<std::string>() == "queued");
    CHECK(by_service(fmt::format("select spotter.cancel('{}')", id)).ok());
}

TEST_CASE("users can give no order and ask no function of the daemon's schema, of their own rows either") {
    App app;
    std::string id = insert_program(app.db, app.ada);
    for (const char* role : {"authenticated", "anon"})
        for (const std::string& statement :
             {fmt::format("select spotter.cancel('{}')", id), fmt::format("select spotter.retry('{}')", id),
              std::string("select spotter.pause()"), std::string("select spotter.resume()"),
              fmt::format("select * from spotter.standing('{}', 'pending', 1, false, "
                          "'x', 5::smallint, now())",
                          app.bob),
              std::string("select spotter.end_flight('x', null)"),
              std::string("select spotter.pass_on_flight('x', null)"),
              std::string("select * from spotter.pause"), std::string("select * from spotter.flight"),
              std::string("select * from spotter.bell"), std::string("select * from spotter.reason"),
              std::string("select * from spotter.kind")}) {
            CAPTURE(role);
            CAPTURE(statement);
            CHECK(as_role(app.db, role, app.ada, statement).sqlstate == insufficient_privilege);
        }
    CHECK(column(app.db, id, "generation_status") == "pending");
}

TEST_CASE("for one row among a hundred thousand of its user the view reads little") {
    App app;
    sql(app.db, fmt::format("insert into public.training_programs (user_id, onboarding_data_snapshot) "
                            "select '{}', jsonb_build_object('n', n) from generate_series(1, 100000) n",
                            app.ada));
    sql(app.db, "analyze public.training_programs");
    std::string last = value(
        app.db, "select id from public.training_programs order by generation_run_after desc, id limit 1");
    auto ask = fmt::format("explain (analyze, buffers, format json) {} where id = '{}'", the_view, last);
    app.as_ada(ask);
    auto plan = json::parse(app.as_ada(ask).rows[0][0].c_str()).value();
    const json::Value& root = *json::find(plan[0], "Plan");
    CHECK(json::integer(root, "Actual Rows") == 1);
    CHECK(json::write(plan).find("Seq Scan") == std::string::npos);
    // The place is counted to 10,000, by the index alone; the table has more than 3,000 pages.
    double pages =
        json::number(root, "Shared Hit Blocks").value() + json::number(root, "Shared Read Blocks").value();
    CAPTURE(pages);
    CHECK(pages < 1000);
}

}  // namespace reason_rights_test
