#include <doctest/doctest.h>
#include <fmt/format.h>

#include "db/failure.hpp"
#include "integration/queue/operated.hpp"
#include "queue/inspect.hpp"
#include "support/queue.hpp"
#include "support/run.hpp"
#include "support/sql.hpp"

// What operators do with rows: retry, cancel, pause, resume.

namespace commands_test {

using namespace spotter::test;
namespace queue = spotter::queue;
using queue::Retried;

namespace {

constexpr std::string_view onboarding = R"({"primaryGoal": "General"})";
const std::string nobody = "00000000-0000-0000-0000-000000000000";

}  // namespace

TEST_CASE("a cancelled row is failed, says why to its owner, and holds no lease") {
    Operated here;
    std::string id = insert_program(here.db, here.ada);
    std::string reason;
    SUBCASE("pending, with a reason") {
        reason = "prices go up";
    }
    SUBCASE("pending, without one") {}
    SUBCASE("processing") {
        reason = "prices go up";
        here.daemon.claim_one();
    }
    SUBCASE("put off") {
        here.daemon.settle(deferral(here.daemon.claim_one(), 100));
    }
    queue::cancel(here.session, id, reason);
    CHECK(here.status(id) == "failed");
    CHECK(here.of(id, "generation_error_code") == "cancelled");
    CHECK(here.of(id, "generation_error") ==
          (reason.empty() ? "The generation was cancelled before it was done." : "Cancelled: prices go up"));
    CHECK(
        here.of(id, "num_nulls(generation_worker, generation_token, generation_stage, generation_reason)") ==
        "4");
    CHECK(here.of(id, "generation_finished_at is not null and not generation_waiting") == "true");
    CHECK(here.daemon.claim().rows.empty());
}

TEST_CASE("a late result of a cancelled row is dropped, and nothing of it is cached") {
    Operated here;
    std::string id = insert_program(here.db, here.ada);
    auto row = here.daemon.claim_one();
    queue::cancel(here.session, id, "");
    CHECK(!here.daemon.settle(completion(row)));
    CHECK(here.status(id) == "failed");
    CHECK(here.of(id, "program_details") == "{}");
    CHECK(value(here.db, "select count(*) from public.ai_coach_cache") == "0");
    CHECK(value(here.db, "select count(*) from spotter.flight") == "0");
}

TEST_CASE("a finished row cannot be cancelled, and stays as it is") {
    Operated here;
    std::string id = insert_program(here.db, here.ada);
    std::string status;
    SUBCASE("completed") {
        here.daemon.settle(completion(here.daemon.claim_one()));
        status = "completed";
    }
    SUBCASE("failed") {
        here.daemon.settle(failing(here.daemon.claim_one()));
        status = "failed";
    }
    auto before = here.of(id, "to_jsonb(training_programs)");
    Said said = refusal_of([&] { queue::cancel(here.session, id, "late"); });
    CHECK(said.sqlstate == "55000");
    CHECK(has(said.message, "the row is " + status + " already"));
    CHECK(has(said.message, "HINT"));
    CHECK(here.of(id, "to_jsonb(training_programs)") == before);
}

TEST_CASE("a row that does not exist can be neither cancelled nor tried again") {
    Operated here;
    CHECK(refusal_of([&] { queue::cancel(here.session, nobody, ""); }).sqlstate == "P0002");
    CHECK(refusal_of([&] { queue::retry(here.session, nobody); }).sqlstate == "P0002");
}

TEST_CASE("a leader that is cancelled hands over to the row that has waited longest") {
    Operated here;
    std::string first = insert_program(here.db, here.ada, onboarding);
    auto led = here.daemon.claim_one();
    std::string second = insert_program(here.db, here.ada, onboarding);
    std::string third = insert_program(here.db, here.ada, onboarding);
    here.daemon.claim();
    REQUIRE(here.of(third, "generation_waiting") == "true");

    queue::cancel(here.session, first, "");
    CHECK(here.of(second, "generation_waiting") == "false");
    CHECK(here.of(third, "generation_waiting") == "true");
    auto next = here.daemon.claim_one();
    CHECK(next.lease.id == second);
    CHECK(here.daemon.settle(completion(next)));
    CHECK(here.status(third) == "completed");
    CHECK(here.status(first) == "failed");
}

TEST_CASE("a row that waits for another is cancelled alone") {
    Operated here;
    std::string first = insert_program(here.db, here.ada, onboarding);
    std::string second = insert_program(here.db, here.ada, onboarding);
    auto led = here.daemon.claim_one();
    queue::cancel(here.session, second, "");
    CHECK(here.daemon.settle(completion(led)));
    CHECK(here.status(first) == "completed");
    CHECK(here.status(second) == "failed");
}

TEST_CASE("a failed row that is tried again has nothing left of its last attempts") {
    Operated here;
    std::string id = insert_program(here.db, here.ada);
    here.daemon.settle(failing(here.daemon.claim_one()));
    CHECK(queue::retry(here.session, id) == Retried::queued);
    CHECK(here.status(id) == "pending");
    CHECK(here.of(id, "generation_retries") == "1");
    CHECK(here.of(id, "generation_attempts + generation_calls + generation_crashes") == "0");
    CHECK(here.of(id, "num_nulls(generation_error, generation_error_code, generation_finished_at)") == "3");
    CHECK(here.daemon.claim_one().lease.id == id);
}

TEST_CASE("a row that was put off is claimed at once when it is tried again") {
    Operated here;
    std::string id = insert_program(here.db, here.ada);
    here.daemon.settle(deferral(here.daemon.claim_one(), 1000));
    CHECK(here.daemon.claim().rows.empty());
    CHECK(queue::retry(here.session, id) == Retried::hurried);
    CHECK(here.of(id, "generation_retries") == "0");
    CHECK(here.daemon.claim_one().lease.id == id);
}

TEST_CASE("a row that waits for one that was put off hurries that one") {
    Operated here;
    std::string first = insert_program(here.db, here.ada, onboarding);
    std::string second = insert_program(here.db, here.ada, onboarding);
    auto led = here.daemon.claim_one();
    CHECK(queue::retry(here.session, second) == Retried::waiting);
    here.daemon.settle(deferral(led, 1000));
    CHECK(queue::retry(here.session, second) == Retried::hurried);
    CHECK(here.daemon.claim_one().lease.id == first);
}

TEST_CASE("a row whose turn it is already is left alone by a retry") {
    Operated here;
    std::string id = insert_program(here.db, here.ada);
    auto before = here.of(id, "to_jsonb(training_programs)");
    CHECK(queue::retry(here.session, id) == Retried::waiting);
    CHECK(here.of(id, "to_jsonb(training_programs)") == before);
}

TEST_CASE("what is running, completed or full already is not tried again, and the hint says what to do") {
    Operated here;
    std::string id = insert_program(here.db, here.ada);
    std::string hint;
    SUBCASE("running") {
        here.daemon.claim_one();
        hint = "Cancel it first";
    }
    SUBCASE("completed") {
        here.daemon.settle(completion(here.daemon.claim_one()));
        hint = "Insert another row";
    }
    SUBCASE("holding content of somebody's own") {
        sql(here.db, R"(update public.training_programs set program_details = '{"programName": "Mine"}')");
        hint = "Set its program_details to {}";
    }
    auto before = here.of(id, "to_jsonb(training_programs)");
    Said said = refusal_of([&] { queue::retry(here.session, id); });
    CHECK(said.sqlstate == "55000");
    CHECK(has(said.message, hint));
    CHECK(here.of(id, "to_jsonb(training_programs)") == before);
}

TEST_CASE("while a kind or everything is paused nothing is claimed, and all of it afterwards") {
    Operated here;
    insert_program(here.db, here.ada);
    insert_program(here.db, here.ada);
    std::string kind;
    SUBCASE("a kind") {
        kind = "training_program";
    }
    SUBCASE("everything") {
        kind = "*";
    }
    CHECK(queue::pause(here.session, kind, "prices go up"));
    CHECK(here.daemon.claim().looked_at == 0);
    CHECK(here.daemon.claim_one_by_one().rows.empty());
    CHECK(queue::resume(here.session, kind));
    CHECK(here.daemon.claim().rows.size() == 2);
}

TEST_CASE("a pause keeps its beginning; a newer reason replaces the old one, none leaves it") {
    Operated here;
    CHECK(queue::pause(here.session, "*", "prices go up"));
    std::string since = value(here.db, "select since from spotter.pause");
    CHECK(!queue::pause(here.session, "*", ""));
    CHECK(value(here.db, "select reason from spotter.pause") == "prices go up");
    CHECK(!queue::pause(here.session, "*", "the provider moves"));
    CHECK(value(here.db, "select reason from spotter.pause") == "the provider moves");
    CHECK(value(here.db, "select since from spotter.pause") == since);
    CHECK(value(here.db, "select by from spotter.pause").starts_with("login_spotter_worker"));
}

TEST_CASE("resume ends one pause by its kind, and all of them without") {
    Operated here;
    queue::pause(here.session, "*", "");
    queue::pause(here.session, "training_program", "");
    CHECK(queue::resume(here.session, "training_program"));
    CHECK(value(here.db, "select string_agg(kind, ' ') from spotter.pause") == "*");
    CHECK(!queue::resume(here.session, "training_program"));
    queue::pause(here.session, "training_program", "");
    CHECK(queue::resume(here.session, "*"));
    CHECK(value(here.db, "select count(*) from spotter.pause") == "0");
    CHECK(!queue::resume(here.session, "*"));
    CHECK(queue::pauses(here.session) == "[]");
}

TEST_CASE("a kind that there is not can be neither paused nor resumed, and the hint lists those there are") {
    Operated here;
    for (auto* command : {+[](Operated& on, const std::string& kind) { queue::pause(on.session, kind, ""); },
                          +[](Operated& on, const std::string& kind) { queue::resume(on.session, kind); }})
        for (const char* kind : {"training_programs", "", "all"}) {
            CAPTURE(kind);
            Said said = refusal_of([&] { command(here, kind); });
            CHECK(said.sqlstate == "22023");
            CHECK(has(said.message, "There are: "));
            CHECK(has(said.message, "training_program"));
        }
    CHECK(value(here.db, "select count(*) from spotter.pause") == "0");
}

}  // namespace commands_test
