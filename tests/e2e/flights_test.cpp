// Identical work, over several daemons.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <csignal>

#include "e2e/daemon.hpp"
#include "e2e/transitions.hpp"
#include "support/wait.hpp"

namespace flights_test {

using namespace spotter;
using namespace spotter::test;

namespace {

/// So many rows of one user that ask for the same, in one statement.
void ask_for_the_same(AppDatabase& app, const std::string& user, int rows) {
    app.value(
        "insert into public.training_programs (user_id, onboarding_data_snapshot) "
        "select $1::uuid, $2::jsonb from generate_series(1, $3::int)",
        user, onboarding(), rows);
}

const Environment quick = {{"SPOTTER_QUEUE_BEAT", "200ms"}, {"SPOTTER_QUEUE_LEASE", "1s"}};

}  // namespace

TEST_CASE("a thousand identical rows cost one call, over three daemons") {
    constexpr int rows = 1000;
    Stage stage;
    record_transitions(stage.app);
    std::string user = stage.app.add_user();
    stage.model.always(held(completion(stage.app.good_answer_to(onboarding()))));
    Daemon one = stage.serve(), two = stage.serve(), three = stage.serve();
    for (Daemon* daemon : {&one, &two, &three}) daemon->wait_until_ready();

    ask_for_the_same(stage.app, user, rows);
    stage.model.wait_for_open(1);
    stage.app.wait_for(
        "select count(*) = 999 from public.training_programs where generation_waiting "
        "and generation_reason = 'same_in_flight'");
    stage.model.release();
    stage.app.wait_for(all_completed);
    CHECK(stage.model.requests() == 1);
    CHECK(stage.app.value(completions_that_are_not_one) == "0");
    CHECK(stage.app.value("select count(distinct program_details) from public.training_programs") == "1");
    CHECK(stage.app.value("select count(*) from spotter.flight") == "0");
}

TEST_CASE("when the daemon of a flight's leader is killed another leads it, and nobody who waits is lost") {
    Stage stage;
    std::string user = stage.app.add_user();
    stage.model.then(held(completion("{}")));
    stage.model.always(completion(stage.app.good_answer_to(onboarding())));
    Daemon first = stage.serve(quick);
    first.wait_until_ready();
    ask_for_the_same(stage.app, user, 20);
    stage.model.wait_for_open(1);
    stage.app.wait_for("select count(*) = 19 from public.training_programs where generation_waiting");
    first.signal(SIGKILL);

    Daemon second = stage.serve(quick);
    stage.app.wait_for(all_completed);
    CHECK(stage.model.requests() == 2);
    CHECK(stage.app.value("select sum(generation_crashes) from public.training_programs") == "1");
}

TEST_CASE("a flight whose leader fails is led by the next, one call after the other, and fails nobody else") {
    Stage stage;
    std::string user = stage.app.add_user();
    std::string good = stage.app.good_answer_to(onboarding());
    stage.model.then(held(completion(good)));
    stage.model.always(completion(good));
    Daemon daemon = stage.serve();
    daemon.wait_until_ready();
    ask_for_the_same(stage.app, user, 10);
    stage.model.wait_for_open(1);
    stage.app.wait_for("select count(*) = 9 from public.training_programs where generation_waiting");
    stage.app.run(
        "update public.training_programs set generation_status = 'failed' "
        "where generation_status = 'processing'");
    stage.app.wait_for(
        "select count(*) = 9 from public.training_programs where generation_status = 'completed'");
    CHECK(stage.model.requests() == 2);
    CHECK(stage.app.value("select count(*) from public.training_programs "
                          "where generation_error_code = 'cancelled'") == "1");
}

TEST_CASE("another user's first row is not kept waiting by ten thousand of one user") {
    Stage stage;
    stage.model.always(held(completion(stage.app.good_answer_to(onboarding()))));
    std::string heavy = stage.app.add_user(), light = stage.app.add_user();
    stage.app.value(
        "insert into public.training_programs (user_id, onboarding_data_snapshot) "
        "select $1::uuid, $2::jsonb || jsonb_build_object('n', n) from generate_series(1, 10000) n",
        heavy, onboarding());
    Daemon daemon = stage.serve({{"SPOTTER_SLOTS", "4"}});
    stage.model.wait_for_open(4);
    std::string row = stage.app.ask(light, onboarding());
    stage.model.release();  // four slots are free, and the light user's row has the first of them
    stage.app.wait_until(row, "generation_status = 'processing'");
    int before = std::stoi(stage.app.value(
        "select count(*) from public.training_programs where user_id = $1::uuid and generation_started_at < "
        "(select generation_started_at from public.training_programs where id = $2::uuid)",
        heavy, row));
    CHECK(before >= 4);
    CHECK(before <= 8);  // those that were under way, and no more than a claim of other slots
    daemon.signal(SIGKILL);
}

}  // namespace flights_test
