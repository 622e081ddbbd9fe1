#include <doctest/doctest.h>
#include <fmt/format.h>

#include <future>

#include "support/queue.hpp"
#include "support/run.hpp"
#include "support/sql.hpp"
#include "support/wait.hpp"

// Rows with one cache key are worked on once: one leads, the others wait for it.

namespace flight_test {

using namespace spotter::test;
using spotter::queue::Claim;
using spotter::queue::ClaimedRow;

namespace {

constexpr std::string_view onboarding = R"({"primaryGoal": "General"})";

struct Flight {
    Database db = fresh_database();
    Daemon daemon{db}, other{db};
    std::string ada = new_user(db);
    std::vector<std::string> ids;
    ClaimedRow leader;

    /// One row leads and so many wait for it.
    explicit Flight(int waiters = 2) {
        for (int i = 0; i <= waiters; ++i) ids.push_back(insert_program(db, ada, onboarding));
        leader = daemon.claim_one();
    }
    std::string number(const std::string& where) const {
        return value(db, "select count(*) from public.training_programs where " + where);
    }
    std::string waiting() const { return number("generation_waiting and generation_status = 'pending'"); }
    std::string completed() const { return number("generation_status = 'completed'"); }
    std::string flights() const { return value(db, "select count(*) from spotter.flight"); }
    std::string waiter() const {
        return value(db, "select id from public.training_programs where generation_waiting limit 1");
    }
    void on(const std::string& id, const std::string& change) {
        sql(db, fmt::format("update public.training_programs set {} where id = '{}'", change, id));
    }
    spotter::queue::Mended mend() { return run(daemon.queue().mend_flights()).value(); }
    /// The next row is claimed by another daemon and leads; all are completed with it.
    void check_that_the_next_leads(const std::string& expected_completed) {
        ClaimedRow next = other.claim_one();
        CHECK(next.lease.id != leader.lease.id);
        CHECK(next.cache_key == leader.cache_key);
        CHECK(other.settle(completion(next)));
        CHECK(completed() == expected_completed);
        CHECK(waiting() == "0");
        CHECK(flights() == "0");
    }
};

}  // namespace

TEST_CASE("of rows with one key one is claimed, and the others wait, for every daemon") {
    Flight flight;
    CHECK(flight.waiting() == "2");
    CHECK(flight.other.claim().looked_at == 0);
    insert_program(flight.db, flight.ada, onboarding);
    Claim late = flight.other.claim();
    CHECK(late.rows.empty());
    CHECK(late.parked == 1);
    CHECK(flight.waiting() == "3");
    CHECK(flight.number("generation_reason = 'same_in_flight'") == "3");
}

TEST_CASE("the leader's answer completes all who wait, in one transaction, with one cache entry") {
    Flight flight;
    auto settled = flight.daemon.settle(std::vector{completion(flight.leader)});
    CHECK(settled.accepted == std::vector{flight.leader.lease.id});
    CHECK(settled.shared == 2);
    CHECK(flight.completed() == "3");
    CHECK(flight.flights() == "0");
    CHECK(value(flight.db,
                "select count(distinct (program_details, program_name, total_duration_weeks, "
                "ai_model_version)) from public.training_programs") == "1");
    CHECK(value(flight.db, "select count(distinct xmin::text) from public.training_programs") == "1");
    CHECK(value(flight.db, "select count(*) from public.ai_coach_cache") == "1");
    CHECK(flight.number("generation_metadata ->> 'source' = 'flight' and generation_progress = 100 "
                        "and generation_metadata ->> 'calls' = '0' and not generation_waiting") == "2");
}

TEST_CASE("waiters are parked when no slot is free, so that they keep nobody else back") {
    Flight flight(0);
    for (int i = 0; i < 5; ++i) insert_program(flight.db, flight.ada, onboarding);
    CHECK(flight.other.claim(100, 0).parked == 5);
    CHECK(flight.other.claim(100, 0).looked_at == 0);
}

TEST_CASE("a leader that fails, is cancelled or deleted is followed by another, and fails nobody") {
    Flight flight;
    std::string end;
    SUBCASE("fails") {
        CHECK(flight.daemon.settle(failing(flight.leader)));
        end = "2";
    }
    SUBCASE("is cancelled") {
        flight.on(flight.leader.lease.id, "generation_status = 'failed'");
        CHECK(column(flight.db, flight.leader.lease.id, "generation_error_code") == "cancelled");
        CHECK(!flight.daemon.settle(completion(flight.leader)));
        end = "2";
    }
    SUBCASE("is deleted") {
        sql(flight.db,
            fmt::format("delete from public.training_programs where id = '{}'", flight.leader.lease.id));
        CHECK(!flight.daemon.settle(completion(flight.leader)));
        end = "2";
    }
    CHECK(flight.waiting() == "1");
    flight.check_that_the_next_leads(end);
}

TEST_CASE("a leader that is put off keeps its place, and a newcomer may lead meanwhile") {
    Flight flight;
    CHECK(flight.daemon.settle(deferral(flight.leader, 3600)));
    CHECK(flight.waiting() == "2");
    CHECK(flight.other.claim().looked_at == 0);
    SUBCASE("it comes back by itself") {
        flight.on(flight.leader.lease.id, "generation_run_after = now()");
        ClaimedRow again = flight.other.claim_one();
        CHECK(again.lease.id == flight.leader.lease.id);
        CHECK(flight.other.settle(completion(again)));
        CHECK(flight.completed() == "3");
    }
    SUBCASE("a newcomer leads") {
        insert_program(flight.db, flight.ada, onboarding);
        flight.check_that_the_next_leads("3");
        CHECK(column(flight.db, flight.leader.lease.id, "generation_status") == "pending");
        flight.on(flight.leader.lease.id, "generation_run_after = now()");
        CHECK(flight.other.claim().hits == 1);
    }
    SUBCASE("it is cancelled while it waits") {
        flight.on(flight.leader.lease.id, "generation_status = 'failed'");
        flight.check_that_the_next_leads("2");
    }
    SUBCASE("it is deleted while it waits") {
        sql(flight.db,
            fmt::format("delete from public.training_programs where id = '{}'", flight.leader.lease.id));
        flight.check_that_the_next_leads("2");
    }
}

TEST_CASE("a leader whose worker was lost leads again") {
    Flight flight;
    silence(flight.db, flight.daemon);
    CHECK(flight.other.rescue().size() == 1);
    flight.on(flight.leader.lease.id, "generation_run_after = now()");
    CHECK(flight.waiting() == "2");
    ClaimedRow again = flight.other.claim_one();
    CHECK(!flight.daemon.settle(completion(flight.leader)));
    CHECK(flight.flights() == "1");
    CHECK(flight.other.settle(completion(again)));
    CHECK(flight.completed() == "3");
    CHECK(flight.mend().rows == 0);
}

TEST_CASE("a leader that is quarantined is followed by another") {
    Flight flight;
    silence(flight.db, flight.daemon);
    CHECK(flight.other.rescue(0, 5).front().crashes == 1);
    sql(flight.db,
        "update public.training_programs set generation_crashes = 4, generation_run_after = now() "
        "where not generation_waiting");
    Daemon second(flight.db);
    second.claim_one();
    silence(flight.db, second);
    CHECK(flight.other.rescue(0, 5).front().quarantined);
    // What crashed its workers may do so again: the heir is tried once.
    CHECK(flight.number("generation_crashes = 4 and generation_status = 'pending'") == "1");
    flight.check_that_the_next_leads("2");
}

TEST_CASE("a waiter can be cancelled or deleted, and the others do not notice") {
    Flight flight(3);
    flight.on(flight.waiter(), "generation_status = 'failed'");
    sql(flight.db, fmt::format("delete from public.training_programs where id = '{}'", flight.waiter()));
    CHECK(flight.waiting() == "1");
    auto settled = flight.daemon.settle(std::vector{completion(flight.leader)});
    CHECK(settled.shared == 1);
    CHECK(flight.completed() == "2");
    CHECK(flight.number("generation_error_code = 'cancelled'") == "1");
}

TEST_CASE("a key that is invalidated in flight gives the leader its answer, and nobody else") {
    Flight flight;
    sql(flight.db, "delete from spotter.flight");
    CHECK(flight.mend().rows == 2);
    CHECK(flight.daemon.settle(completion(flight.leader)));
    CHECK(flight.completed() == "1");
    CHECK(value(flight.db, "select count(*) from public.ai_coach_cache") == "0");
    ClaimedRow next = flight.other.claim_one();
    CHECK(flight.other.settle(completion(next)));
    CHECK(flight.completed() == "3");
    CHECK(value(flight.db, "select count(*) from public.ai_coach_cache") == "1");
}

TEST_CASE("what an app's own hand leaves half done is mended") {
    Flight flight;
    SUBCASE("the leader is completed by hand") {
        flight.on(flight.leader.lease.id, "generation_status = 'completed'");
    }
    SUBCASE("triggers were off when the leader was deleted") {
        sql(flight.db, fmt::format("set session_replication_role = replica; "
                                   "delete from public.training_programs where id = '{}'",
                                   flight.leader.lease.id));
    }
    auto mended = flight.mend();
    CHECK(mended.flights == 1);
    CHECK(mended.rows == 2);
    CHECK(flight.flights() == "0");
    CHECK(flight.other.claim_one().cache_key == flight.leader.cache_key);
}

TEST_CASE("flights in the air are left alone by the mending") {
    Flight flight;
    CHECK(flight.mend().flights == 0);
    CHECK(flight.waiting() == "2");
    flight.daemon.settle(deferral(flight.leader, 3600));
    CHECK(flight.mend().flights == 0);
    CHECK(flight.waiting() == "2");
}

TEST_CASE("ten thousand rows that wait are completed together") {
    Flight flight(0);
    sql(flight.db, fmt::format("insert into public.training_programs (user_id, onboarding_data_snapshot) "
                               "select '{}', {} from generate_series(1, 10000)",
                               flight.ada, literal(onboarding)));
    while (flight.other.claim(2000, 0).parked > 0) continue;
    CHECK(flight.waiting() == "10000");
    auto settled = flight.daemon.settle(std::vector{completion(flight.leader)});
    CHECK(settled.shared == 10000);
    CHECK(flight.completed() == "10001");
}

TEST_CASE("who is told to wait while the leader is being settled is freed at once") {
    Flight flight(1);
    // A trigger of the app's takes its time, so that the settling has begun and does not go on.
    sql(flight.db,
        "create function public.dawdle() returns trigger language plpgsql as $$ begin "
        "perform pg_advisory_xact_lock(4711); return new; end $$; "
        "create trigger dawdle before update on public.training_programs for each row "
        "when (new.generation_status = 'completed') execute function public.dawdle()");
    pqxx::connection elsewhere(flight.db.dsn());
    pqxx::work hold(elsewhere);
    hold.exec("select pg_advisory_xact_lock(4711)");
    auto settling = std::async(std::launch::async,
                               [&] { return flight.daemon.settle(std::vector{completion(flight.leader)}); });
    CHECK(eventually(
        [&] { return value(flight.db, "select exists (select from pg_locks where not granted)") == "t"; }));
    insert_program(flight.db, flight.ada, onboarding);
    CHECK(flight.other.claim().parked == 1);
    hold.commit();
    CHECK(settling.get().shared == 1);
    CHECK(flight.waiting() == "0");
    CHECK(flight.other.claim().hits == 1);
}

TEST_CASE("a waiter that somebody has locked keeps neither the leader nor the others, and is freed later") {
    Flight flight;
    pqxx::connection elsewhere(flight.db.dsn());
    pqxx::work hold(elsewhere);
    hold.exec(
        fmt::format("select from public.training_programs where id = '{}' for update", flight.waiter()));
    CHECK(flight.daemon.settle(std::vector{completion(flight.leader)}).shared == 1);
    CHECK(flight.waiting() == "1");
    hold.commit();
    CHECK(flight.mend().rows == 1);
    CHECK(flight.other.claim().hits == 1);
}

TEST_CASE("who holds a flight in a transaction keeps nobody else from being claimed") {
    Flight flight;
    flight.daemon.settle(deferral(flight.leader, 3600));
    pqxx::connection elsewhere(flight.db.dsn());
    pqxx::work hold(elsewhere);
    hold.exec(fmt::format("delete from public.training_programs where id = '{}'", flight.leader.lease.id));
    insert_program(flight.db, flight.ada, onboarding);
    std::string other = insert_program(flight.db, new_user(flight.db));
    auto row = flight.other.claim_one();
    CHECK(row.lease.id == other);
    CHECK(flight.other.settle(completion(row)));
    hold.commit();
    flight.check_that_the_next_leads("4");
}

TEST_CASE("a row that an app changes while it is being claimed leads nothing") {
    Flight flight(0);
    flight.daemon.settle(completion(flight.leader));
    std::string id = insert_program(flight.db, flight.ada);
    // A claim waits for the cache's table with its snapshot taken; meanwhile the app changes the row.
    pqxx::connection elsewhere(flight.db.dsn()), app(flight.db.dsn());
    pqxx::work hold(elsewhere);
    hold.exec("lock table spotter.pause in access exclusive mode");
    auto claim = std::async(std::launch::async, [&] { return flight.other.claim(); });
    CHECK(eventually(
        [&] { return value(flight.db, "select exists (select from pg_locks where not granted)") == "t"; }));
    pqxx::nontransaction(app).exec(
        fmt::format("update public.training_programs set updated_at = now() where id = '{}'", id));
    hold.commit();
    auto claimed = claim.get();
    CHECK(flight.flights() == std::to_string(claimed.rows.size()));
    CHECK(flight.mend().flights == 0);
}

TEST_CASE(
    "a waiter that somebody has locked keeps no claim waiting when its leader is answered from the cache") {
    Flight flight;
    flight.daemon.settle(deferral(flight.leader, 3600));
    std::string twin = insert_program(flight.db, flight.ada, onboarding);
    CHECK(flight.other.settle(completion(flight.other.claim_one())));  // caches, and completes who waited
    insert_program(flight.db, flight.ada, onboarding);
    flight.on(flight.leader.lease.id, "generation_run_after = now()");
    CHECK(flight.other.claim().hits == 2);
    CHECK(flight.flights() == "0");
}

TEST_CASE("a key that is invalidated while its leader is being settled is not cached") {
    Flight flight;
    pqxx::connection elsewhere(flight.db.dsn());
    pqxx::work hold(elsewhere);
    hold.exec("lock table public.ai_coach_cache in access exclusive mode");
    hold.exec("delete from spotter.flight");
    auto settling = std::async(std::launch::async,
                               [&] { return flight.daemon.settle(std::vector{completion(flight.leader)}); });
    CHECK(eventually(
        [&] { return value(flight.db, "select exists (select from pg_locks where not granted)") == "t"; }));
    hold.commit();
    CHECK(settling.get().accepted.size() == 1);
    CHECK(value(flight.db, "select count(*) from public.ai_coach_cache") == "0");
}

TEST_CASE("who changes what a waiting row asks for gets an answer to that") {
    Flight flight;
    std::string waiter = flight.waiter();
    flight.on(waiter, R"(onboarding_data_snapshot = '{"injuriesLimitations": "knee pain"}')");
    CHECK(column(flight.db, waiter, "generation_waiting") == "false");
    CHECK(flight.daemon.settle(std::vector{completion(flight.leader)}).shared == 1);
    auto row = flight.other.claim_one();
    CHECK(row.lease.id == waiter);
    CHECK(row.cache_key != flight.leader.cache_key);
}

TEST_CASE("who waited for an earlier flight is completed with the next") {
    Flight flight;
    sql(flight.db, "delete from spotter.flight");  // the two are stranded
    insert_program(flight.db, flight.ada, onboarding);
    auto next = flight.other.claim_one();
    CHECK(flight.other.settle(std::vector{completion(next)}).shared == 2);
}

TEST_CASE("an answer that the leader's row would not take is not paid for again by those who wait") {
    Flight flight;
    auto answer = completion(flight.leader);
    answer.status = spotter::queue::Settlement::Status::failed;
    answer.error_code = "write_refused";
    CHECK(flight.daemon.settle(answer));
    CHECK(column(flight.db, flight.leader.lease.id, "program_details") == "{}");
    CHECK(column(flight.db, flight.leader.lease.id, "program_name").empty());
    CHECK(flight.other.claim().hits == 1);  // the heir; with it all the others are free
    CHECK(flight.other.claim().hits == 1);
    CHECK(flight.completed() == "2");
    CHECK(flight.flights() == "0");
}

TEST_CASE("a flight works without the cache") {
    Flight flight;
    sql(flight.db, "drop table public.ai_coach_cache");
    auto settled = flight.daemon.settle(std::vector{completion(flight.leader)});
    CHECK(settled.shared == 2);
    CHECK(!settled.cache_error.empty());
    CHECK(flight.completed() == "3");
}

}  // namespace flight_test
