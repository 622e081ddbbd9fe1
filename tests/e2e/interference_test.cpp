// What others do to the database while a daemon works on it: locks, migrations, revoked rights, triggers.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <optional>

#include "e2e/command.hpp"
#include "e2e/daemon.hpp"
#include "e2e/readiness.hpp"
#include "support/sql.hpp"
#include "support/wait.hpp"

namespace interference_test {

using namespace spotter;
using namespace spotter::test;
using namespace std::chrono_literals;

namespace {

const Environment quick = {{"SPOTTER_QUEUE_BEAT", "200ms"}, {"SPOTTER_QUEUE_POLL", "200ms"}};

/// A row whose call is under way, and whose answer is held.
struct InFlight : Stage {
    std::string ada = app.add_user();
    std::string row = app.ask(ada, onboarding());
    std::string good = app.good_answer(row);

    InFlight() { model.always(held(completion(good))); }

    Daemon serve_by(const std::string& dsn, const std::string& slots = "16") const {
        Environment environment = quick;
        environment["SPOTTER_SLOTS"] = slots;
        Daemon daemon(dsn, model, environment);
        model.wait_for_open(1);
        return daemon;
    }
    /// The answer was paid for once, is in its row, and the daemon is as well as before.
    void check_that_nothing_is_lost(Daemon& daemon) {
        CHECK(app.end_of(row) == "completed");
        CHECK(app.of(row, "generation_attempts || ' ' || generation_crashes") == "1 0");
        CHECK(model.requests() == 1);
        CHECK(comes_to_say(daemon, 200));
        model.always(completion(good));
        CHECK(app.end_of(app.ask(app.add_user(), onboarding())) == "completed");
        CHECK(daemon.stop() == 0);
    }
};

void object(AppDatabase& app, const std::string& condition) {
    app.run(
        fmt::format("create function public.object() returns trigger language plpgsql as $$ begin "
                    "if {} then raise exception 'the app objects'; end if; return new; end $$; "
                    "create trigger app_objects before update on public.training_programs "
                    "for each row execute function public.object()",
                    condition));
}

}  // namespace

TEST_CASE("while somebody alters the table nothing is lost, and it is said that a lock is waited for") {
    InFlight stage;
    Daemon daemon =
        stage.serve_by(with_keyword(stage.database.dsn(), "options", "-c%20lock_timeout%3D300ms"));
    pqxx::connection other(stage.database.dsn());
    {
        pqxx::work altering(other);
        altering.exec("alter table public.training_programs add column app_notes text");
        stage.model.release();
        daemon.wait_for_log("settle_delayed");
        daemon.wait_for_log("claim_failed");
        CHECK(comes_to_say(daemon, 503, "claim: canceling statement due to lock timeout"));
        CHECK(daemon.get("/healthz").status == 200);
        altering.commit();
    }
    daemon.wait_for_log("claiming_again");
    stage.check_that_nothing_is_lost(daemon);
}

TEST_CASE("a daemon that loses its rights loses nothing else, and says what to grant") {
    InFlight stage;
    std::string dsn = login_as_member(stage.database, "spotter_worker");
    std::string login = "login_spotter_worker_" + stage.database.name();
    Daemon daemon = stage.serve_by(dsn);
    std::string back;
    SUBCASE("the role's on the table") {
        stage.app.run("revoke all on public.training_programs from spotter_worker");
        back = "grant select, insert, update on public.training_programs to spotter_worker";
    }
    SUBCASE("the login's membership in the role") {
        stage.app.run("revoke spotter_worker from " + login);
        back = "grant spotter_worker to " + login;
    }
    stage.model.release();
    daemon.wait_for_log("settle_delayed");
    CHECK(comes_to_say(daemon, 503, "permission denied"));
    CHECK(has(daemon.get("/readyz").body, "grant spotter_worker to"));
    CHECK(has(daemon.log(), "grant spotter_worker to"));
    CHECK(stage.app.of(stage.row, "generation_status") == "processing");
    stage.app.run(back);
    stage.check_that_nothing_is_lost(daemon);
}

TEST_CASE("a daemon whose database a newer spotter migrates works on, and says that it is to be replaced") {
    InFlight stage;
    Daemon daemon = stage.serve_by(stage.database.dsn());
    daemon.wait_until_ready();
    CHECK(!has(daemon.get("/readyz").body, "9999"));
    stage.app.run(
        "begin; alter table public.training_programs add column generation_new text not null default 'x';"
        "alter table spotter.worker add column news integer; alter table spotter.flight add column news text;"
        "create index on public.training_programs (generation_new);"
        "insert into spotter.migration (version, name) values (9999, 'from_the_future'); commit");
    daemon.wait_for_log("schema_newer");
    CHECK(comes_to_say(daemon, 200, "the schema is at version 9999"));
    stage.model.release();
    stage.check_that_nothing_is_lost(daemon);
}

TEST_CASE("where a trigger of the app's objects to a result the row fails with a message, and others go on") {
    InFlight stage;
    object(stage.app, fmt::format("new.generation_status = 'completed' and new.id = '{}'", stage.row));
    Daemon daemon = stage.serve_by(stage.database.dsn());
    stage.model.release();
    CHECK(stage.app.end_of(stage.row) == "failed");
    CHECK(stage.app.of(stage.row, "generation_error_code") == "write_refused");
    CHECK(has(daemon.log(), "the app objects"));
    stage.model.always(completion(stage.good));
    CHECK(stage.app.end_of(stage.app.ask(stage.app.add_user(), onboarding())) == "completed");

    stage.app.run("drop trigger app_objects on public.training_programs");
    CHECK(run({"retry", stage.row}, {{"SPOTTER_DATABASE_URL", stage.database.dsn()}}).code == 0);
    CHECK(stage.app.end_of(stage.row) == "completed");
    CHECK(stage.app.of(stage.row, "generation_metadata ->> 'source'") ==
          "cache");  // what was paid for is not lost
    CHECK(stage.model.requests() == 2);
    CHECK(daemon.stop() == 0);
}

TEST_CASE("a trigger that objects to every write keeps the row until it is mended, and no slot from others") {
    InFlight stage;
    Daemon daemon = stage.serve_by(stage.database.dsn(), "1");
    object(stage.app, fmt::format("new.id = '{}'", stage.row));
    stage.model.release();
    daemon.wait_for_log("row_stuck");
    stage.model.always(completion(stage.good));
    CHECK(stage.app.end_of(stage.app.ask(stage.app.add_user(), onboarding())) == "completed");
    CHECK(stage.app.of(stage.row, "generation_status") == "processing");
    stage.app.run("drop trigger app_objects on public.training_programs");
    CHECK(stage.app.end_of(stage.row) == "failed");
    CHECK(stage.app.of(stage.row, "generation_error_code") == "write_refused");
    CHECK(daemon.stop() == 0);
}

TEST_CASE(
    "a trigger that objects to one that waits fails that one alone; who leads is paid for and completed") {
    InFlight stage;
    Daemon daemon = stage.serve_by(stage.database.dsn());
    std::string bad = stage.app.ask(stage.ada, onboarding());
    std::string good = stage.app.ask(stage.ada, onboarding());
    for (const std::string& row : {bad, good}) stage.app.wait_until(row, "generation_waiting");
    object(stage.app, fmt::format("new.generation_status = 'completed' and new.id = '{}'", bad));
    stage.model.release();
    stage.model.always(completion(stage.good));
    CHECK(stage.app.end_of(stage.row) == "completed");
    CHECK(stage.app.end_of(good) == "completed");
    CHECK(stage.app.end_of(bad) == "failed");
    CHECK(stage.model.requests() == 1);
    CHECK(daemon.stop() == 0);
}

}  // namespace interference_test
