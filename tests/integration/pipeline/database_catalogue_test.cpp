#include "pipeline/database_catalogue.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "async/timeout.hpp"
#include "base/json.hpp"
#include "integration/pipeline/seen_database.hpp"
#include "support/cluster.hpp"
#include "support/wait.hpp"
#include "unit/work/sql_query_fixture.hpp"

// What the database says of statements that are to be stored, and when it is looked at anew.

namespace database_catalogue_test {

using namespace spotter::test;
using namespace std::chrono_literals;
namespace json = spotter::json;
namespace fixture = spotter::work::sql::fixture;

namespace {

/// With a table that may be read, and one that may not.
Database with_orders() {
    Database db = fresh_database();
    sql(db,
        "create table public.orders (id integer primary key, note text); "
        "create table public.hidden (id integer primary key); "
        "grant select on public.orders to spotter_reader");
    return db;
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != text.npos;
}

/// From now on a look at the schema takes at least that long, and is counted.
void make_looking_slow(const Database& db, double seconds) {
    sql(db, fmt::format(
                "create sequence public.looks; grant usage on sequence public.looks to spotter_worker; "
                "alter function spotter.visible_schema rename to seen_at_once; "
                "create function spotter.visible_schema(role name, out schema jsonb, out fingerprint text) "
                "language plpgsql as $$ begin perform nextval('public.looks'), pg_sleep({}); "
                "select s.schema, s.fingerprint into schema, fingerprint from spotter.seen_at_once(role) s; "
                "end $$",
                seconds));
}

std::string looks(const Database& db) {
    return value(db, "select case when is_called then last_value else 0 end from public.looks");
}

void grant_another_table(const Database& db) {
    sql(db, "create table public.novelties (id integer); grant select on public.novelties to spotter_reader");
}

}  // namespace

TEST_CASE("what may be read and fits together is not objected to; what does not is, in Postgres' own words") {
    Database db = with_orders();
    SeenDatabase seen(db);
    seen.schema().value();
    CHECK(seen.objection("select count(*) from orders") == "");
    CHECK(seen.objection("select note from public.orders where id = 1 limit 10") == "");
    CHECK(contains(seen.objection("select id from hidden"), "permission denied for table hidden"));
    CHECK(contains(seen.objection("select id from nowhere"), "relation \"nowhere\" does not exist"));
    std::string objection = seen.objection("select sum(note) from orders");
    CHECK(objection.starts_with("function sum(text) does not exist"));
    CHECK(contains(objection, "You might need to add explicit type casts."));
    CHECK(!contains(objection, "\n"));
}

TEST_CASE(
    "a statement is planned and never run, and a function that writes while it is planned is objected to") {
    Database db = with_orders();
    sql(db,
        "create function public.note_it() returns integer language plpgsql volatile security definer as $$ "
        "begin insert into public.hidden values (1); return 1; end $$; "
        "create function public.folded() returns integer language plpgsql immutable security definer as $$ "
        "begin return public.note_it(); end $$");
    SeenDatabase seen(db);
    seen.schema().value();
    CHECK(seen.objection("select note_it()") == "");
    CHECK(contains(seen.objection("select folded()"), "cannot execute INSERT in a read-only transaction"));
    CHECK(value(db, "select count(*) from public.hidden") == "0");
    CHECK(value(db, "select public.folded()") == "1");
    CHECK(value(db, "select count(*) from public.hidden") == "1");
}

TEST_CASE("the daemon is itself again after a statement was planned, whatever came of it") {
    Database db = with_orders();
    SeenDatabase seen(db);
    seen.schema().value();
    for (const char* statement : {"select 1", "select id from hidden", "select id from nowhere"}) {
        CAPTURE(statement);
        seen.objection(statement);
        grant_another_table(db);
        CHECK(eventually([&] { return seen.look_again(); }));  // spotter_reader itself may not look
        sql(db, "drop table public.novelties");
        CHECK(eventually([&] { return seen.look_again(); }));
    }
}

TEST_CASE("a role that cannot be become says nothing of the statement: the row is to wait for an operator") {
    for (const char* role : {"authenticated", "nobody"}) {
        CAPTURE(role);
        Database db = with_orders();
        SeenDatabase seen(db, role);
        auto schema = seen.schema();
        REQUIRE(!schema);
        CHECK(schema.error().code == "schema_unavailable");
        CHECK(contains(schema.error().message, fmt::format("role \"{}\"", role)));
        auto objection = seen.try_objection("select 1");
        REQUIRE(!objection);
        CHECK(objection.error().code == "schema_unavailable");
        CHECK(contains(objection.error().message, fmt::format("role \"{}\"", role)));
    }
}

TEST_CASE("a table that somebody has locked says nothing of the statement either") {
    Database db = with_orders();
    SeenDatabase seen(db);
    seen.schema().value();
    pqxx::connection other(db.dsn());
    pqxx::work altering(other);
    altering.exec("lock table public.orders in access exclusive mode");
    auto objection = seen.try_objection("select id from orders");
    REQUIRE(!objection);
    CHECK(objection.error().code == "schema_unavailable");
    altering.commit();
    CHECK(seen.objection("select id from orders") == "");
}

TEST_CASE(
    "a table that was granted a moment ago is there when one looks again, and its fingerprint is told") {
    Database db = with_orders();
    SeenDatabase seen(db);
    CHECK(!contains(seen.schema().value(), "novelties"));
    CHECK(seen.fingerprints.size() == 1);
    grant_another_table(db);
    CHECK(!contains(seen.schema().value(), "novelties"));
    CHECK(eventually([&] { return seen.look_again(); }));
    CHECK(contains(seen.schema().value(), "novelties"));
    CHECK(seen.objection("select id from novelties") == "");
    REQUIRE(seen.fingerprints.size() == 2);
    CHECK(seen.fingerprints[0] != seen.fingerprints[1]);
    CHECK(!seen.look_again());
    CHECK(seen.fingerprints.size() == 2);
}

TEST_CASE("statements are proven one at a time, and who waits for that can be called off") {
    Database db = with_orders();
    // Planning calls it, and it says so where another statement is being planned.
    sql(db,
        "create function public.planned() returns integer language plpgsql immutable as $$ begin "
        "if not pg_try_advisory_xact_lock(1) then raise exception 'two at once'; end if; "
        "perform pg_sleep(0.2); return 1; end $$");
    SeenDatabase seen(db);
    seen.schema().value();
    using Said = std::optional<spotter::Result<std::string>>;
    auto ask = [&](std::initializer_list<std::chrono::seconds> patience) {
        std::vector<boost::asio::awaitable<Said>> asked;
        for (auto patient_for : patience)
            asked.push_back(spotter::async::with_timeout(
                patient_for, seen.catalogue().objection_to("select public.planned()")));
        return run_all(std::move(asked));
    };
    for (auto& said : ask({20s, 20s, 20s})) CHECK(said.value().value() == "");
    auto said = ask({20s, 0s, 20s});
    CHECK(said[0].value().value() == "");
    CHECK(!said[1].has_value());
    CHECK(said[2].value().value() == "");
}

TEST_CASE("what the app has of a name of Postgres' is told, and changes the fingerprint") {
    Database db = with_orders();
    SeenDatabase seen(db);
    auto overloads = [&] {
        return value(db, "select schema -> 'overloads' from spotter.visible_schema('spotter_reader')");
    };
    auto fingerprint = [&] {
        return value(db, "select fingerprint from spotter.visible_schema('spotter_reader')");
    };
    CHECK(overloads() == "");
    std::string before = fingerprint();
    sql(db,
        "create function public.mine(integer) returns integer language sql as 'select 1'; "
        "create schema elsewhere; grant usage on schema elsewhere to spotter_reader; "
        "create function elsewhere.lower(integer) returns text language sql as 'select null::text'; "
        "create extension citext");  // brings operators and functions of names that Postgres has
    CHECK(overloads() == "");
    CHECK(fingerprint() == before);
    sql(db,
        "create function public.lower(integer) returns text language sql as 'select null::text'; "
        "create function public.sum_of(integer, text) returns text language sql as 'select $2'; "
        "create operator public.+ (leftarg = integer, rightarg = text, function = public.sum_of); "
        "create operator public.=== (leftarg = integer, rightarg = text, function = public.sum_of)");
    CHECK(overloads() == R"(["+", "===", "lower"])");
    CHECK(fingerprint() != before);
    auto task = fixture::task_of(fixture::input("x", seen.schema().value()));
    CHECK(!fixture::check(*task, "select lower(id) from orders").valid());
    CHECK(!fixture::check(*task, "select id + note from orders").valid());
    CHECK(!fixture::check(*task, "select id === note from orders").valid());
    CHECK(fixture::check(*task, "select pg_catalog.lower(note) from orders").valid());
}

TEST_CASE("every function that a statement may call is told where the app has one of its name") {
    Database db = fresh_database();
    auto file = json::parse(fixture::source_file("lib/work/sql_query/functions.json"));
    std::string script;
    std::size_t names = 0;
    for (const auto& theme : (*file)["accepted"].GetObject())
        for (const auto& name : theme.value.GetArray()) {
            script += fmt::format(
                "create function public.\"{}\"(circle, lseg, path) returns integer language sql as "
                "'select 1';",
                name.GetString());
            ++names;
        }
    sql(db, script);
    CHECK(value(db,
                "select jsonb_array_length(schema -> 'overloads') from "
                "spotter.visible_schema('spotter_reader')") == std::to_string(names));
}

TEST_CASE("who asks at once after a slow look does not make the database look again") {
    Database db = with_orders();
    make_looking_slow(db, 0.1);
    SeenDatabase seen(db);
    seen.schema().value();
    CHECK(looks(db) == "1");
    grant_another_table(db);
    for (int i = 0; i < 3; ++i) CHECK(!seen.look_again());
    CHECK(looks(db) == "1");
    CHECK(eventually([&] { return seen.look_again(); }));
    CHECK(looks(db) == "2");
    CHECK(!seen.look_again());
    CHECK(looks(db) == "2");
}

}  // namespace database_catalogue_test
