#include <doctest/doctest.h>

#include "db/migrator.hpp"
#include "integration/schema/exercise_cache.hpp"

// Who may do what with the cache of exercises, and a table of that name that an app has already.

namespace exercise_cache_rights_test {

using namespace spotter::test;
using spotter::db::migrate;

namespace {

const std::string insufficient_privilege = "42501";

const std::string colors = R"({"type": "contextual_fill", "difficulty": 3, "topics": ["colors"]})";

const std::vector<std::string> documented = {
    "select * from public.exercise_cache",
    "select * from public.exercise_cache_stats",
    "select * from public.exercise_cache_overview",
    "select * from public.expired_exercises",
    "select * from public.exercise_cache_daily_metrics",
    "select cleanup_expired_exercises()",
    "select evict_lru_exercises(10000)",
    "select * from get_exercise_cache_stats()",
    "select * from get_overall_cache_stats()",
    "select * from get_popular_exercises(10)",
    "select * from get_lru_exercises(10)",
    "select * from get_similar_exercises(array['colors'])",
    "select refresh_exercise_cache_metrics()",
};

const std::vector<std::string> writes = {
    "insert into public.exercise_cache (cache_key, exercise_type, exercise_data, user_context_hash, "
    "difficulty) "
    "values ('k', 'term_matching', '{}', 'h', 1)",
    "update public.exercise_cache set exercise_data = '{}'",
    "delete from public.exercise_cache",
};

/// A table as an app made it by a migration of its own, with that migration's functions and views in short.
constexpr const char* app_made = R"sql(
    create table public.exercise_cache (
        id uuid primary key default gen_random_uuid(), cache_key varchar(255) unique not null,
        exercise_type varchar(50) not null, exercise_data jsonb not null, user_context_hash varchar(64) not null,
        difficulty integer not null check (difficulty between 1 and 5), usage_count integer default 0,
        last_used_at timestamptz default now(), created_at timestamptz default now(), expires_at timestamptz not null,
        constraint check_expires_at check (expires_at > created_at));
    create unique index idx_exercise_cache_key on public.exercise_cache (cache_key);
    create index idx_exercise_last_used on public.exercise_cache (last_used_at);
    create function public.get_overall_cache_stats() returns table (cache_hit_rate numeric) language sql as
        $$ select (sum(usage_count) - count(*)) / nullif(sum(usage_count), 0) * 100 from public.exercise_cache $$;
    create view public.exercise_cache_overview as select * from public.get_overall_cache_stats();
    create materialized view public.exercise_cache_daily_metrics as
        select date_trunc('day', created_at) as date, count(*) from public.exercise_cache group by 1;
    create function public.refresh_exercise_cache_metrics() returns void language plpgsql as
        $$ begin refresh materialized view concurrently public.exercise_cache_daily_metrics; end $$;
    create function public.evict_lru_exercises(max_entries integer default 500) returns bigint language sql as
        $$ select 0::bigint $$;
    insert into public.exercise_cache (cache_key, exercise_type, exercise_data, user_context_hash, difficulty,
                                       usage_count, created_at, expires_at)
        select 'key ' || n, 'contextual_fill', '{"type": "contextual_fill"}', 'c', 1, 4, now() - interval '1 hour',
               now() + interval '1 day'
          from generate_series(1, 10) n;)sql";

}  // namespace

TEST_CASE("users have no business with the cache of exercises") {
    Exercises app;
    app.cache({colors});
    for (const char* role : {"anon", "authenticated"})
        for (const auto* list : {&documented, &writes})
            for (const std::string& statement : *list) {
                CAPTURE(role);
                CAPTURE(statement);
                CHECK(as_role(app.db, role, app.ada, statement).sqlstate == insufficient_privilege);
            }
    CHECK(as_role(app.db, "authenticated", app.ada, "select spotter.exercise_forget(null, null)").sqlstate ==
          insufficient_privilege);
    app.sql(
        "grant all on public.exercise_cache to authenticated");  // as older Supabase projects do by default
    CHECK(as_role(app.db, "authenticated", app.ada, "select * from public.exercise_cache").rows.empty());
    CHECK(as_role(app.db, "authenticated", app.ada, writes[0]).sqlstate == insufficient_privilege);
    CHECK(
        as_role(app.db, "authenticated", app.ada, "delete from public.exercise_cache").rows.affected_rows() ==
        0);
}

TEST_CASE("the service and the daemon can do all that document 3 lists") {
    for (const char* role : {"service_role", "spotter_worker"}) {
        Exercises app;
        app.cache({colors});
        for (const auto* list : {&documented, &writes})
            for (const std::string& statement : *list) {
                CAPTURE(role);
                CAPTURE(statement);
                CHECK(as_role(app.db, role, "", statement).message == "");
            }
    }
}

TEST_CASE("the daemon keeps the cache with no more rights than its role has") {
    Exercises app;
    app.cache({colors});
    auto said =
        as_login(app.worker,
                 fmt::format("select * from spotter.exercise_entry(null, '{0}');"
                             "select spotter.exercise_used(array['{0}'], array[1], array[0], array[now()]);"
                             "select spotter.exercise_trim(10000, 1000000, 100);"
                             "select spotter.exercise_expiring('2 days', 10);"
                             "select spotter.exercise_figures();"
                             "select evict_lru_exercises(); select refresh_exercise_cache_metrics();"
                             "select spotter.exercise_forget(null, null)",
                             app.key(colors)));
    CHECK(said.message == "");
}

TEST_CASE(
    "an app's own table of exercises is adopted with its entries, and what was wrong with it is mended") {
    Database db = empty_database();
    sql(db, app_made);
    auto entries = [&] {
        return value(
            db,
            "select string_agg((xmin, id, cache_key, usage_count, expires_at)::text, ' ' order by id) "
            "from public.exercise_cache");
    };
    std::string before = entries();
    auto migrated = migrate(db.dsn());
    REQUIRE((migrated ? "" : migrated.error().message) == "");
    CHECK(entries() == before);

    CHECK(value(db, "select cache_hit_rate from public.exercise_cache_overview") == "80.00");
    sql(db, "select refresh_exercise_cache_metrics()");
    CHECK(value(db, "select evict_lru_exercises(6)") == "4");
    CHECK(value(db, "select spotter.exercise_figures()").starts_with("(6,0,"));
    sql(db,
        "insert into public.exercise_cache (cache_key, exercise_type, exercise_data, user_context_hash, "
        "difficulty) "
        "values ('new', 'term_matching', '{}', 'h', 1)");
    CHECK(value(db, "select count(*) from public.exercise_cache where topics = '{}'") == "7");
}

TEST_CASE("whom an app let into its table by a grant goes on as before, and its users are kept out") {
    Database db = empty_database();
    sql(db,
        "do $$ begin create role authenticated nologin; exception when duplicate_object then null; end $$;"
        "do $$ begin create role \"App's own\" nologin; exception when duplicate_object then null; end $$;");
    sql(db, app_made);
    sql(db,
        "grant select, insert, update, delete on public.exercise_cache to \"App's own\", authenticated, "
        "public");
    migrate(db.dsn()).value();
    auto as = [&](const char* role, const std::string& statement) {
        return as_role(db, role, "", statement);
    };
    CHECK(as("\"App's own\"", "select from public.exercise_cache").rows.size() == 10);
    for (const std::string& write : writes) CHECK(as("\"App's own\"", write).message == "");
    CHECK(as("authenticated", "select from public.exercise_cache").sqlstate == insufficient_privilege);
}

}  // namespace exercise_cache_rights_test
