#include <doctest/doctest.h>

#include "db/migrator.hpp"
#include "integration/schema/personality.hpp"

// Document 4's own SQL: before Spotter came, after it, and when it goes.

namespace personality_adopt_test {

using namespace spotter::test;
using spotter::db::migrate;

namespace {

// Lines 27 to 36 and 41 to 44, with the table of users that they refer to.
constexpr const char* users = R"sql(
    create table users (id varchar(255) primary key);)sql";
constexpr const char* document = R"sql(
    CREATE TABLE personality_cache (
      id SERIAL PRIMARY KEY,
      user_id VARCHAR(255) NOT NULL REFERENCES users(id),
      analysis_data JSONB NOT NULL,
      created_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP,
      updated_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP,
      version INTEGER DEFAULT 1,
      is_stale BOOLEAN DEFAULT false,
      UNIQUE(user_id)
    );
    CREATE INDEX idx_personality_cache_user ON personality_cache(user_id);
    CREATE INDEX idx_personality_cache_updated ON personality_cache(updated_at DESC);
    CREATE INDEX idx_personality_cache_version ON personality_cache(version);
    CREATE INDEX idx_personality_cache_stale ON personality_cache(is_stale);)sql";
// Line 49.
constexpr const char* drop = "DROP TABLE IF EXISTS personality_cache CASCADE;";

constexpr const char* auth = R"sql(
    do $$ begin create role authenticated nologin; exception when duplicate_object then null; end $$;
    create schema auth;
    grant usage on schema auth to authenticated;
    create table auth.users (id uuid primary key default gen_random_uuid());
    create function auth.uid() returns uuid language sql stable as
        $$ select (current_setting('request.jwt.claims', true)::jsonb ->> 'sub')::uuid $$;
    insert into auth.users values ('00000000-0000-0000-0000-00000000000a'), ('00000000-0000-0000-0000-00000000000b');)sql";

const std::string ada = "00000000-0000-0000-0000-00000000000a", bob = "00000000-0000-0000-0000-00000000000b";

/// The document's columns, and its indexes, as the catalogue has them.
std::string shape(const Database& db) {
    return value(db, R"sql(
        select string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                                    pg_get_expr(d.adbin, d.adrelid)), ', ' order by a.attnum)
          from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
         where a.attrelid = 'public.personality_cache'::regclass and a.attnum between 1 and 7)sql") +
           value(db, R"sql(
        select string_agg(pg_get_indexdef(indexrelid), ', ' order by indexrelid::regclass::text)
          from pg_index where indrelid = 'public.personality_cache'::regclass
           and indexrelid::regclass::text not like '%owner')sql");
}

std::string content(const Database& db, const std::string& user) {
    return value(db,
                 fmt::format("select content ->> 'summary' from spotter.personality_entry('{}', '')", user));
}

std::string try_saving(const Database& db, const std::string& user) {
    return value(
        db, fmt::format(
                "select spotter.try_cache('personality', array[row('personality:u{0}', '{0}', '{{}}', {1}, "
                "null, null, null, 604800)::spotter.cache_entry])",
                user, literal(analysis())));
}

}  // namespace

TEST_CASE("document 4, lines 27 to 44: the table is the document's, to the column and the index") {
    Database db = fresh_database(), theirs = empty_database();
    sql(theirs, std::string(users) + document);
    CHECK(shape(db) == shape(theirs));
}

TEST_CASE("an app's table by the document is adopted with its rows and its users, and served") {
    Database db = empty_database();
    sql(db, std::string(auth) + users + document);
    sql(db, fmt::format("insert into users values ('alice'), ('{}'); "
                        "insert into personality_cache (user_id, analysis_data) values ('alice', '{{\"a\": "
                        "1}}'), ('{}', {})",
                        ada, ada, literal(analysis())));
    std::string before = shape(db);
    REQUIRE(migrate(db.dsn()).has_value());
    CHECK(shape(db) == before);
    CHECK(value(db, "select count(*) from personality_cache") == "2");
    CHECK(content(db, ada) == "Writes about trains.");
    CHECK(try_saving(db, ada) == "");
    CHECK(try_saving(db, bob).find("personality_cache_user_id_fkey") !=
          std::string::npos);  // whom their app does not know
    CHECK(as_role(db, "authenticated", ada, "select * from personality_cache").rows.size() == 1);

    // The app goes on by the document, as its tables' owner.
    sql(db,
        "insert into personality_cache (user_id, analysis_data) values ('alice', '{\"a\": 2}') "
        "on conflict (user_id) do update set analysis_data = excluded.analysis_data, "
        "updated_at = CURRENT_TIMESTAMP, version = personality_cache.version + 1, is_stale = false");
    CHECK(value(db, "select version from personality_cache where user_id = 'alice'") == "2");
}

TEST_CASE(
    "an app's table of another shape is mended: uuids, rows twice, no columns, and policies that let "
    "everybody") {
    Database db = empty_database();
    sql(db, auth);
    sql(db,
        fmt::format(
            "create table personality_cache (user_id uuid not null, analysis_data jsonb not null, "
            "updated_at timestamptz); "
            "insert into personality_cache values ('{0}', {2}, now() - interval '1 day'), ('{0}', {3}, "
            "now()), "
            "('{0}', {2}, null), ('{1}', {2}, null), ('00000000-0000-0000-0000-00000000000c', {2}, now()); "
            "alter table personality_cache enable row level security; "
            "grant all on personality_cache to public, authenticated; "
            "create policy everything on personality_cache using (true) with check (true)",
            ada, bob, literal(analysis()), literal(analysis(7, 3, "mixed", "The newest."))));
    auto migrated = migrate(db.dsn());
    REQUIRE((migrated ? "" : migrated.error().message) == "");
    CHECK(value(db, "select count(*) from personality_cache") == "3");
    CHECK(content(db, ada) == "The newest.");
    CHECK(try_saving(db, bob) == "");
    CHECK(as_role(db, "authenticated", bob, "select * from personality_cache").rows.size() == 1);
    CHECK(as_role(db, "authenticated", bob, "update personality_cache set is_stale = true")
              .rows.affected_rows() == 1);
    CHECK(as_role(db, "authenticated", bob, "update personality_cache set analysis_data = '{}'").sqlstate ==
          "42501");
    CHECK(as_role(db, "authenticated", bob, "delete from personality_cache").rows.affected_rows() == 1);
    CHECK(as_role(db, "anon", ada, "select * from personality_cache").sqlstate == "42501");
    sql(db, fmt::format("delete from auth.users where id = '{}'", ada));
    CHECK(value(db, "select count(*) from personality_cache") == "1");
}

TEST_CASE("document 4, line 49: after its DROP the daemon goes on without the cache, and says so") {
    Personality app;
    app.save(app.ada);
    sql(app.db, drop);
    app.ask(app.ada);
    auto claim = app.claim();
    CHECK(claim.cache_error.find("personality_cache") != std::string::npos);
    REQUIRE(claim.rows.size() == 1);
    CHECK(app.answer(claim.rows[0]) == R"(relation "public.personality_cache" does not exist)");
    CHECK(app.of(claim.rows[0].lease.id, "result ->> 'summary'") == "Writes about trains.");
    sql(app.db, drop);
}

TEST_CASE(
    "document 4, lines 49 and 27: a cache that was dropped is brought back, one that stands stays as it is") {
    Personality app;
    std::string before = shape(app.db);
    sql(app.db, std::string(drop) + "select spotter.personality_table(); select spotter.personality_table()");
    CHECK(shape(app.db) == before);
    app.save(app.ada);
    sql(app.db, "select spotter.personality_table()");
    CHECK(as_role(app.db, "spotter_worker", "", Personality::saving(app.bob, analysis())).message == "");
    CHECK(app.count() == "2");
    CHECK(as_role(app.db, "authenticated", app.ada, "select * from public.personality_cache").rows.size() ==
          1);

    sql(app.db, std::string(drop) + users + fmt::format("insert into users values ('{}');", app.ada) +
                    document + "select spotter.personality_table()");
    app.save(app.ada);
    CHECK(app.entry(app.ada, "is_stale") == "false");
}

}  // namespace personality_adopt_test
