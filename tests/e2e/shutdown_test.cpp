// How a daemon stops.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <csignal>

#include "e2e/daemon.hpp"
#include "support/wait.hpp"

namespace shutdown_test {

using namespace spotter;
using namespace spotter::test;
using namespace std::chrono_literals;

namespace {

/// A row whose answer is held, and one daemon that waits for it.
struct Busy {
    Stage stage;
    std::string user = stage.app.add_user();
    std::string row = stage.app.ask(user, onboarding());
    std::string good = stage.app.good_answer(row);

    Daemon serve(const Environment& more = {}) {
        stage.model.always(held(completion(good)));
        Daemon daemon = stage.serve(more);
        daemon.wait_until_ready();
        stage.model.wait_for_open(1);
        return daemon;
    }
    /// The row is back in the queue as if it had never been taken.
    void check_given_back() {
        CHECK(stage.app.of(row, "generation_status") == "pending");
        CHECK(stage.app.of(row, "generation_reason") == "worker_stopped");
        CHECK(stage.app.of(row, "generation_attempts") == "0");
        CHECK(stage.app.of(row, "generation_crashes") == "0");
        CHECK(stage.app.of(row, "generation_worker is null and generation_token is null") == "true");
        CHECK(stage.app.of(row, "generation_run_after <= now()") == "true");
        CHECK(stage.app.value("select count(*) from spotter.worker") == "0");
    }
};

}  // namespace

TEST_CASE("SIGTERM finishes the row under way, leaves new ones, says that it stops, and ends with 0") {
    Busy busy;
    Daemon daemon = busy.serve();
    daemon.signal(SIGTERM);
    daemon.wait_for_log("draining");
    CHECK(daemon.get("/readyz").status == 503);
    CHECK(daemon.get("/readyz").body.find("stopping") != std::string::npos);
    CHECK(daemon.get("/healthz").status == 200);
    std::string late = busy.stage.app.ask(busy.stage.app.add_user(), onboarding());

    busy.stage.model.release();
    CHECK(daemon.process().wait() == 0);
    CHECK(busy.stage.app.of(busy.row, "generation_status") == "completed");
    CHECK(busy.stage.app.of(late, "generation_status") == "pending");
    CHECK(busy.stage.app.of(late, "generation_attempts") == "0");
    CHECK(busy.stage.model.requests() == 1);
    CHECK(busy.stage.app.value("select count(*) from spotter.worker") == "0");
}

TEST_CASE("a second SIGTERM gives rows back at once and spends no attempt") {
    Busy busy;
    Daemon daemon = busy.serve();
    daemon.signal(SIGTERM);
    daemon.wait_for_log("draining");
    daemon.signal(SIGTERM);
    CHECK(daemon.process().wait() == 0);
    busy.check_given_back();

    // The next daemon takes it at once.
    busy.stage.model.always(completion(busy.good));
    Daemon next = busy.stage.serve();
    CHECK(busy.stage.app.end_of(busy.row) == "completed");
    CHECK(busy.stage.app.of(busy.row, "generation_attempts") == "1");
}

TEST_CASE("what is not done within the drain's time is given back as well") {
    Busy busy;
    Daemon daemon = busy.serve({{"SPOTTER_QUEUE_DRAIN", "300ms"}});
    daemon.signal(SIGTERM);
    CHECK(daemon.process().wait() == 0);
    busy.check_given_back();
}

TEST_CASE("a row that waits between two tries is given back, however long it has been asked for") {
    Busy busy;
    busy.stage.app.run(
        "update public.training_programs set generation_queued_at = now() - interval '2 days'");
    busy.stage.model.always(refusal(503, "", "busy", {{"Retry-After", "8"}}));
    Daemon daemon = busy.stage.serve();
    busy.stage.model.wait_for_requests(1);
    daemon.wait_for_log("call_failed");
    daemon.signal(SIGTERM);
    daemon.wait_for_log("draining");
    daemon.signal(SIGTERM);
    daemon.wait_for_log("giving_back");
    CHECK(daemon.process().wait() == 0);
    busy.check_given_back();
}

TEST_CASE("a claim that is under way when SIGTERM comes is seen through") {
    Stage stage;
    std::string row = stage.app.ask(stage.app.add_user(), onboarding());
    stage.model.always(completion(stage.app.good_answer(row)));
    AppDatabase other(stage.database.dsn());
    other.run("begin; lock table public.training_programs in access exclusive mode");
    Daemon daemon = stage.serve();
    stage.app.wait_for(
        "select exists (select from pg_stat_activity where wait_event_type = 'Lock' "
        "and datname = current_database() and application_name = 'spotter')");

    daemon.signal(SIGTERM);
    daemon.wait_for_log("signal");
    other.run("commit");
    CHECK(daemon.process().wait() == 0);
    CHECK(stage.app.of(row, "generation_status in ('pending', 'completed')") == "true");
    CHECK(stage.app.of(row, "generation_token is null") == "true");
    CHECK(stage.app.value("select count(*) from spotter.worker") == "0");
}

TEST_CASE("an idle daemon stops at once, and one that waits for its database too") {
    SUBCASE("idle") {
        Stage stage;
        Daemon daemon = stage.serve();
        daemon.wait_until_ready();
        daemon.signal(SIGTERM);
        CHECK(daemon.process().wait(5s) == 0);
    }
    SUBCASE("waiting") {
        Daemon daemon("host=/nonexistent dbname=nothing");
        daemon.wait_for_log("waiting_for_database");
        daemon.signal(SIGINT);
        CHECK(daemon.process().wait(5s) == 0);
    }
}

}  // namespace shutdown_test
