#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>

#include "support/queue.hpp"
#include "support/run.hpp"
#include "support/sql.hpp"

// What daemons do for the queue beside its rows.

namespace upkeep_test {

using namespace spotter::test;
using spotter::queue::Seconds;

TEST_CASE("the leases that stand are those of rows that are still ours") {
    Database db = fresh_database();
    Daemon daemon(db), other(db);
    std::string ada = new_user(db);
    std::vector<spotter::queue::ClaimedRow> rows;
    for (int i = 0; i < 4; ++i) {
        insert_program(db, ada);
        rows.push_back(daemon.claim_one());
    }
    insert_program(db, ada);
    other.claim_one();
    daemon.settle(completion(rows[0]));
    sql(db, fmt::format("update public.training_programs set generation_status = 'failed' where id = '{}'; "
                        "delete from public.training_programs where id = '{}'",
                        rows[1].lease.id, rows[2].lease.id));
    auto standing = run(daemon.queue().standing_leases(daemon.self())).value();
    CHECK(standing == std::vector{rows[3].lease.token});
}

TEST_CASE("a bell is armed and disarmed any number of times, and goes with its worker") {
    Database db = fresh_database();
    auto armed = [&] { return value(db, "select count(*) from spotter.bell"); };
    Daemon daemon(db), dead(db), alive(db);
    for (int i = 0; i < 2; ++i) CHECK(run(daemon.queue().arm_bell(daemon.self(), 0)).has_value());
    CHECK(armed() == "1");
    for (int i = 0; i < 2; ++i) CHECK(run(daemon.queue().disarm_bell(daemon.self(), 0)).has_value());
    CHECK(armed() == "0");

    run(daemon.queue().arm_bell(daemon.self(), 0));
    daemon.retire();
    CHECK(armed() == "0");

    run(dead.queue().arm_bell(dead.self(), 0));
    silence(db, dead);
    alive.rescue();
    CHECK(armed() == "0");
}

TEST_CASE("old finished rows lose what only the queue needs, page by page, and keep their content") {
    Database db = fresh_database();
    Daemon daemon(db);
    std::string ada = new_user(db);
    insert_program(db, ada);
    auto old = daemon.claim_one();
    daemon.settle(completion(old));
    sql(db, "update public.training_programs set generation_finished_at = now() - interval '40 days'");
    insert_program(db, ada);
    auto fresh = daemon.claim_one();
    daemon.settle(completion(fresh));
    std::string before = column(db, old.lease.id, "program_details");

    auto trimmed = run(daemon.queue().trim(0, 0, 1000, Seconds(30 * 86400))).value();
    CHECK(trimmed.rows == 1);
    CHECK(trimmed.end);
    CHECK(column(db, old.lease.id, "generation_cache_key").empty());
    CHECK(column(db, old.lease.id, "generation_worker").empty());
    CHECK(column(db, old.lease.id, "program_details") == before);
    CHECK(!column(db, fresh.lease.id, "generation_cache_key").empty());
    CHECK(run(daemon.queue().trim(0, 0, 1000, Seconds(30 * 86400))).value().rows == 0);
    CHECK_FALSE(run(daemon.queue().trim(0, 0, 0, Seconds(30 * 86400))).value().end);
}

TEST_CASE("what is paused says since when, by whom and why") {
    Database db = fresh_database();
    Daemon daemon(db);
    CHECK(run(daemon.queue().paused()).value().empty());
    sql(db, "select spotter.pause('training_program', 'prices go up')");
    auto paused = run(daemon.queue().paused()).value();
    REQUIRE(paused.size() == 1);
    CHECK(paused[0].kind == "training_program");
    CHECK(paused[0].by == "postgres");
    CHECK(paused[0].reason == "prices go up");
    CHECK(paused[0].since >= Seconds(0));
}

TEST_CASE("rows that were put off are counted by reason, and those that are due, or scheduled, are not") {
    Database db = fresh_database();
    Daemon daemon(db);
    std::string ada = new_user(db);
    for (double wait : {3600, 3600, 0}) {
        insert_program(db, ada);
        auto put_off = deferral(daemon.claim_one(), wait);
        put_off.reason = "unauthorized";
        daemon.settle(put_off);
        sql(db, "update public.training_programs set generation_priority = 1 + generation_attempts");
    }
    sql(db, fmt::format("insert into public.training_programs (user_id, generation_run_after) "
                        "values ('{}', now() + interval '1 hour')",
                        ada));
    auto numbers = run(daemon.queue().put_off()).value();
    CHECK(numbers == std::map<std::string, int>{{"unauthorized", 2}});
}

}  // namespace upkeep_test
