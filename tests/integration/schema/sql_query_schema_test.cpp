#include <doctest/doctest.h>

#include "base/json.hpp"
#include "integration/schema/shop.hpp"
#include "work/sql_query/schema.hpp"

// spotter.visible_schema: the database as the role sees it that SQL is written for.

namespace sql_query_schema_test {

using namespace spotter::test;
namespace json = spotter::json;

namespace {

/// As a daemon asks for it: the parts of what it gets that `expression` names.
std::string seen(const Database& db, const std::string& expression) {
    auto said = as_login(
        login_as_member(db, "spotter_worker"),
        fmt::format("set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; "
                    "select {} from spotter.visible_schema('spotter_reader') s",
                    expression));
    CHECK(said.message == "");
    return said.ok() ? said.rows.front()[0].c_str() : "";
}

std::string fingerprint(const Database& db) {
    return value(db, "select fingerprint from spotter.visible_schema('spotter_reader')");
}

/// The names of the tables, or what `path` finds in them.
std::string found(const Database& db, const std::string& path = "$.tables[*].name") {
    return value(db,
                 fmt::format("select coalesce(string_agg(x #>> '{{}}', ' '), '') from "
                             "spotter.visible_schema('spotter_reader') s, jsonb_path_query(s.schema, '{}') x",
                             path));
}

}  // namespace

TEST_CASE("the app's database is seen as the kind's own tests have it, to the letter") {
    Database db = shop_database();
    std::string expected = source_file("tests/data/sql_schema.json");
    CHECK(value(db, fmt::format("select schema = {}::jsonb - 'fingerprint' from "
                                "spotter.visible_schema('spotter_reader')",
                                literal(expected))) == "t");

    auto document = json::parse(seen(db, "s.schema::text"));
    REQUIRE(document.has_value());
    auto schema = spotter::work::sql::Schema::read(*document);
    REQUIRE(schema.has_value());
    CHECK(schema->tables().size() == 14);
    CHECK(schema->find("orders")->column("status")->labels.size() == 5);
}

TEST_CASE("nothing is seen that was not granted, and never the system's tables nor the daemon's") {
    Database db = fresh_database();
    CHECK(found(db) == "");
    CHECK(value(db, "select schema from spotter.visible_schema('spotter_reader')") ==
          R"({"tables": [], "search_path": ["public"]})");

    sql(db,
        "create table public.orders (id integer primary key, secret text, total numeric); "
        "create table public.hidden (id integer primary key, order_id integer references public.orders); "
        "create schema closed; create table closed.orders (id integer); "
        "create table public.lines (id integer primary key, order_id integer references public.orders, "
        "hidden_id integer references public.hidden, secret_of text); "
        "grant select (id, total) on public.orders to spotter_reader; "
        "grant select on public.lines, closed.orders to spotter_reader; "
        "grant usage on schema spotter to spotter_reader; grant select on spotter.flight to spotter_reader");
    CHECK(found(db) == "lines orders");
    CHECK(found(db, "$.tables[*] ? (@.name == \"orders\").columns[*].name") == "id total");
    // A foreign key says nothing of a table that is hidden.
    CHECK(found(db, "$.tables[*].foreign_keys[*].table") == "orders");
    CHECK(found(db, "$.tables[*].primary_key[*]") == "id id");

    sql(db, "revoke select (id) on public.orders from spotter_reader");
    CHECK(found(db, "$.tables[*].foreign_keys[*].table") == "");
    CHECK(found(db, "$.tables[*] ? (@.name == \"orders\").primary_key[*]") == "");
    CHECK(found(db, "$.tables[*] ? (@.name == \"orders\").columns[*].name") == "total");
}

TEST_CASE("a table of which some columns may be read says so") {
    Database db = shop_database();
    sql(db,
        "create table public.vault (id integer, word text); grant select (id) on public.vault to "
        "spotter_reader");
    CHECK(found(db, "$.tables[*] ? (@.partial == true).name") == "vault");
    CHECK(found(db, "$.tables[*] ? (@.name == \"vault\").columns[*].name") == "id");
}

TEST_CASE("what everybody may see is seen, and what an extension brought is not") {
    Database db = fresh_database();
    sql(db,
        "create table public.news (id integer); grant select on public.news to public; "
        "create extension pg_stat_statements");
    CHECK(value(db, "select has_table_privilege('spotter_reader', 'pg_stat_statements', 'select')") == "t");
    CHECK(found(db) == "news");
}

TEST_CASE("the fingerprint changes with the structure and with what may be read, and not with rows") {
    Database db = fresh_database();
    sql(db,
        "create type public.mood as enum ('good'); "
        "create table public.orders (id integer primary key, mood public.mood); "
        "grant select on public.orders to spotter_reader");
    std::string before = fingerprint(db);
    CHECK(before.size() == 64);
    sql(db, "insert into public.orders select n from generate_series(1, 100) n");
    sql(db, "analyze public.orders");
    CHECK(found(db, "$.tables[*].rows") == "100");
    CHECK(fingerprint(db) == before);
    for (const char* change :
         {"alter table public.orders add column note text",
          "alter table public.orders alter column note set not null",
          "alter table public.orders alter column note type varchar(20)",
          "alter table public.orders rename column note to remark",
          "comment on column public.orders.remark is 'Of sales'",
          "comment on table public.orders is 'Bought'", "alter type public.mood add value 'bad'",
          "alter table public.orders drop constraint orders_pkey", "create view public.v as select 1 as one",
          "grant select on public.v to spotter_reader",
          "revoke select on public.orders from spotter_reader"}) {
        CAPTURE(change);
        sql(db, "delete from public.orders");
        sql(db, change);
        std::string after = fingerprint(db);
        CHECK((after == before) == (std::string_view(change).starts_with("create view")));
        before = after;
    }
}

TEST_CASE("the search path is that of the role, and types are named along it") {
    Database db = fresh_database();
    sql(db,
        "create schema shop; create schema closed; create type shop.size as enum ('S'); "
        "create table shop.shirts (size shop.size); grant usage on schema shop to spotter_reader; "
        "grant select on shop.shirts to spotter_reader");
    auto path = [&] { return found(db, "$.search_path[*]"); };
    auto type = [&] { return found(db, "$.tables[*].columns[*].type"); };
    CHECK(path() == "public");
    CHECK(type() == "shop.size");
    sql(db, fmt::format(
                "alter role spotter_reader in database {} set search_path = shop, closed, missing, public",
                db.name()));
    CHECK(path() == "shop public");
    CHECK(type() == "size");
    CHECK(value(db,
                "set search_path = spotter; select schema -> 'search_path' from "
                "visible_schema('spotter_reader')") == R"(["shop", "public"])");
    sql(db, fmt::format("alter role spotter_reader in database {} reset search_path", db.name()));
    CHECK(value(db,
                "set search_path = spotter; select schema -> 'search_path' from "
                "visible_schema('spotter_reader')") == R"(["public"])");
    // The caller is afterwards who they were, with their own path.
    auto who = as_login(login_as_member(db, "spotter_worker"),
                        "select 1 from spotter.visible_schema('spotter_reader'); "
                        "select current_user = session_user, current_setting('search_path')");
    CHECK(std::string(who.rows.front()[0].c_str()) + who.rows.front()[1].c_str() == "t\"$user\", public");
}

TEST_CASE("a role that the daemon may not become, or that is not there, is told by name") {
    Database db = fresh_database();
    std::string dsn = login_as_member(db, "spotter_worker");
    auto told = [&](const std::string& role) {
        return as_login(dsn, fmt::format("select spotter.visible_schema('{}')", role)).message;
    };
    CHECK(told("authenticated").find("permission denied to set role \"authenticated\"") != std::string::npos);
    CHECK(told("nobody").find("role \"nobody\" does not exist") != std::string::npos);
}

TEST_CASE("names that need quoting, no columns, and two thousand tables are no trouble") {
    Database db = fresh_database();
    sql(db, R"(create table public."Größe ""x""" ("a b" integer); create table public.empty ();
               grant select on public."Größe ""x""", public.empty to spotter_reader)");
    CHECK(found(db) == "Größe \"x\"");
    for (int from : {0, 500, 1000, 1500})
        sql(db,
            fmt::format("do $$ begin for i in {} + 1 .. {} + 500 loop "
                        "execute format('create table public.t%s (id integer primary key, name text)', i); "
                        "execute format('grant select on public.t%s to spotter_reader', i); end loop; end $$",
                        from, from));
    CHECK(seen(db, "jsonb_array_length(s.schema -> 'tables')") == "2001");
}

}  // namespace sql_query_schema_test
