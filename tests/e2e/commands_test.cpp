// What people do to rows while a daemon works on them: cancel, delete, try again, pause, resume.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/json.hpp"
#include "e2e/command.hpp"
#include "e2e/daemon.hpp"
#include "support/wait.hpp"

namespace commands_test {

using namespace spotter;
using namespace spotter::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* no_such_row = "00000000-0000-4000-8000-000000000000";

struct Operated : Stage {
    const Environment here = {{"SPOTTER_DATABASE_URL", database.dsn()}};
    std::string ada = app.add_user();

    Ended command(std::vector<std::string> arguments) const { return run(std::move(arguments), here); }
    std::string status(const std::string& row) { return app.of(row, "generation_status"); }
    void cancel_as_owner(const std::string& row) {
        app.value_as(ada, "update public.training_programs set generation_status = 'failed' where id = $1",
                     row);
    }
};

/// Runs `act` and tells how long the model's connections took to be closed after it.
template <class Act>
std::chrono::milliseconds until_hung_up(const ScriptedModel& model, Act act) {
    act();
    auto began = std::chrono::steady_clock::now();
    model.wait_for_open(0);
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
}

}  // namespace

TEST_CASE("a running call is dropped within two seconds when its row is cancelled or deleted") {
    Operated on;
    std::string row = on.app.ask(on.ada, onboarding());
    std::string good = on.app.good_answer(row);
    on.model.then(silence());
    Daemon daemon = on.serve();
    on.model.wait_for_open(1);
    std::chrono::milliseconds took{0};
    bool gone = true;
    SUBCASE("by an operator") {
        took = until_hung_up(on.model,
                             [&] { CHECK(on.command({"cancel", row, "--why", "a mistake"}).code == 0); });
        CHECK(on.app.of(row, "generation_error") == "Cancelled: a mistake");
        gone = false;
    }
    SUBCASE("by its owner") {
        took = until_hung_up(on.model, [&] { on.cancel_as_owner(row); });
        CHECK(on.app.of(row, "generation_error_code") == "cancelled");
        gone = false;
    }
    SUBCASE("deleted by its owner") {
        took = until_hung_up(on.model, [&] {
            on.app.value_as(on.ada, "delete from public.training_programs where id = $1", row);
        });
    }
    SUBCASE("gone with its user") {
        took = until_hung_up(on.model, [&] { on.app.value("delete from auth.users where id = $1", on.ada); });
    }
    CHECK(took < 2s);
    daemon.wait_for_log("work_ended");
    CHECK(on.app.value("select count(*) from public.training_programs") == (gone ? "0" : "1"));
    CHECK(on.app.value("select count(*) from spotter.flight") == "0");
    CHECK(on.app.value("select count(*) from public.ai_coach_cache") == "0");

    // The slot is free again, and the daemon works on.
    on.model.always(completion(good));
    CHECK(on.app.end_of(on.app.ask(on.app.add_user(), onboarding())) == "completed");
    CHECK(daemon.metric("spotter_slots_in_use") == 0);
    CHECK(on.model.requests() == 2);
    CHECK(daemon.stop() == 0);
}

TEST_CASE("an answer that comes for a row whose user is gone is thrown away, and nothing of it is kept") {
    Operated on;
    std::string row = on.app.ask(on.ada, onboarding());
    on.model.always(held(completion(on.app.good_answer(row))));
    Daemon daemon = on.serve();
    on.model.wait_for_open(1);
    {
        // In one moment: the answer is on its way before anybody can hear of the deletion.
        pqxx::connection connection(on.database.dsn());
        pqxx::work deleting(connection);
        deleting.exec_params0("delete from auth.users where id = $1", on.ada);
        on.model.release();
        deleting.commit();
    }
    CHECK(eventually([&] { return has(daemon.log(), "settle_dropped") || has(daemon.log(), "work_ended"); }));
    CHECK(on.app.value("select count(*) from public.training_programs") == "0");
    CHECK(on.app.value("select count(*) from public.ai_coach_cache") == "0");
    CHECK(on.app.value("select count(*) from spotter.flight") == "0");
    CHECK(eventually([&] { return daemon.metric("spotter_slots_in_use") == 0; }));
    CHECK(daemon.get("/readyz").status == 200);
    CHECK(daemon.stop() == 0);
}

TEST_CASE("when a leader is cancelled or deleted, one that waited for it takes its place") {
    Operated on;
    std::string first = on.app.ask(on.ada, onboarding());
    on.model.then(silence());
    on.model.always(completion(on.app.good_answer(first)));
    Daemon daemon = on.serve();
    on.model.wait_for_open(1);
    std::string second = on.app.ask(on.ada, onboarding());
    std::string third = on.app.ask(on.ada, onboarding());
    for (const std::string& row : {second, third}) on.app.wait_until(row, "generation_waiting");
    Ended explained = on.command({"explain", third});
    CHECK(has(explained.out, "same_in_flight"));
    CHECK(has(explained.out, "waits for    row " + first));

    SUBCASE("cancelled") {
        on.cancel_as_owner(first);
        CHECK(on.status(first) == "failed");
    }
    SUBCASE("deleted") {
        on.app.value_as(on.ada, "delete from public.training_programs where id = $1", first);
    }
    CHECK(on.app.end_of(second) == "completed");
    CHECK(on.app.end_of(third) == "completed");
    CHECK(on.model.requests() == 2);
    CHECK(daemon.stop() == 0);
}

TEST_CASE("a pause holds up what is new, is told of everywhere, and ends with resume") {
    Operated on;
    std::string running = on.app.ask(on.ada, onboarding());
    std::string good = on.app.good_answer(running);
    on.model.then(held(completion(good)));
    on.model.always(completion(good));
    Daemon daemon = on.serve({{"SPOTTER_QUEUE_BEAT", "200ms"}, {"SPOTTER_QUEUE_POLL", "200ms"}});
    on.model.wait_for_open(1);

    Ended paused = on.command({"pause", "training_program", "--why", "prices go up"});
    CHECK(paused.code == 0);
    CHECK(has(paused.out, "PAUSED       training_program"));
    CHECK(has(paused.out, "spotter resume training_program"));
    std::string waits = on.app.ask(on.app.add_user(), onboarding());
    daemon.wait_for_log("prices go up");
    CHECK(eventually([&] { return has(daemon.get("/readyz").body, "paused: training_program for"); }));
    CHECK(daemon.get("/readyz").status == 200);
    CHECK(daemon.metric("spotter_paused") == 1);
    CHECK(has(on.command({"status"}).out, "PAUSED       training_program"));
    Ended explained = on.command({"explain", waits});
    CHECK(has(explained.out, "why          paused"));
    CHECK(has(explained.out, "prices go up"));
    CHECK(has(explained.out, "spotter resume"));

    // What is running is finished, and after many a look the new one still waits.
    on.model.release();
    CHECK(on.app.end_of(running) == "completed");
    double looks = daemon.metric("spotter_claim_duration_seconds_count");
    CHECK(eventually([&] { return daemon.metric("spotter_claim_duration_seconds_count") > looks + 5; }));
    CHECK(on.status(waits) == "pending");
    CHECK(on.model.requests() == 1);

    Ended resumed = on.command({"resume"});
    CHECK(resumed.code == 0);
    CHECK(resumed.out == "Resumed.\n");
    CHECK(on.app.end_of(waits) == "completed");
    CHECK(eventually([&] { return daemon.metric("spotter_paused") == 0; }));
    CHECK(eventually([&] { return !has(daemon.get("/readyz").body, "paused"); }));
    daemon.wait_for_log("info resumed");
    CHECK(daemon.stop() == 0);
}

TEST_CASE("a row that was put off, and one that failed, are answered at once when they are tried again") {
    Operated on;
    std::string row = on.app.ask(on.ada, onboarding());
    std::string good = on.app.good_answer(row);
    std::string end;
    SUBCASE("put off") {
        on.model.then(refusal(429, "insufficient_quota", "no money"));
        end = "generation_reason = 'quota'";
    }
    SUBCASE("failed") {
        on.model.then(refusal(400, "invalid_request_error", "no"));
        end = "generation_status = 'failed'";
    }
    on.model.always(completion(good));
    // A poll would come too late: the retry itself must ring.
    Daemon daemon = on.serve({{"SPOTTER_QUEUE_POLL", "60s"}});
    on.app.wait_until(row, end);
    bool failed = on.status(row) == "failed";
    auto did = json::parse(on.command({"retry", row, "--json"}).out).value();
    CHECK(json::text(did, "did") == (failed ? "queued" : "hurried"));
    CHECK(json::text(did, "id") == row);
    CHECK(eventually([&] { return on.status(row) == "completed"; }, 10s));
    CHECK(daemon.stop() == 0);
}

TEST_CASE("a command that a row's state does not allow says so, and what to do, and exits with 1") {
    Operated on;
    std::string row = on.app.ask(on.ada, onboarding());
    on.model.always(held(completion(on.app.good_answer(row))));
    Daemon daemon = on.serve();
    on.model.wait_for_open(1);
    Ended running = on.command({"retry", row});
    CHECK(running.code == 1);
    CHECK(running.out.empty());
    CHECK(has(running.err, "being worked on"));
    CHECK(has(running.err, "Cancel it first"));

    on.model.release();
    REQUIRE(on.app.end_of(row) == "completed");
    Ended late = on.command({"cancel", row, "--json"});
    CHECK(late.code == 1);
    CHECK(late.out.empty());
    CHECK(has(late.err, "the row is completed already: there is nothing to cancel"));
    CHECK(has(late.err, "delete the row"));
    CHECK(on.command({"retry", row}).code == 1);
    CHECK(on.status(row) == "completed");
}

TEST_CASE("commands name what they do not know: rows with 5, ids and kinds with 2") {
    Operated on;
    for (const char* command : {"retry", "cancel", "explain", "status"}) {
        CAPTURE(command);
        Ended unknown = on.command({command, no_such_row});
        CHECK(unknown.code == 5);
        CHECK(has(unknown.err, no_such_row));
        Ended wrong = on.command({command, "ana"});
        CHECK(wrong.code == 2);
        CHECK(has(wrong.err, "\"ana\" is no row's id"));
    }
    for (const char* command : {"pause", "resume"}) {
        CAPTURE(command);
        Ended wrong = on.command({command, "programs"});
        CHECK(wrong.code == 2);
        CHECK(has(wrong.err, "there is no kind \"programs\""));
        CHECK(has(wrong.err, "training_program"));
    }
    CHECK(on.app.value("select count(*) from spotter.pause") == "0");
}

TEST_CASE("pause and resume tell scripts what they changed and what is paused now") {
    Operated on;
    auto paused = json::parse(on.command({"pause", "--why", "say \"when\"", "--json"}).out).value();
    CHECK(json::boolean(paused, "changed") == true);
    const auto& first = (*json::find(paused, "paused"))[0];
    CHECK(json::text(first, "kind") == "*");
    CHECK(json::text(first, "reason") == "say \"when\"");
    CHECK(json::boolean(json::parse(on.command({"pause", "--json"}).out).value(), "changed") == false);

    Ended other = on.command({"resume", "training_program"});
    CHECK(other.code == 0);
    CHECK(has(other.out, "training_program was not paused.\nPAUSED       everything"));
    auto resumed = json::parse(on.command({"resume", "--json"}).out).value();
    CHECK(json::boolean(resumed, "changed") == true);
    CHECK(json::find(resumed, "paused")->Empty());
    CHECK(on.command({"resume"}).out == "Nothing was paused.\n");
}

TEST_CASE("a login that may not give orders is told what it lacks") {
    Operated on;
    std::string row = on.app.ask(on.ada, onboarding());
    on.app.run(fmt::format("create role stranger_{} login", on.database.name()));
    const Environment as_stranger = {
        {"SPOTTER_DATABASE_URL", on.database.dsn() + "&user=stranger_" + on.database.name()}};
    for (std::vector<std::string> command :
         {std::vector<std::string>{"cancel", row}, {"retry", row}, {"pause"}, {"explain", row}}) {
        CAPTURE(command.front());
        Ended refused = run(command, as_stranger);
        CHECK(refused.code == 1);
        CHECK(has(refused.err, "permission denied"));
        CHECK(has(refused.err, "grant spotter_worker"));
    }
    CHECK(on.status(row) == "pending");
}

}  // namespace commands_test
