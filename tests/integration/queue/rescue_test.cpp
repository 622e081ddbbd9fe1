#include <doctest/doctest.h>
#include <fmt/format.h>

#include <thread>

#include "support/queue.hpp"
#include "support/sql.hpp"

namespace rescue_test {

using namespace spotter::test;

namespace {

struct Two {
    Database db = fresh_database();
    Daemon dead{db}, alive{db};
    std::string ada = new_user(db);
    std::string id = insert_program(db, ada);

    std::string is(const std::string& name) const { return column(db, id, name); }
    /// The dead one claims the row, falls silent, and is buried by the other.
    spotter::queue::ClaimedRow crash(int max_crashes = 3) {
        sql(db, "update public.training_programs set generation_run_after = now()");
        auto row = dead.claim_one();
        silence(db, dead);
        if (alive.rescue(0, max_crashes).size() != 1) throw std::runtime_error("not rescued");
        dead.beat();
        return row;
    }
};

void object_to_stubborn_rows(const Database& db) {
    sql(db,
        "create function public.object() returns trigger language plpgsql as $$ begin "
        "if new.onboarding_data_snapshot ? 'stubborn' then raise exception 'the app objects'; end if; "
        "return new; end $$; create trigger app_objects before update on public.training_programs "
        "for each row execute function public.object()");
}

}  // namespace

TEST_CASE("a silent worker's rows go back to the queue with a crash counted") {
    Two two;
    two.dead.claim_one();
    silence(two.db, two.dead);
    auto rescued = two.alive.rescue();
    REQUIRE(rescued.size() == 1);
    CHECK(rescued[0].id == two.id);
    CHECK(rescued[0].crashes == 1);
    CHECK(!rescued[0].quarantined);
    CHECK(rescued[0].worker == two.dead.id());

    CHECK(two.is("generation_status") == "pending");
    CHECK(two.is("generation_reason") == "worker_lost");
    CHECK(two.is("generation_crashes") == "1");
    CHECK(two.is("generation_worker") == "");
    CHECK(two.is("generation_token") == "");
    CHECK(two.is("generation_stage") == "");
    CHECK(two.is("generation_progress") == "0");
    CHECK(two.is("generation_error") == "");
    CHECK(two.alive.rescue().empty());
    auto row = two.alive.claim_one();
    CHECK(row.attempts == 2);
}

TEST_CASE("a rescued row cannot be settled by its first worker") {
    Two two;
    auto first = two.crash();
    auto second = two.alive.claim_one();
    CHECK(!two.dead.settle(completion(first)));
    CHECK(two.is("generation_status") == "processing");
    CHECK(two.alive.settle(completion(second)));
    CHECK(!two.dead.settle(completion(first)));
    CHECK(two.is("generation_calls") == "2");
}

TEST_CASE("a worker that beats keeps its rows, and so does the one that rescues") {
    Two two;
    two.dead.claim_one();
    keep_beating(two.db, two.dead);
    insert_program(two.db, two.ada, R"({"n": 1})");
    two.alive.claim_one();
    silence(two.db, two.alive);
    CHECK(two.alive.rescue().empty());
    CHECK(value(two.db,
                "select count(*) from public.training_programs where generation_status = 'processing'") ==
          "2");
}

TEST_CASE("a server that was away counts nobody's silence from before its start") {
    Two two;
    two.dead.claim_one();
    silence(two.db, two.dead);
    // Silent for an hour, but the server has not been up for half of that.
    CHECK(two.alive.rescue(1800).empty());
    CHECK(two.alive.rescue(0).size() == 1);
}

TEST_CASE("a row that keeps crashing its worker is quarantined, and its owner is told") {
    Two two;
    two.crash();
    two.crash();
    sql(two.db, "update public.training_programs set generation_run_after = now()");
    two.dead.claim_one();
    silence(two.db, two.dead);
    auto rescued = two.alive.rescue();
    REQUIRE(rescued.size() == 1);
    CHECK(rescued[0].quarantined);
    CHECK(rescued[0].crashes == 3);
    CHECK(two.is("generation_status") == "failed");
    CHECK(two.is("generation_error_code") == "quarantined");
    CHECK(two.is("generation_finished_at") != "");
    CHECK(two.is("generation_reason") == "");
    auto told =
        as_role(two.db, "authenticated", two.ada, "select generation_error from public.training_programs");
    CHECK(std::string(told.rows[0][0].c_str()).find("interrupted 3 times") != std::string::npos);

    CHECK(as_role(two.db, "authenticated", two.ada,
                  "update public.training_programs set generation_status = 'pending'")
              .ok());
    CHECK(two.alive.claim_one().attempts == 1);
    CHECK(value(two.db, "select generation_crashes from public.training_programs") == "0");
}

TEST_CASE("a buried worker that beats again is known again") {
    Two two;
    silence(two.db, two.dead);
    two.alive.rescue();
    auto known = [&] {
        return value(two.db, fmt::format("select count(*) from spotter.worker where id = {}", two.dead.id()));
    };
    CHECK(known() == "0");
    two.dead.beat();
    CHECK(known() == "1");
    CHECK(two.dead.claim_one().lease.id == two.id);
    keep_beating(two.db, two.dead);
    CHECK(two.alive.rescue().empty());
    // Ids go on from where they were.
    CHECK(Daemon(two.db).id() > two.alive.id());
}

TEST_CASE("rows whose worker is not known any more are rescued after a silence") {
    Two two;
    two.dead.claim_one();
    two.dead.retire();
    CHECK(two.alive.rescue(60).empty());
    sql(two.db, "update public.training_programs set generation_started_at = now() - interval '2 minutes'");
    CHECK(two.alive.rescue(60).size() == 1);
    CHECK(two.is("generation_status") == "pending");
}

TEST_CASE(
    "a row that a function of the app's own left in processing is taken back, unless it holds a program") {
    Two two;
    std::string done = insert_program(two.db, two.ada);
    sql(two.db,
        fmt::format("update public.training_programs set generation_status = 'processing';"
                    "update public.training_programs set program_details = '{{\"programName\": \"x\"}}' "
                    "where id = '{}'",
                    done));
    CHECK(two.alive.rescue().empty());
    sql(two.db, "update public.training_programs set generation_queued_at = now() - interval '16 minutes'");
    auto rescued = two.alive.rescue();
    REQUIRE(rescued.size() == 1);
    CHECK(rescued[0].id == two.id);
    CHECK(rescued[0].worker == 0);
    CHECK(column(two.db, done, "generation_status") == "processing");
}

TEST_CASE("who stood still itself takes nothing, though its question was under way when it woke") {
    Two two;
    two.dead.claim_one();
    silence(two.db, two.dead);
    silence(two.db, two.alive);
    CHECK(two.alive.rescue_without_beat().empty());
    CHECK(two.is("generation_status") == "processing");
}

TEST_CASE("who is new takes nothing until it has listened to the others") {
    Two two;
    two.dead.claim_one();
    silence(two.db, two.dead);
    sql(two.db,
        fmt::format("update spotter.worker set awake_since = now() - interval '1 second', beat_at = now() "
                    "where id = {}",
                    two.alive.id()));
    CHECK(two.alive.rescue_without_beat(2).empty());
    CHECK(two.is("generation_status") == "processing");
}

TEST_CASE("beats that are all late leave time to rescue") {
    Two two;
    two.dead.claim_one();
    sql(two.db,
        "update spotter.worker set beat_at = now() - interval '1 hour', awake_since = now() - interval '2 "
        "hours'");
    auto late = [&] { two.alive.beat(spotter::queue::Seconds(0)); };
    late();  // and begins to listen
    CHECK(two.alive.rescue_without_beat().empty());
    late();
    late();
    CHECK(two.alive.rescue_without_beat().size() == 1);
}

TEST_CASE("whose own beat was late takes nothing until it has listened to the others") {
    Two two;
    two.dead.claim_one();
    silence(two.db, two.dead);
    two.alive.beat(spotter::queue::Seconds(0));  // late
    CHECK(two.alive.rescue_without_beat().empty());
    two.alive.beat();
    CHECK(two.alive.rescue_without_beat().size() == 1);
}

TEST_CASE("many who rescue at once count one crash") {
    Two two;
    two.dead.claim_one();
    silence(two.db, two.dead);
    std::vector<std::size_t> rescued(4);
    std::vector<std::thread> threads;
    for (auto& number : rescued)
        threads.emplace_back([&] {
            Daemon daemon(two.db);
            keep_beating(two.db, daemon);
            number = daemon.rescue(0.5).size();
        });
    for (auto& thread : threads) thread.join();
    two.alive.rescue(0.5);
    CHECK(two.is("generation_crashes") == "1");
    CHECK(two.is("generation_status") == "pending");
}

TEST_CASE("of the rows leased to it a worker takes back those that it does not hold") {
    Two two;
    insert_program(two.db, two.ada, R"({"n": 1})");
    insert_program(two.db, two.ada, R"({"n": 2})");
    two.dead.claim(1, 1);
    auto rows = two.alive.claim().rows;
    REQUIRE(rows.size() == 2);
    CHECK(two.alive.reclaim_orphans({rows[0].lease.token, rows[1].lease.token}).empty());
    CHECK(two.alive.reclaim_orphans({rows[0].lease.token}) == std::vector{rows[1].lease.id});
    CHECK(column(two.db, rows[0].lease.id, "generation_status") == "processing");
    CHECK(column(two.db, rows[1].lease.id, "generation_status") == "pending");
    CHECK(column(two.db, rows[1].lease.id, "generation_reason") == "claim_interrupted");
    CHECK(column(two.db, rows[1].lease.id, "generation_attempts") == "0");
    CHECK(two.alive.reclaim_orphans().size() == 1);
    CHECK(value(two.db,
                "select count(*) from public.training_programs where generation_status = 'processing'") ==
          "1");
}

TEST_CASE("a row that a trigger of the app's will not let go keeps no other orphan from being taken back") {
    Two two;
    insert_program(two.db, two.ada, R"({"stubborn": true})");
    REQUIRE(two.alive.claim().rows.size() == 2);
    object_to_stubborn_rows(two.db);
    CHECK(two.alive.reclaim_orphans() == std::vector{two.id});
    CHECK(two.is("generation_status") == "pending");
}

TEST_CASE("a row that a trigger of the app's will not let go keeps no other from being rescued") {
    Two two;
    std::string stubborn = insert_program(two.db, two.ada, R"({"stubborn": true})");
    two.dead.claim();
    silence(two.db, two.dead);
    object_to_stubborn_rows(two.db);
    auto rescued = two.alive.rescue();
    REQUIRE(rescued.size() == 1);
    CHECK(rescued[0].id == two.id);
    CHECK(column(two.db, stubborn, "generation_status") == "processing");

    sql(two.db, "drop trigger app_objects on public.training_programs");
    REQUIRE(two.alive.rescue().size() == 1);
    CHECK(column(two.db, stubborn, "generation_status") == "pending");
}

}  // namespace rescue_test
