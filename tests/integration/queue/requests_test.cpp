#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>

#include "support/queue.hpp"
#include "support/run.hpp"
#include "support/sql.hpp"

// Rows of public.generation_requests are worked on as those of training_programs are, and together with them.

namespace requests_test {

using namespace spotter::test;

namespace {

constexpr std::string_view onboarding = R"({"primaryGoal": "Bodyweight Mastery"})";

struct Asked {
    Database db = fresh_database();
    Daemon programs{db};
    Daemon requests{db};
    std::string ada = new_user(db);

    Asked() { requests.work_on_requests("training_program"); }

    std::string ask(std::string_view input = onboarding, const std::string& purpose = "answer") const {
        return value(
            db,
            fmt::format("insert into public.generation_requests (user_id, kind, input, generation_purpose) "
                        "values ('{}', 'training_program', '{}', '{}') returning id",
                        ada, input, purpose));
    }
    std::string of(const std::string& id, const std::string& expression) const {
        return value(db, fmt::format("select ({})::text from public.generation_requests where id = '{}'",
                                     expression, id));
    }
};

/// Hears what is rung on the daemons' channel.
class Ear : public pqxx::notification_receiver {
  public:
    explicit Ear(pqxx::connection& connection) : pqxx::notification_receiver(connection, "spotter") {}
    void operator()(const std::string& payload, int) override { heard_ += payload + " "; }
    /// A round trip first: what was committed before it has been heard after it.
    const std::string& heard_so_far() {
        pqxx::nontransaction(conn()).exec("select 1");
        conn().get_notifs();
        return heard_;
    }

  private:
    std::string heard_;
};

}  // namespace

TEST_CASE("a request is claimed, and completed with its result") {
    Asked asked;
    std::string id = asked.ask();
    auto row = asked.requests.claim_one();
    CHECK(row.lease.id == id);
    CHECK(row.kind == "training_program");
    CHECK(asked.of(id, "generation_status") == "processing");
    CHECK(asked.requests.settle(completion(row)));
    CHECK(asked.of(id, "generation_status") == "completed");
    CHECK(asked.of(id, "result ->> 'programName'") == "Strong");
    CHECK(asked.of(id, "generation_metadata ->> 'source'") == "model");
    CHECK(asked.of(id, "generation_calls") == "2");
}

TEST_CASE("what was generated for one table answers the other from the cache") {
    Asked asked;
    std::string first = asked.ask();
    asked.requests.settle(completion(asked.requests.claim_one()));
    insert_program(asked.db, asked.ada, onboarding);
    CHECK(asked.programs.claim().hits == 1);
    std::string again = asked.ask();
    CHECK(asked.requests.claim().hits == 1);
    CHECK(asked.of(again, "result") == asked.of(first, "result"));
    CHECK(asked.of(again, "generation_metadata ->> 'source'") == "cache");
}

TEST_CASE("a request waits for a program with the same key, and goes on when that fails") {
    Asked asked;
    insert_program(asked.db, asked.ada, onboarding);
    auto leader = asked.programs.claim_one();
    std::string id = asked.ask();
    CHECK(asked.requests.claim().parked == 1);
    CHECK(asked.of(id, "generation_reason") == "same_in_flight");
    asked.programs.settle(failing(leader));
    CHECK(asked.requests.claim_one().lease.id == id);
}

TEST_CASE("a request that waits for a program finds the answer in the cache when that is done") {
    Asked asked;
    insert_program(asked.db, asked.ada, onboarding);
    auto leader = asked.programs.claim_one();
    std::string id = asked.ask();
    CHECK(asked.requests.claim().parked == 1);
    asked.programs.settle(completion(leader));
    CHECK(asked.requests.claim().hits == 1);
    CHECK(asked.of(id, "generation_status") == "completed");
}

TEST_CASE(
    "a request that fails while somebody has the programs locked waits for nobody, and who waited is freed "
    "later") {
    Asked asked;
    std::string leads = asked.ask();
    auto row = asked.requests.claim_one();
    std::string waits = asked.ask();
    CHECK(asked.requests.claim().parked == 1);
    {
        pqxx::connection other(asked.db.dsn());
        pqxx::work holding(other);
        holding.exec("lock table public.training_programs");
        auto began = std::chrono::steady_clock::now();
        CHECK(asked.requests.settle(failing(row)));
        CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(2));  // less than lock_timeout
    }
    CHECK(run(asked.requests.queue().mend_flights()).value().rows + asked.requests.claim().rows.size() >= 1);
    CHECK(asked.of(waits, "generation_waiting") == "false");
}

TEST_CASE("a user's limit counts the rows of both tables") {
    Asked asked;
    Daemon limited(asked.db, "v1", {.user_slots = 1});
    limited.work_on_requests("training_program");
    insert_program(asked.db, asked.ada, onboarding);
    asked.programs.claim_one();
    asked.ask(R"({"primaryGoal": "Strength Gain: General"})");
    CHECK(limited.claim().rows.empty());
    CHECK(value(asked.db, "select reason from public.generation_reasons where status = 'pending'") ==
          "in_queue");
}

TEST_CASE("a request that refreshes the cache is not answered from it, and one that warms it is") {
    Asked asked;
    asked.ask();
    asked.requests.settle(completion(asked.requests.claim_one()));
    std::string refresh = asked.ask(onboarding, "refresh"), warm = asked.ask(onboarding, "warm");
    auto claim = asked.requests.claim();
    CHECK(claim.hits == 1);
    REQUIRE(claim.rows.size() == 1);
    CHECK(claim.rows[0].lease.id == refresh);
    CHECK(asked.of(warm, "generation_status") == "completed");
}

TEST_CASE("requests of a silent worker are taken back, and its leases stand until then") {
    Asked asked;
    std::string id = asked.ask();
    asked.requests.claim_one();
    CHECK(run(asked.requests.queue().standing_leases(asked.requests.self())).value().size() == 1);
    silence(asked.db, asked.requests);
    auto rescued = asked.programs.rescue();
    REQUIRE(rescued.size() == 1);
    CHECK(rescued[0].id == id);
    CHECK(asked.of(id, "generation_status") == "pending");
}

TEST_CASE("a request is cancelled, retried and explained as a program is") {
    Asked asked;
    std::string id = asked.ask();
    sql(asked.db, fmt::format("select spotter.cancel('{}', 'not wanted')", id));
    CHECK(asked.of(id, "generation_error") == "Cancelled: not wanted");
    CHECK(value(asked.db, fmt::format("select spotter.retry('{}')", id)) == "queued");
    auto row = asked.requests.claim_one();
    asked.requests.settle(deferral(row, 3600));
    CHECK(value(asked.db, fmt::format("select reason from public.generation_reasons where id = '{}'", id)) ==
          "provider_busy");
    CHECK(value(asked.db, fmt::format("select spotter.retry('{}')", id)) == "hurried");
    CHECK(asked.requests.claim_one().lease.id == id);
}

TEST_CASE("a request whose user is deleted in mid-call is gone, and its settling changes nothing") {
    Asked asked;
    asked.ask();
    auto row = asked.requests.claim_one();
    sql(asked.db, fmt::format("delete from auth.users where id = '{}'", asked.ada));
    CHECK(!asked.requests.settle(completion(row)));
    CHECK(value(asked.db, "select count(*) from spotter.flight") == "0");
}

TEST_CASE("a claim of programs takes no request, and the other way round") {
    Asked asked;
    asked.ask();
    CHECK(asked.programs.claim().looked_at == 0);
    insert_program(asked.db, asked.ada, R"({"primaryGoal": "Strength Gain: General"})");
    CHECK(asked.requests.claim().looked_at == 1);
}

TEST_CASE("each lane's bell rings for what is inserted there alone, and says whose it is") {
    Asked asked;
    pqxx::connection listening(asked.db.dsn());
    Ear ear(listening);
    run(asked.requests.queue().arm_bell(asked.requests.self(), asked.requests.lane()));
    insert_program(asked.db, asked.ada, onboarding);
    asked.ask();
    CHECK(ear.heard_so_far() == "training_program ");
    run(asked.requests.queue().disarm_bell(asked.requests.self(), asked.requests.lane()));
    asked.ask();
    CHECK(ear.heard_so_far() == "training_program ");
}

}  // namespace requests_test
