#include <doctest/doctest.h>
#include <fmt/format.h>

#include "llm/provider.hpp"
#include "pipeline/answer.hpp"
#include "pipeline/outcome.hpp"
#include "pipeline/settler.hpp"
#include "queue/inspect.hpp"
#include "support/queue.hpp"
#include "support/run.hpp"
#include "support/sql.hpp"
#include "work/kind.hpp"

// The view public.generation_reasons: why a row is not done, and what would change that.

namespace reasons_test {

using namespace spotter::test;
namespace llm = spotter::llm;
namespace pipeline = spotter::pipeline;
namespace queue = spotter::queue;

namespace {

constexpr std::string_view onboarding = R"({"primaryGoal": "General"})";

struct Asked {
    Database db = fresh_database();
    Daemon daemon{db};
    std::string ada = new_user(db);
    std::string id = insert_program(db, ada, onboarding);

    /// An expression over the view's columns, for a row.
    std::string of(const std::string& row, std::string_view expression) const {
        return value(db, fmt::format("select ({})::text from public.generation_reasons where id = '{}'",
                                     expression, row));
    }
    std::string of(std::string_view expression) const { return of(id, expression); }
    std::string reason() const { return of("reason"); }
    void set(const std::string& change) const { sql(db, "update public.training_programs set " + change); }
};

/// Whether the code has a sentence of its own, and says what to do.
bool is_explained(const Database& db, std::string_view code) {
    return value(db, fmt::format("select count(*) from spotter.reason where code = {} and meaning like '%.' "
                                 "and what_to_do like '%_'",
                                 literal(code))) == "1";
}

}  // namespace

TEST_CASE("a row that nothing keeps is in the queue, with its place and its expected time") {
    Asked asked;
    std::string second = insert_program(asked.db, asked.ada);
    std::string third = insert_program(asked.db, asked.ada);
    CHECK(asked.reason() == "in_queue");
    CHECK(asked.of("ahead") == "0");
    CHECK(asked.of(third, "ahead") == "2");
    CHECK(asked.of(third, "expected_seconds") == "");
    CHECK(asked.of("workers") == "1");
    CHECK(asked.of("kind || ' ' || status || ' ' || priority || ' ' || attempts") ==
          "training_program pending 5 0");

    sql(asked.db, "update spotter.worker set rate = 0.5");
    CHECK(asked.of(third, "expected_seconds") == "4.0");
    sql(asked.db,
        fmt::format("update public.training_programs set generation_priority = 1 where id = '{}'", third));
    CHECK(asked.of(third, "ahead") == "0");
    CHECK(asked.of(second, "ahead") == "2");
}

TEST_CASE("while no daemon has been heard of for a minute, that is why") {
    Asked asked;
    SUBCASE("none is there") {
        asked.daemon.retire();
    }
    SUBCASE("it fell silent") {
        silence(asked.db, asked.daemon);
    }
    CHECK(asked.reason() == "no_worker");
    CHECK(asked.of("what_to_do").find("spotter serve") != std::string::npos);
    CHECK(asked.of("workers") == "0");
    CHECK(asked.of("ahead") == "0");
}

TEST_CASE("a row whose user has as many running as they may waits for one of these") {
    Asked asked;
    sql(asked.db, "update spotter.worker set user_slots = 2");
    asked.daemon.claim_one();
    std::string next = insert_program(asked.db, asked.ada);
    CHECK(asked.of(next, "reason") == "in_queue");
    REQUIRE(asked.daemon.claim().rows.size() == 1);
    std::string last = insert_program(asked.db, asked.ada);
    CHECK(asked.of(last, "reason") == "user_limit");
    std::string bobs = insert_program(asked.db, new_user(asked.db));
    CHECK(asked.of(bobs, "reason") == "in_queue");

    // A daemon without a limit takes it.
    Daemon generous(asked.db);
    CHECK(asked.of(last, "reason") == "in_queue");
}

TEST_CASE("a row for later is scheduled, and says for when") {
    Asked asked;
    asked.set("generation_run_after = now() + interval '1 hour'");
    CHECK(asked.reason() == "scheduled");
    CHECK(asked.of("starts_in_seconds between 3590 and 3600") == "true");
    CHECK(asked.of("ahead") == "");
    asked.set("generation_run_after = '1970-01-01'");
    CHECK(asked.reason() == "in_queue");
}

TEST_CASE("a row that was put off says for what, and is in the queue when its time has come") {
    Asked asked;
    auto settlement = deferral(asked.daemon.claim_one(), 100);
    settlement.reason = "quota";
    asked.daemon.settle(settlement);
    CHECK(asked.reason() == "quota");
    CHECK(asked.of("meaning").find("no money") != std::string::npos);
    CHECK(asked.of("starts_in_seconds between 50 and 100") == "true");
    CHECK(asked.of("attempts") == "0");
    asked.set("generation_run_after = now()");
    CHECK(asked.reason() == "in_queue");
}

TEST_CASE("a row that waits for another names it, and what that one waits for") {
    Asked asked;
    std::string waiter = insert_program(asked.db, asked.ada, onboarding);
    auto led = asked.daemon.claim_one();
    CHECK(asked.of(waiter, "reason") == "same_in_flight");
    CHECK(asked.of(waiter, "leader") == asked.id);
    CHECK(asked.of(waiter, "leads_reason") == "");
    CHECK(asked.of(waiter, "ahead") == "");

    auto settlement = deferral(led, 100);
    settlement.reason = "overloaded";
    asked.daemon.settle(settlement);
    CHECK(asked.of(waiter, "reason") == "same_in_flight");
    CHECK(asked.of(waiter, "leads_reason") == "overloaded");
    CHECK(asked.of(waiter, "leads_run_after > now()") == "true");
}

TEST_CASE("a pause says since when and why, whether of the kind or of everything") {
    Asked asked;
    spotter::db::Session session({.dsn = asked.db.dsn()});
    queue::pause(session, "training_program", "prices go up");
    CHECK(asked.reason() == "paused");
    CHECK(asked.of("paused_because") == "prices go up");
    CHECK(asked.of("paused_since <= now()") == "true");
    CHECK(asked.of("what_to_do").find("spotter resume") != std::string::npos);
    queue::resume(session, "*");
    CHECK(asked.reason() == "in_queue");
    queue::pause(session, "*", "");
    CHECK(asked.reason() == "paused");

    // What is being worked on is not held up.
    queue::resume(session, "*");
    asked.daemon.claim_one();
    queue::pause(session, "*", "");
    CHECK(asked.reason() == "working");
}

TEST_CASE("a row that holds content says that it is not overwritten, until its owner asks for that") {
    Asked asked;
    asked.set(R"(program_details = '{"programName": "Mine"}')");
    CHECK(asked.reason() == "holds_content");
    CHECK(asked.of("ahead") == "");
    asked.set("generation_status = 'completed'");
    asked.set("generation_status = 'pending'");
    CHECK(asked.reason() == "in_queue");
}

TEST_CASE("a row in work shows its stage; one whose daemon fell silent says so") {
    Asked asked;
    asked.daemon.claim_one();
    CHECK(asked.reason() == "working");
    CHECK(asked.of("stage || ' ' || progress") == "generating 10");
    CHECK(asked.of("worked_seconds >= 0") == "true");
    silence(asked.db, asked.daemon);
    CHECK(asked.reason() == "worker_silent");
    // A function of the app's own has no daemon that could be silent.
    asked.set("generation_worker = null");
    CHECK(asked.reason() == "working");
}

TEST_CASE("a rescued row was lost by its worker; one that is interrupted too often is quarantined") {
    Asked asked;
    Daemon other(asked.db);
    asked.daemon.claim_one();
    silence(asked.db, asked.daemon);
    SUBCASE("rescued") {
        REQUIRE(other.rescue(0, 3).size() == 1);
        asked.set("generation_run_after = now() + interval '1 minute'");
        CHECK(asked.reason() == "worker_lost");
        CHECK(asked.of("crashes") == "1");
    }
    SUBCASE("quarantined") {
        REQUIRE(other.rescue(0, 1).size() == 1);
        CHECK(asked.reason() == "quarantined");
        CHECK(asked.of("what_to_do").find("pending") != std::string::npos);
    }
}

TEST_CASE("a completed row is done, with how long it took") {
    Asked asked;
    asked.daemon.settle(completion(asked.daemon.claim_one()));
    CHECK(asked.reason() == "done");
    CHECK(asked.of("waited_seconds >= worked_seconds and worked_seconds >= 0") == "true");
    CHECK(asked.of("num_nulls(ahead, starts_in_seconds, paused_since, workers, leader)") == "5");
}

TEST_CASE("a failed row says by what, and one that nobody gave a code says at least that") {
    Asked asked;
    SUBCASE("by the daemon") {
        asked.daemon.settle(failing(asked.daemon.claim_one()));
        CHECK(asked.reason() == "invalid_input");
        CHECK(asked.of("error") == "The onboarding has no goal.");
    }
    SUBCASE("cancelled") {
        asked.set("generation_status = 'failed'");
        CHECK(asked.reason() == "cancelled");
    }
    SUBCASE("without a code, as a row of the app's own past") {
        sql(asked.db,
            "set session_replication_role = replica; update public.training_programs "
            "set generation_status = 'failed'");
        CHECK(asked.reason() == "failed");
    }
    CHECK(asked.of("what_to_do").find("generation_status to pending") != std::string::npos);
}

TEST_CASE("a status of the app's own is nobody's to work on, and said to be so") {
    Asked asked;
    sql(asked.db, "alter table public.training_programs drop constraint spotter_status");
    asked.set("generation_status = 'draft'");
    CHECK(asked.reason() == "not_ours");
    sql(asked.db, "alter table public.training_programs alter column generation_status drop not null");
    asked.set("generation_status = null");
    CHECK(asked.reason() == "not_ours");
}

TEST_CASE("a code that nobody has explained is shown with the row's own error, or by its name") {
    Asked asked;
    auto settlement = deferral(asked.daemon.claim_one(), 100);
    settlement.reason = "solar_storm";
    asked.daemon.settle(settlement);
    CHECK(asked.reason() == "solar_storm");
    CHECK(asked.of("meaning") == "The daemon says \"solar_storm\".");
    CHECK(asked.of("what_to_do") == "Nothing: it is tried again.");

    asked.set("generation_run_after = now()");
    auto failed = failing(asked.daemon.claim_one());
    failed.error_code = "solar_storm";
    failed.error = "The sun is restless.";
    asked.daemon.settle(failed);
    CHECK(asked.of("meaning") == "The sun is restless.");
    CHECK(asked.of("what_to_do").find("generation_status to pending") != std::string::npos);
}

TEST_CASE("every reason and every error code that the daemon can write has a sentence of its own") {
    Database db = fresh_database();
    using Kind = llm::Failure::Kind;
    for (int kind = 0; kind <= static_cast<int>(Kind::cancelled); ++kind)
        for (auto step : {llm::Step::give_up, llm::Step::defer}) {
            llm::Unanswered none;
            none.failure.kind = static_cast<Kind>(kind);
            none.step = step;
            std::string code(pipeline::reason_code(none));
            CHECK_MESSAGE(is_explained(db, code), code);
        }
    queue::ClaimedRow row;
    std::vector<queue::Settlement> ends = {
        pipeline::released(row.lease), pipeline::after_unexpected(row.lease, 1, 3),
        pipeline::after_unexpected(row.lease, 3, 3), pipeline::refused({})};
    row.waited = queue::Seconds(1000);
    ends.push_back(pipeline::deferred(row, "timeout", queue::Seconds(1), queue::Seconds(10)));
    for (const queue::Settlement& end : ends) {
        std::string code = end.error_code.empty() ? end.reason : end.error_code;
        CHECK_MESSAGE(is_explained(db, code), code);
    }
    auto wrong = spotter::work::find_kind("training_program")->read("{}");
    REQUIRE(!wrong);
    CHECK(is_explained(db, wrong.error().code));
    // Words of generate.cpp, queue.cpp, of the statements and the triggers.
    for (const char* code : {"truncated", "refused", "no_valid_answer", "row_refused", "same_in_flight",
                             "worker_lost", "claim_interrupted", "quarantined", "cancelled"})
        CHECK_MESSAGE(is_explained(db, code), code);
}

}  // namespace reasons_test
