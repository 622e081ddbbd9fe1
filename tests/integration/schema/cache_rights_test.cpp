#include <doctest/doctest.h>
#include <fmt/format.h>

#include "db/migrator.hpp"
#include "support/sql.hpp"

// What users may do with public.ai_coach_cache, which is an app's as well as ours.

namespace cache_rights_test {

using namespace spotter::test;

namespace {

const std::string insufficient_privilege = "42501";

std::string write(const std::string& user, const std::string& key) {
    return fmt::format(
        "insert into public.ai_coach_cache (cache_key, user_id, recommendation, expires_at) "
        "values ('{}', '{}', '{{}}', now() + interval '1 day')",
        key, user);
}

/// Whatever the table was before: users write what is theirs, and never what answers a program.
void check_that_programs_cannot_be_forged(const Database& db) {
    std::string ada = new_user(db), bob = new_user(db);
    auto as_ada = [&](const std::string& statement) { return as_role(db, "authenticated", ada, statement); };
    sql(db, write(ada, "program:hers") + ";" + write(bob, "program:his") + ";" + write(bob, "tip:his"));

    CHECK(as_ada(write(ada, "tip:hers")).ok());
    CHECK(as_ada(write(ada, "program:forged")).sqlstate == insufficient_privilege);
    CHECK(as_ada(write(bob, "tip:forged")).sqlstate == insufficient_privilege);

    CHECK(as_ada("select * from public.ai_coach_cache").rows.size() == 2);
    auto changed = as_ada("update public.ai_coach_cache set recommendation = '{\"forged\": true}'");
    CHECK(changed.rows.affected_rows() == 1);
    CHECK(as_ada("update public.ai_coach_cache set cache_key = 'program:forged' where cache_key = 'tip:hers'")
              .sqlstate == insufficient_privilege);
    CHECK(as_ada(write(ada, "program:hers") + " on conflict (cache_key) do update set recommendation = '[]'")
              .sqlstate == insufficient_privilege);

    CHECK(as_ada("delete from public.ai_coach_cache").rows.affected_rows() == 2);
    CHECK(value(db, "select count(*) from public.ai_coach_cache") == "2");
}

}  // namespace

TEST_CASE("users read, write and clear their own cache entries, but cannot write a program's") {
    Database db = fresh_database();
    check_that_programs_cannot_be_forged(db);
}

TEST_CASE("an app's cache whose policies give owners everything still takes no program from them") {
    Database db = empty_database();
    sql(db, R"sql(
        do $$ begin create role authenticated nologin; exception when duplicate_object then null; end $$;
        create schema auth;
        grant usage on schema auth to authenticated;
        create table auth.users (id uuid primary key default gen_random_uuid());
        create function auth.uid() returns uuid language sql stable as
            $$ select (current_setting('request.jwt.claims', true)::jsonb ->> 'sub')::uuid $$;
        create table public.ai_coach_cache (
            cache_key text primary key, user_id uuid not null references auth.users on delete cascade,
            recommendation jsonb not null, hashed_data_input text,
            created_at timestamptz not null default now(), expires_at timestamptz not null);
        alter table public.ai_coach_cache enable row level security;
        create policy own on public.ai_coach_cache for all using (auth.uid() = user_id))sql");
    spotter::db::migrate(db.dsn()).value();
    check_that_programs_cannot_be_forged(db);
}

TEST_CASE("the service role reads and writes every cache entry") {
    Database db = fresh_database();
    std::string ada = new_user(db);
    CHECK(as_role(db, "service_role", "", write(ada, "program:x")).ok());
    CHECK(as_role(db, "service_role", "", "delete from public.ai_coach_cache").rows.affected_rows() == 1);
}

}  // namespace cache_rights_test
