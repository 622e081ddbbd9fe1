#include <doctest/doctest.h>
#include <fmt/format.h>

#include "db/migrator.hpp"
#include "support/queue.hpp"
#include "support/sql.hpp"

// A database that is an app's already, on Supabase, as the domain's facts have it.

namespace adopt_test {

using namespace spotter::test;
using spotter::db::migrate;

namespace {

constexpr const char* supabase = R"sql(
    do $$ begin
        create role anon nologin noinherit;
        create role authenticated nologin noinherit;
        create role service_role nologin noinherit bypassrls;
    exception when duplicate_object then null; end $$;
    create schema auth;
    grant usage on schema auth to anon, authenticated, service_role;
    create table auth.users (id uuid primary key default gen_random_uuid(), email varchar(255), phone text,
                             created_at timestamptz);
    create function auth.uid() returns uuid language sql stable as
        $$ select (current_setting('request.jwt.claims', true)::jsonb ->> 'sub')::uuid $$;
    create publication supabase_realtime;)sql";

constexpr const char* tables = R"sql(
    create type public.unit as enum ('kg', 'lbs');
    create table public.profiles (
        id uuid primary key references auth.users (id) on delete cascade,
        email text, name varchar(80), age integer, weight_unit public.unit, experience_level text,
        onboarding_responses jsonb, onboarding_completed boolean default false);
    alter table public.profiles enable row level security;
    create policy "own profile" on public.profiles for all using (auth.uid() = id);

    create table public.training_programs (
        id uuid primary key default gen_random_uuid(),
        user_id uuid not null references auth.users (id) on delete cascade references public.profiles (id),
        program_details jsonb not null,
        total_duration_weeks integer, is_active boolean default true, label text,
        ai_model_version text, onboarding_data_snapshot jsonb,
        created_at timestamptz default now(), updated_at timestamptz default now());
    alter table public.training_programs enable row level security;
    create policy "own programs" on public.training_programs for all using (auth.uid() = user_id);

    create function public.touch() returns trigger language plpgsql as
        $$ begin new.updated_at := now(); return new; end $$;
    create trigger set_updated_at before update on public.training_programs
        for each row execute function public.touch();
    create function public.weeks() returns trigger language plpgsql as
        $$ begin new.total_duration_weeks := (new.program_details ->> 'durationWeeksTotal')::integer;
           return new; end $$;
    create trigger derive_weeks before insert or update on public.training_programs
        for each row execute function public.weeks();

    insert into auth.users (id, email) values ('00000000-0000-0000-0000-00000000000a', 'ada@example.org');
    insert into public.profiles (id, name, age, weight_unit, experience_level)
        values ('00000000-0000-0000-0000-00000000000a', 'Ada', 30, 'kg', 'Beginner');
    insert into public.training_programs (user_id, program_details, label, created_at)
        select '00000000-0000-0000-0000-00000000000a', '{"programName": "Old", "durationWeeksTotal": 8}',
               'old ' || n, now() - make_interval(days => n)
          from generate_series(1, 5) n;)sql";

constexpr const char* status_columns = R"sql(
    alter table public.training_programs
        add column generation_status text not null default 'pending'
            check (generation_status in ('pending', 'processing', 'completed', 'failed')),
        add column generation_error text;
    create index idx_training_programs_generation_status on public.training_programs (generation_status);
    update public.training_programs set generation_status = 'completed' where label = 'old 1';)sql";

const std::string ada = "00000000-0000-0000-0000-00000000000a";

struct App {
    Database db = empty_database();
    explicit App(bool with_status) {
        sql(db, std::string(supabase) + tables + (with_status ? status_columns : ""));
    }

    /// The rows as the app knows them, with the transactions that wrote them.
    std::string old_rows(bool with_status) const {
        return value(
            db,
            fmt::format("select string_agg(row(xmin, id, user_id, program_details, total_duration_weeks, "
                        "is_active, label, ai_model_version, onboarding_data_snapshot, created_at, updated_at"
                        "{})::text, ' ' order by id) from public.training_programs where label like 'old%'",
                        with_status ? ", generation_status, generation_error" : ""));
    }
    std::string count(const std::string& condition) const {
        return value(db, "select count(*) from public.training_programs where " + condition);
    }
};

/// What a migration must leave alone: Supabase's own.
std::string of_supabase(const Database& db) {
    return value(db, R"sql(
        select string_agg(x, ' ' order by x) from (
            select row(oid, nspowner, nspacl)::text from pg_namespace where nspname = 'auth'
            union all select row(oid, relowner, relacl, relnatts, reltuples, relrowsecurity)::text from pg_class
             where relnamespace = 'auth'::regnamespace
            union all select row(p.*)::text from pg_proc p where pronamespace = 'auth'::regnamespace
            union all select row(r.*)::text from pg_roles r
             where rolname in ('anon', 'authenticated', 'service_role')) as things(x))sql");
}

}  // namespace

TEST_CASE("an app's rows are what they were, to the letter and to the transaction") {
    bool with_status = false;
    SUBCASE("in a table without a status") {}
    SUBCASE("in a table with one") {
        with_status = true;
    }
    App app(with_status);
    std::string before = app.old_rows(with_status);
    auto migrated = migrate(app.db.dsn());
    REQUIRE((migrated ? "" : migrated.error().message) == "");
    CHECK(app.old_rows(with_status) == before);
    CHECK(app.count("generation_status = 'completed'") == (with_status ? "1" : "5"));

    Daemon daemon(app.db);
    CHECK(daemon.claim().looked_at == 0);
    CHECK(daemon.rescue().empty());
    CHECK(app.old_rows(with_status) == before);
}

TEST_CASE("an app's new rows are served, in a table that lacked half of the columns") {
    for (bool with_status : {false, true}) {
        CAPTURE(with_status);
        App app(with_status);
        migrate(app.db.dsn()).value();
        Daemon daemon(spotter::db::Endpoint{.dsn = login_as_member(app.db, "spotter_worker")});
        auto inserted =
            as_role(app.db, "authenticated", ada,
                    fmt::format("insert into public.training_programs (user_id, "
                                "onboarding_data_snapshot, label) values ('{}', '{{\"n\": 1}}', 'new')",
                                ada));
        CHECK(inserted.message == "");
        auto row = daemon.claim_one();
        CHECK(row.input.find(R"("weight_unit": "kg")") != std::string::npos);
        CHECK(daemon.settle(completion(row)));
        CHECK(app.count("label = 'new' and generation_status = 'completed' and total_duration_weeks = 6") ==
              "1");
        CHECK(app.count("label = 'new' and updated_at > created_at") == "1");

        insert_program(app.db, ada, R"({"n": 1})");
        CHECK(daemon.claim().hits == 1);
    }
}

TEST_CASE(
    "an old row that is pending although it holds a program is generated again only when that is asked for") {
    App app(true);
    migrate(app.db.dsn()).value();
    Daemon daemon(app.db);
    CHECK(app.count("generation_status = 'pending'") == "4");
    CHECK(daemon.claim().rows.empty());
    CHECK(daemon.claim_one_by_one().rows.empty());

    sql(app.db, "update public.training_programs set generation_status = 'failed' where label = 'old 2'");
    CHECK(daemon.claim().rows.empty());
    CHECK(as_role(app.db, "authenticated", ada,
                  "update public.training_programs set generation_status = 'pending' where label = 'old 2'")
              .rows.affected_rows() == 1);
    auto row = daemon.claim_one();
    CHECK(column(app.db, row.lease.id, "label") == "old 2");
    CHECK(app.count("generation_status = 'pending'") == "3");
}

TEST_CASE("the guard stands before an app's own policy, which lets owners write what they like") {
    App app(true);
    migrate(app.db.dsn()).value();
    insert_program(app.db, ada);
    auto forge = [&](const std::string& change) {
        return as_role(app.db, "authenticated", ada,
                       "update public.training_programs set " + change + " where program_details = '{}'")
            .sqlstate;
    };
    CHECK(forge("generation_status = 'completed'") == "42501");
    CHECK(forge("generation_priority = 1") == "42501");
    CHECK(forge("label = 'mine'") == "");
}

TEST_CASE("what Supabase made stays as it is") {
    App app(true);
    std::string before = of_supabase(app.db);
    migrate(app.db.dsn()).value();
    CHECK(of_supabase(app.db) == before);
    CHECK(value(app.db,
                "select string_agg(tablename, ' ' order by tablename) from pg_publication_tables "
                "where pubname = 'supabase_realtime'") == "generation_requests training_programs");
}

TEST_CASE("a table that Realtime publishes already is not added twice") {
    App app(true);
    SUBCASE("by itself") {
        sql(app.db, "alter publication supabase_realtime add table public.training_programs");
    }
    SUBCASE("with all others") {
        sql(app.db,
            "drop publication supabase_realtime; create publication supabase_realtime for all tables");
    }
    CHECK(migrate(app.db.dsn()).has_value());
}

TEST_CASE("an app's profiles keep their policies, and the daemon reads them") {
    App app(false);
    migrate(app.db.dsn()).value();
    CHECK(value(app.db,
                "select string_agg(polname, ', ' order by polname) from pg_policy "
                "where polrelid = 'public.profiles'::regclass") == "own profile, spotter reads profiles");
    auto read = as_login(login_as_member(app.db, "spotter_worker"), "select name from public.profiles");
    CHECK(read.rows.size() == 1);
}

}  // namespace adopt_test
