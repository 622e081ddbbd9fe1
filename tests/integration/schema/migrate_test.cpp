#include "db/migrator.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <thread>

#include "support/queue.hpp"
#include "support/sql.hpp"

namespace migrate_test {

using namespace spotter::test;
using spotter::db::migrate;
using spotter::db::newest_migration;
using spotter::db::schema_version;

namespace {

/// Everything that a migration could have made, as one text.
std::string inventory(const Database& db) {
    return value(db, R"sql(
        select string_agg(x, ' ' order by x) from (
            select 'class ' || oid::regclass || ' ' || coalesce(relacl::text, '') from pg_class
             where relnamespace in (select oid from pg_namespace where nspname !~ '^pg_|information_schema')
            union all select 'function ' || oid::regprocedure from pg_proc
             where pronamespace in (select oid from pg_namespace where nspname !~ '^pg_|information_schema')
            union all select 'schema ' || nspname || coalesce(nspacl::text, '') from pg_namespace
             where nspname !~ '^pg_(toast|temp)'
            union all select 'policy ' || polname from pg_policy
            union all select 'trigger ' || tgname from pg_trigger where not tgisinternal
            union all select 'publication ' || pubname from pg_publication) as things(x))sql");
}

/// A login that owns the database and is nobody else's.
std::string owner_of(const Database& db, const std::string& attributes) {
    std::string name = "owner_of_" + db.name();
    sql(db, fmt::format("create role {0} login {1}; alter database {2} owner to {0}", name, attributes,
                        db.name()));
    return with_keyword(db.dsn(), "user", name);
}

}  // namespace

TEST_CASE("an empty database becomes one that claims and settles") {
    Database db = empty_database();
    spotter::db::Session session({.dsn = db.dsn()});
    CHECK(schema_version(session) == 0);
    auto migrated = migrate(db.dsn());
    REQUIRE(migrated.has_value());
    CHECK(migrated->version == newest_migration());
    CHECK(static_cast<int>(migrated->applied.size()) == newest_migration());
    CHECK(schema_version(session) == newest_migration());

    Daemon daemon(db);
    std::string id = insert_program(db, new_user(db));
    CHECK(daemon.settle(completion(daemon.claim_one())));
    CHECK(column(db, id, "generation_status") == "completed");
}

TEST_CASE("migrating again changes nothing") {
    Database db = fresh_database();
    std::string before = inventory(db);
    auto migrated = migrate(db.dsn());
    REQUIRE(migrated.has_value());
    CHECK(migrated->applied.empty());
    CHECK(migrated->version == newest_migration());
    CHECK(inventory(db) == before);
}

TEST_CASE("of many who migrate at once one does, and all succeed") {
    Database db = empty_database();
    std::vector<std::size_t> applied(6, 99);
    std::vector<std::thread> threads;
    for (auto& number : applied)
        threads.emplace_back([&] {
            auto migrated = migrate(db.dsn());
            if (migrated) number = migrated->applied.size();
        });
    for (auto& thread : threads) thread.join();
    std::sort(applied.begin(), applied.end());
    CHECK(applied == std::vector<std::size_t>{0, 0, 0, 0, 0, static_cast<std::size_t>(newest_migration())});
    CHECK(value(db, "select count(*) from spotter.migration") == std::to_string(newest_migration()));
}

TEST_CASE("databases of one server are migrated at once although they share its roles") {
    std::vector<Database> databases;
    for (int i = 0; i < 4; ++i) databases.push_back(empty_database());
    std::vector<std::string> problems(databases.size());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < databases.size(); ++i)
        threads.emplace_back([&, i] {
            if (auto migrated = migrate(databases[i].dsn()); !migrated)
                problems[i] = migrated.error().message;
        });
    for (auto& thread : threads) thread.join();
    for (const std::string& problem : problems) CHECK(problem == "");
}

TEST_CASE("a schema newer than the binary is refused with what to do, and left alone") {
    Database db = fresh_database();
    sql(db, fmt::format("insert into spotter.migration (version, name) values ({}, 'future')",
                        newest_migration() + 1));
    auto migrated = migrate(db.dsn());
    REQUIRE(!migrated.has_value());
    CHECK(migrated.error().code == "schema_newer");
    CHECK(migrated.error().message.find(fmt::format("version {}", newest_migration() + 1)) !=
          std::string::npos);
    CHECK(migrated.error().message.find("newer spotter") != std::string::npos);
}

TEST_CASE("a migration that fails changes nothing, and says which one and why") {
    Database db = empty_database();
    // What stands in the way of a later migration, when others have gone through.
    sql(db, "create view public.ai_coach_cache as select 1 as cache_key");
    std::string before = inventory(db);
    auto migrated = migrate(db.dsn());
    REQUIRE(!migrated.has_value());
    CHECK(migrated.error().code == "migration_failed");
    CHECK(migrated.error().message.find("ai_coach_cache") != std::string::npos);
    CHECK(migrated.error().message.find("nothing was changed") != std::string::npos);
    CHECK(inventory(db) == before);

    sql(db, "drop view public.ai_coach_cache");
    CHECK(migrate(db.dsn()).has_value());
}

TEST_CASE("a migrator that may not create schemas is told so, and changes nothing") {
    Database db = empty_database();
    std::string before = inventory(db);
    auto migrated = migrate(login_as_member(db, "pg_monitor"));
    REQUIRE(!migrated.has_value());
    CHECK(migrated.error().code == "migration_failed");
    CHECK(migrated.error().message.find("permission denied for database") != std::string::npos);
    CHECK(inventory(db) == before);
}

TEST_CASE("a migration brings back the caches that a document's rollback has dropped, and nothing else") {
    Database db = fresh_database();
    CHECK(migrate(db.dsn()).value().remade.empty());
    std::string before = inventory(db);
    sql(db, "drop table public.exercise_cache cascade; drop table public.ai_worker_cache cascade");
    auto migrated = migrate(db.dsn());
    REQUIRE(migrated.has_value());
    CHECK(migrated->applied.empty());
    CHECK(migrated->remade == std::vector<std::string>{"public.exercise_cache", "public.ai_worker_cache"});
    CHECK(inventory(db) == before);
}

TEST_CASE("an app whose profiles have no id is told so, and what to do, and nothing is changed") {
    Database db = empty_database();
    sql(db, "create table public.profiles (user_id uuid primary key, name text)");
    auto migrated = migrate(db.dsn());
    REQUIRE(!migrated.has_value());
    CHECK(migrated.error().message.find("public.profiles has no column id") != std::string::npos);
    CHECK(value(db, "select to_regnamespace('spotter') is null") == "t");
    sql(db, "alter table public.profiles add column id uuid generated always as (user_id) stored");
    CHECK(migrate(db.dsn()).has_value());
}

TEST_CASE("a migrator that does not own the app's table is told which one") {
    Database db = empty_database();
    sql(db,
        "create table public.training_programs (id uuid primary key, user_id uuid, program_details jsonb)");
    auto migrated = migrate(owner_of(db, "createrole"));
    REQUIRE(!migrated.has_value());
    CHECK(migrated.error().message.find("must be owner of table training_programs") != std::string::npos);
    CHECK(value(db, "select to_regnamespace('spotter') is null") == "t");
}

TEST_CASE("an owner of the database who is no superuser can migrate it, and rows are served") {
    fresh_database();  // the roles stand: an administrator made them
    Database db = empty_database();
    std::string dsn = owner_of(db, "nosuperuser");
    sql(db, "grant all on schema public to public");
    auto migrated = migrate(dsn);
    CHECK((migrated ? "" : migrated.error().message) == "");
    Daemon daemon(spotter::db::Endpoint{.dsn = login_as_member(db, "spotter_worker")});
    insert_program(db, new_user(db));
    CHECK(daemon.settle(completion(daemon.claim_one())));
}

TEST_CASE("a database that is not there is unavailable, and its password is not told") {
    auto migrated = migrate("postgresql://ada:hunter2@127.0.0.1:1/app");
    REQUIRE(!migrated.has_value());
    CHECK(migrated.error().code == "unavailable");
    CHECK(migrated.error().message.find("hunter2") == std::string::npos);
}

}  // namespace migrate_test
