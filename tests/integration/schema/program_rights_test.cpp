#include <doctest/doctest.h>
#include <fmt/format.h>

#include "support/sql.hpp"

// What users may do with public.training_programs, as PostgREST lets them: by role and claims.

namespace program_rights_test {

using namespace spotter::test;

namespace {

const std::string insufficient_privilege = "42501";

struct App {
    Database db = fresh_database();
    std::string ada = new_user(db);
    std::string bob = new_user(db);

    Said as_ada(const std::string& statement) const { return as_role(db, "authenticated", ada, statement); }

    /// A row of Ada's in a status of our choice.
    std::string row(const std::string& status) const {
        std::string id = insert_program(db, ada);
        sql(db, fmt::format("update public.training_programs set generation_status = '{}' where id = '{}'",
                            status, id));
        return id;
    }

    Said ada_sets(const std::string& id, const std::string& change) const {
        return as_ada(fmt::format("update public.training_programs set {} where id = '{}'", change, id));
    }
};

std::string insert_with(const std::string& user, const std::string& name, const std::string& expression) {
    return fmt::format("insert into public.training_programs (user_id, {}) values ('{}', {})", name, user,
                       expression);
}

}  // namespace

TEST_CASE("an owner inserts a row, reads it, and sees nobody else's") {
    App app;
    CHECK(app.as_ada(insert_with(app.ada, "onboarding_data_snapshot", "'{}'")).ok());
    insert_program(app.db, app.bob);

    auto seen = app.as_ada("select user_id, generation_status from public.training_programs");
    REQUIRE(seen.rows.size() == 1);
    CHECK(seen.rows[0][0].as<std::string>() == app.ada);
    CHECK(seen.rows[0][1].as<std::string>() == "pending");
}

TEST_CASE(
    "an owner inserts with a search path of their own, and nothing on it runs with the queue's rights") {
    App app;
    sql(app.db,
        "create schema evil; grant usage on schema evil to public; "
        "create function evil.same(text, text) returns boolean language plpgsql as $$ begin "
        "if current_user operator(pg_catalog.<>) 'authenticated' then raise exception 'run as %', "
        "current_user; "
        "end if; return $1 operator(pg_catalog.=) $2; end $$; "
        "create operator evil.= (leftarg = text, rightarg = text, function = evil.same); "
        "create function evil.pg_notify(text, text) returns void language sql as 'select 1 / 0'; "
        "insert into spotter.bell (worker) values (1)");
    const std::string path = "set local search_path = evil, pg_catalog; ";
    CHECK(as_role(app.db, "service_role", "", path + "select 'a' = 'a'::text").message.find("run as") !=
          std::string::npos);
    CHECK(app.as_ada(path + insert_with(app.ada, "onboarding_data_snapshot", "'{}'")).message == "");
    CHECK(app.as_ada(path + "select public.request_generation('exercise', "
                            "'{\"type\": \"contextual_fill\", \"difficulty\": 1}')")
              .message == "");
}

TEST_CASE("nobody inserts a row for another user") {
    App app;
    CHECK(app.as_ada(insert_with(app.bob, "onboarding_data_snapshot", "'{}'")).sqlstate ==
          insufficient_privilege);
}

TEST_CASE("an owner's new row cannot be anything but pending") {
    App app;
    for (std::string status : {"completed", "processing", "failed"}) {
        CAPTURE(status);
        auto said = app.as_ada(insert_with(app.ada, "generation_status", literal(status)));
        CHECK(said.sqlstate == insufficient_privilege);
        CHECK(said.message.find("insert it as pending") != std::string::npos);
    }
    CHECK(app.as_ada(insert_with(app.ada, "generation_status", "'pending'")).ok());

    // An app's own table may allow it to be missing.
    sql(app.db, "alter table public.training_programs alter column generation_status drop not null");
    CHECK(app.as_ada(insert_with(app.ada, "generation_status", "null")).sqlstate == insufficient_privilege);
}

TEST_CASE("an owner cannot set a column of the queue's when inserting") {
    App app;
    const std::pair<std::string, std::string> columns[] = {
        {"generation_error", "'x'"},
        {"generation_error_code", "'x'"},
        {"generation_stage", "'x'"},
        {"generation_progress", "50"},
        {"generation_reason", "'x'"},
        {"generation_priority", "1"},
        {"generation_attempts", "1"},
        {"generation_run_after", "now() - interval '1 day'"},
        {"generation_queued_at", "'2001-01-01'"},
        {"generation_started_at", "now()"},
        {"generation_finished_at", "now()"},
        {"generation_crashes", "-100"},
        {"generation_calls", "-100"},
        {"generation_retries", "1"},
        {"generation_worker", "1"},
        {"generation_token", "1"},
        {"generation_cache_key", "'x'"},
        {"generation_metadata", "'{\"source\": \"model\"}'"},
        {"generation_waiting", "true"}};
    for (const auto& [name, expression] : columns) {
        CAPTURE(name);
        CHECK(app.as_ada(insert_with(app.ada, name, expression)).sqlstate == insufficient_privilege);
    }
}

TEST_CASE("every column of the queue's is covered by the guard") {
    // Someone who adds a column must think of the guard: this list is what the two tests around it try.
    Database db = fresh_database();
    CHECK(value(db,
                "select string_agg(attname, ' ' order by attname) from pg_attribute "
                "where attrelid = 'public.training_programs'::regclass and attname like 'generation\\_%'") ==
          "generation_attempts generation_cache_key generation_calls generation_crashes generation_error "
          "generation_error_code generation_finished_at generation_metadata generation_priority "
          "generation_progress generation_queued_at generation_reason generation_retries "
          "generation_run_after generation_stage generation_started_at generation_status generation_token "
          "generation_waiting generation_worker");
}

TEST_CASE("an owner cannot change a column of the queue's, the owner or the metadata of any row") {
    App app;
    const std::pair<std::string, std::string> columns[] = {
        {"generation_error", "'x'"},
        {"generation_error_code", "'x'"},
        {"generation_stage", "'x'"},
        {"generation_progress", "50"},
        {"generation_reason", "'x'"},
        {"generation_priority", "1"},
        {"generation_attempts", "-1"},
        {"generation_run_after", "'2001-01-01'"},
        {"generation_queued_at", "'2001-01-01'"},
        {"generation_started_at", "'2001-01-01'"},
        {"generation_finished_at", "'2001-01-01'"},
        {"generation_crashes", "-100"},
        {"generation_calls", "-100"},
        {"generation_retries", "1"},
        {"generation_worker", "77"},
        {"generation_token", "77"},
        {"generation_cache_key", "'x'"},
        {"generation_waiting", "true"},
        {"generation_metadata", R"('{"source": "model"}')"}};
    for (std::string status : {"pending", "processing", "completed", "failed"}) {
        std::string id = app.row(status);
        for (const auto& [name, expression] : columns) {
            CAPTURE(status);
            CAPTURE(name);
            CHECK(app.ada_sets(id, fmt::format("{} = {}", name, expression)).sqlstate ==
                  insufficient_privilege);
        }
        CHECK(app.ada_sets(id, fmt::format("user_id = '{}'", app.bob)).sqlstate == insufficient_privilege);
        CHECK(app.ada_sets(id, "id = gen_random_uuid()").sqlstate == insufficient_privilege);
    }
}

TEST_CASE(
    "an owner asks for a failed row again, cancels one that is not finished, and changes no other status") {
    App app;
    for (std::string from : {"pending", "processing", "completed", "failed"})
        for (std::string to : {"pending", "processing", "completed", "failed"}) {
            CAPTURE(from);
            CAPTURE(to);
            std::string id = app.row(from);
            bool again = from == "failed" && to == "pending";
            bool cancel = (from == "pending" || from == "processing") && to == "failed";
            auto said = app.ada_sets(id, fmt::format("generation_status = '{}'", to));
            CHECK(said.ok() == (from == to || again || cancel));
            if (!said.ok()) CHECK(said.sqlstate == insufficient_privilege);
        }
}

TEST_CASE("an owner who cancels says nothing more: not an error of their own, nor a code") {
    App app;
    for (std::string status : {"pending", "processing"}) {
        CAPTURE(status);
        std::string id = app.row(status);
        for (const char* more : {"generation_error = 'Pay me.'", "generation_error_code = 'quarantined'",
                                 "generation_error_code = 'cancelled'", "generation_waiting = true",
                                 "generation_finished_at = now()", "generation_retries = 0 - 9",
                                 R"(program_details = '{"programName": "Mine"}')"}) {
            CAPTURE(more);
            CHECK(app.ada_sets(id, fmt::format("generation_status = 'failed', {}", more)).sqlstate ==
                  insufficient_privilege);
        }
        CHECK(column(app.db, id, "generation_status") == status);
        CHECK(app.ada_sets(id, "generation_status = 'failed'").ok());
        CHECK(column(app.db, id, "generation_error_code") == "cancelled");
        CHECK(column(app.db, id, "generation_error") == "The generation was cancelled before it was done.");
    }
}

TEST_CASE("nobody but its owner cancels a row or asks for it again") {
    App app;
    std::string id = insert_program(app.db, app.bob);
    CHECK(app.ada_sets(id, "generation_status = 'failed'").rows.affected_rows() == 0);
    CHECK(column(app.db, id, "generation_status") == "pending");
}

TEST_CASE("an owner who asks again and again for a row that fails waits longer each time") {
    App app;
    std::string id = app.row("failed");
    auto fail = [&] {
        sql(app.db, fmt::format("update public.training_programs set generation_status = 'failed', "
                                "generation_error_code = 'refused', generation_finished_at = now() "
                                "where id = '{}'",
                                id));
    };
    fail();
    for (int time = 0; time < 3; ++time) {
        CHECK(app.ada_sets(id, "generation_status = 'pending'").ok());
        fail();
    }
    auto said = app.ada_sets(id, "generation_status = 'pending'");
    CHECK(said.sqlstate == "PT429");
    CHECK(said.message.find("tried again 3 times") != std::string::npos);
    CHECK(said.message.find("Try again in 10 seconds.") != std::string::npos);
    CHECK(column(app.db, id, "generation_status") == "failed");

    auto age = [&](const char* by) {
        sql(app.db, fmt::format("update public.training_programs set generation_finished_at = now() - "
                                "interval '{}' where id = '{}'",
                                by, id));
    };
    age("11 seconds");
    CHECK(app.ada_sets(id, "generation_status = 'pending'").ok());
    fail();
    age("11 seconds");
    CHECK(app.ada_sets(id, "generation_status = 'pending'").sqlstate == "PT429");

    // However often, an hour is enough, and who serves them all may always.
    sql(app.db, "update public.training_programs set generation_retries = 2000000000");
    CHECK(app.ada_sets(id, "generation_status = 'pending'").message.find("seconds") != std::string::npos);
    age("1 hour");
    CHECK(app.ada_sets(id, "generation_status = 'pending'").ok());
    fail();
    CHECK(
        as_role(app.db, "service_role", "",
                fmt::format(
                    "update public.training_programs set generation_status = 'pending' where id = '{}'", id))
            .ok());
}

TEST_CASE("cancelling in between buys nobody more tries") {
    App app;
    std::string id = app.row("failed");
    int allowed = 0;
    for (int time = 0; time < 10; ++time) {
        if (!app.ada_sets(id, "generation_status = 'pending'").ok()) break;
        ++allowed;
        CHECK(app.ada_sets(id, "generation_status = 'failed'").ok());
    }
    CHECK(allowed == 3);
}

TEST_CASE("an owner writes a program of their own only where none is being generated") {
    App app;
    for (std::string status : {"pending", "processing", "completed", "failed"}) {
        CAPTURE(status);
        bool allowed = status == "completed" || status == "failed";
        CHECK(app.ada_sets(app.row(status), R"(program_details = '{"programName": "Mine"}')").ok() ==
              allowed);
    }
}

TEST_CASE("an owner does not change what a program is made from while it is being made") {
    App app;
    for (std::string status : {"pending", "processing", "completed", "failed"}) {
        CAPTURE(status);
        auto changed =
            app.ada_sets(app.row(status), R"(onboarding_data_snapshot = '{"primaryGoal": "other"}')");
        CHECK(changed.ok() == (status != "processing"));
        bool says_so =
            changed.message.find("onboarding_data_snapshot cannot be changed") != std::string::npos;
        CHECK(changed.ok() != says_so);
    }
}

TEST_CASE("an owner changes the app's own columns and deletes rows in any status") {
    App app;
    for (std::string status : {"pending", "processing", "completed", "failed"}) {
        CAPTURE(status);
        std::string id = app.row(status);
        CHECK(app.ada_sets(id, "start_date = '2030-01-01', is_active = false, program_name = 'Mine'").ok());
        auto deleted = app.as_ada(fmt::format("delete from public.training_programs where id = '{}'", id));
        CHECK(deleted.rows.affected_rows() == 1);
    }
}

TEST_CASE("another user's row can be neither changed nor deleted") {
    App app;
    std::string id = insert_program(app.db, app.bob);
    CHECK(app.ada_sets(id, "program_name = 'Hers'").rows.affected_rows() == 0);
    CHECK(app.as_ada("delete from public.training_programs").rows.affected_rows() == 0);
}

TEST_CASE("an upsert gets round the guard no more than an update does") {
    App app;
    std::string id = app.row("pending");
    auto said =
        app.as_ada(fmt::format("insert into public.training_programs (id, user_id) values ('{}', '{}') "
                               "on conflict (id) do update set generation_status = 'completed'",
                               id, app.ada));
    CHECK(said.sqlstate == insufficient_privilege);
}

TEST_CASE("anon can do nothing") {
    App app;
    insert_program(app.db, app.ada);
    for (std::string statement :
         {"select * from public.training_programs", "delete from public.training_programs",
          "update public.training_programs set program_name = 'x'", "select * from public.profiles",
          "select * from public.ai_coach_cache", "select * from spotter.worker"}) {
        CAPTURE(statement);
        CHECK(as_role(app.db, "anon", "", statement).sqlstate == insufficient_privilege);
    }
    CHECK(as_role(app.db, "anon", "", insert_with(app.ada, "program_name", "'x'")).sqlstate ==
          insufficient_privilege);
}

TEST_CASE("a user without claims sees nothing and inserts nothing") {
    App app;
    insert_program(app.db, app.ada);
    auto seen = as_role(app.db, "authenticated", "", "select * from public.training_programs");
    CHECK(seen.ok());
    CHECK(seen.rows.empty());
    CHECK(as_role(app.db, "authenticated", "", insert_with(app.ada, "program_name", "'x'")).sqlstate ==
          insufficient_privilege);
}

TEST_CASE("the service role reads, inserts and settles rows of everybody") {
    App app;
    std::string id = insert_program(app.db, app.ada);
    auto by_service = [&](const std::string& statement) {
        return as_role(app.db, "service_role", "", statement);
    };
    CHECK(by_service("select * from public.training_programs").rows.size() == 1);
    CHECK(by_service(insert_with(app.bob, "generation_priority", "1")).ok());
    CHECK(by_service(fmt::format("update public.training_programs set generation_status = 'completed' "
                                 "where id = '{}'",
                                 id))
              .rows.affected_rows() == 1);
}

TEST_CASE("users see nothing of the daemon's own schema") {
    App app;
    for (std::string statement :
         {"select * from spotter.worker", "select * from spotter.migration",
          "select nextval('spotter.worker_id_seq')", "select spotter.kilograms('1', false)"}) {
        CAPTURE(statement);
        CHECK(app.as_ada(statement).sqlstate == insufficient_privilege);
    }
}

TEST_CASE("a profile is its owner's, but paid access is not theirs to give") {
    App app;
    auto change = [&](const std::string& what) { return app.as_ada("update public.profiles set " + what); };
    CHECK(app.as_ada("select * from public.profiles").rows.size() == 1);
    CHECK(change("name = 'Ada L.'").rows.affected_rows() == 1);
    CHECK(change("is_premium = true").sqlstate == insufficient_privilege);
    CHECK(change("trial_ends_at = '2100-01-01'").sqlstate == insufficient_privilege);
    CHECK(change("subscription_tier = 'pro'").sqlstate == insufficient_privilege);
}

}  // namespace program_rights_test
