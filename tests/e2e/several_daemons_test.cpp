// Several daemons on one database.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <csignal>

#include "e2e/daemon.hpp"
#include "e2e/transitions.hpp"
#include "support/wait.hpp"

namespace several_daemons_test {

using namespace spotter;
using namespace spotter::test;

TEST_CASE("two daemons on one database settle every row once, with one call each") {
    constexpr int rows = 120;
    Stage stage;
    stage.model.always(completion(stage.app.good_answer_to(onboarding())));
    record_transitions(stage.app);
    Daemon one = stage.serve({{"SPOTTER_SLOTS", "8"}}), other = stage.serve({{"SPOTTER_SLOTS", "8"}});
    one.wait_until_ready();
    other.wait_until_ready();

    // In pieces, so that both are rung for each.
    for (int i = 0; i < 6; ++i) ask_for_many(stage.app, rows / 6);
    stage.app.wait_for(all_completed);
    CHECK(stage.model.requests() == rows);
    CHECK(stage.app.value(completions_that_are_not_one) == "0");
    CHECK(one.metric("spotter_rows_claimed_total") + other.metric("spotter_rows_claimed_total") == rows);
    CHECK(one.metric("spotter_rows_claimed_total") > 0);
    CHECK(other.metric("spotter_rows_claimed_total") > 0);
    CHECK(one.stop() == 0);
    CHECK(other.stop() == 0);
}

TEST_CASE("a daemon that stood still past its lease drops its late result; the other's counts, once") {
    Stage stage;
    record_transitions(stage.app);
    std::string row = stage.app.ask(stage.app.add_user(), onboarding());
    std::string good = stage.app.good_answer(row);
    stage.model.then(held(completion(good)));
    stage.model.always(completion(good));
    const Environment quick = {{"SPOTTER_QUEUE_BEAT", "200ms"}, {"SPOTTER_QUEUE_LEASE", "1s"}};

    Daemon still = stage.serve(quick);
    stage.model.wait_for_open(1);
    still.signal(SIGSTOP);
    Daemon other = stage.serve(quick);
    CHECK(stage.app.end_of(row) == "completed");
    std::string settled_by = stage.app.of(row, "generation_worker");
    std::string finished_at = stage.app.of(row, "generation_finished_at");

    stage.model.release();
    still.signal(SIGCONT);
    // Whichever it finds out first: that the lease is gone, or that its result is not wanted.
    auto dropped = [&] {
        return still.metric("spotter_writes_dropped_total") + still.metric("spotter_work_ended_total");
    };
    CHECK(eventually([&] { return dropped() == 1; }));
    CHECK(other.metric("spotter_rows_rescued_total") == 1);
    CHECK(stage.app.of(row, "generation_worker") == settled_by);
    CHECK(stage.app.of(row, "generation_finished_at") == finished_at);
    CHECK(stage.app.of(row, "generation_crashes") == "1");
    CHECK(stage.app.value(completions_that_are_not_one) == "0");
    CHECK(stage.model.requests() == 2);

    // It is a worker like any other again, and nobody takes the other's rows for it.
    std::string next = stage.app.ask(stage.app.add_user(), onboarding());
    CHECK(stage.app.end_of(next) == "completed");
    stage.app.wait_for("select count(*) = 2 from spotter.worker");
    CHECK(still.stop() == 0);
    CHECK(other.stop() == 0);
    CHECK(stage.app.value("select count(*) from spotter.worker") == "0");
}

TEST_CASE("who stood still itself takes no rows from others who stood still with it") {
    Stage stage;
    std::string row = stage.app.ask(stage.app.add_user(), onboarding());
    stage.model.always(held(completion(stage.app.good_answer(row))));
    const Environment quick = {{"SPOTTER_QUEUE_BEAT", "500ms"}, {"SPOTTER_QUEUE_LEASE", "3s"}};
    Daemon working = stage.serve(quick);
    stage.model.wait_for_open(1);
    Daemon idle = stage.serve(quick);
    idle.wait_until_ready();

    // As when a machine sleeps: all of them stop, and one wakes a moment before the other.
    working.signal(SIGSTOP);
    idle.signal(SIGSTOP);
    stage.app.wait_for("select bool_and(beat_at < now() - interval '3 seconds') from spotter.worker");
    idle.signal(SIGCONT);
    stage.app.wait_for("select bool_or(beat_at > now() - interval '1 second') from spotter.worker");
    auto taken = [&] { return stage.app.of(row, "generation_status") != "processing"; };
    CHECK(!eventually(taken, std::chrono::milliseconds(1500)));  // for half a lease
    working.signal(SIGCONT);
    stage.app.wait_for("select bool_and(beat_at > now() - interval '1 second') from spotter.worker");

    stage.model.release();
    CHECK(stage.app.end_of(row) == "completed");
    CHECK(stage.app.of(row, "generation_crashes") == "0");
    CHECK(stage.model.requests() == 1);
}

TEST_CASE("a row that keeps killing its worker is quarantined, and its owner can try once more") {
    Stage stage;
    std::string user = stage.app.add_user();
    std::string row = stage.app.ask(user, onboarding());
    std::string good = stage.app.good_answer(row);
    stage.model.always(silence());
    const Environment quick = {{"SPOTTER_QUEUE_BEAT", "200ms"},
                               {"SPOTTER_QUEUE_LEASE", "600ms"},
                               {"SPOTTER_QUEUE_POLL", "200ms"},
                               {"SPOTTER_QUEUE_MAX_CRASHES", "2"}};
    for (int crash = 1; crash <= 2; ++crash) {
        Daemon daemon = stage.serve(quick);
        stage.model.wait_for_requests(crash);
        daemon.signal(SIGKILL);
        CHECK(daemon.process().wait() == 128 + SIGKILL);
    }
    stage.model.always(completion(good));
    Daemon daemon = stage.serve(quick);
    REQUIRE(stage.app.end_of(row) == "failed");
    CHECK(stage.app.of(row, "generation_error_code") == "quarantined");
    CHECK(stage.app.of(row, "generation_error").find("interrupted 2 times") != std::string::npos);

    stage.app.retry(user, row);
    CHECK(stage.app.end_of(row) == "completed");
}

}  // namespace several_daemons_test
