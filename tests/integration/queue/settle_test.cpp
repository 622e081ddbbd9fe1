#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <pqxx/pqxx>
#include <thread>

#include "support/queue.hpp"
#include "support/run.hpp"
#include "support/sql.hpp"

namespace settle_test {

using namespace spotter::test;
using spotter::db::Failure;
using spotter::queue::Settlement;

namespace {

struct Claimed {
    Database db = fresh_database();
    Daemon daemon{db};
    std::string ada = new_user(db);
    std::string id = insert_program(db, ada);
    spotter::queue::ClaimedRow row = daemon.claim_one();

    std::string is(const std::string& name) const { return column(db, id, name); }
};

std::string cached_entries(const Database& db) {
    return value(db, "select count(*) from public.ai_coach_cache");
}

}  // namespace

TEST_CASE("a completed row holds its program, the documented columns and how it came about") {
    Claimed claimed;
    CHECK(claimed.daemon.settle(completion(claimed.row)));
    CHECK(claimed.is("generation_status") == "completed");
    CHECK(claimed.is("program_details") == R"({"programName": "Strong", "durationWeeksTotal": 6})");
    CHECK(claimed.is("program_name") == "Strong");
    CHECK(claimed.is("total_duration_weeks") == "6");
    CHECK(claimed.is("periodization_model") == "linear");
    CHECK(claimed.is("volume_landmarks") == R"({"chest": 8})");
    CHECK(claimed.is("weak_point_analysis") == R"(["none"])");
    CHECK(claimed.is("ai_model_version") == "a-model");
    CHECK(claimed.is("generated_at > created_at") == "true");
    CHECK(claimed.is("generation_finished_at = generated_at") == "true");
    CHECK(claimed.is("generation_progress") == "100");
    CHECK(claimed.is("generation_stage") == "");
    CHECK(claimed.is("generation_error") == "");
    CHECK(claimed.is("generation_token") == "");
    CHECK(claimed.is("generation_calls") == "2");
    CHECK(claimed.is("generation_metadata - 'processingTimestamp'") ==
          R"({"calls": 2, "source": "model", "attempts": 1, "finalComplexity": "full", )"
          R"("validationNotes": ["a note"], "enhancedUserProfile": {"trainingAge": 1}})");
    CHECK(claimed.is("(generation_metadata ->> 'processingTimestamp')::timestamptz = generated_at") ==
          "true");
}

TEST_CASE(
    "a row that an app changes while it is settled is settled or left for later, and never lost sight of") {
    Database db = fresh_database();
    Daemon daemon(db);
    std::string ada = new_user(db);
    for (int i = 0; i < 5; ++i) {
        insert_program(db, ada);
        Settlement large = completion(daemon.claim_one());
        large.content = fmt::format(R"({{"programName": "{}"}})", std::string(4 << 20, 'x'));
        std::atomic<bool> over = false;
        std::thread app([&] {
            pqxx::connection connection(db.dsn());
            pqxx::nontransaction transaction(connection);
            while (!over)
                transaction.exec(
                    "update public.training_programs set updated_at = clock_timestamp() "
                    "where generation_status = 'processing'");
        });
        auto outcome = daemon.settle(std::vector{large});
        over = true;
        app.join();
        CHECK(outcome.accepted.size() + outcome.locked.size() == 1);
        if (outcome.accepted.empty()) CHECK(daemon.settle(large));
    }
}

TEST_CASE("a completed row's program is cached under its key for as long as was asked") {
    Claimed claimed;
    claimed.daemon.settle(completion(claimed.row));
    CHECK(value(claimed.db, "select cache_key from public.ai_coach_cache") == claimed.row.cache_key);
    CHECK(value(claimed.db, "select user_id from public.ai_coach_cache") == claimed.ada);
    CHECK(value(claimed.db, "select expires_at - created_at from public.ai_coach_cache") == "1 day");
    CHECK(value(claimed.db, "select right(cache_key, 44) = hashed_data_input from public.ai_coach_cache") ==
          "t");
    CHECK(value(claimed.db, "select recommendation from public.ai_coach_cache") ==
          claimed.is("program_details"));
}

TEST_CASE("what was not to be cached, failed or put off is not cached") {
    Claimed claimed;
    auto settlement = completion(claimed.row);
    SUBCASE("completed without a key") {
        settlement.cache_key.clear();
    }
    SUBCASE("failed") {
        settlement = failing(claimed.row);
    }
    SUBCASE("put off") {
        settlement = deferral(claimed.row);
    }
    settlement.content = R"({"programName": "Strong"})";
    CHECK(claimed.daemon.settle(settlement));
    CHECK(cached_entries(claimed.db) == "0");
}

TEST_CASE("a failed row tells its owner why, and keeps no program") {
    Claimed claimed;
    CHECK(claimed.daemon.settle(failing(claimed.row)));
    CHECK(claimed.is("generation_status") == "failed");
    CHECK(claimed.is("generation_error") == "The onboarding has no goal.");
    CHECK(claimed.is("generation_error_code") == "invalid_input");
    CHECK(claimed.is("generation_finished_at") != "");
    CHECK(claimed.is("generation_progress") == "0");
    CHECK(claimed.is("generation_stage") == "");
    CHECK(claimed.is("generation_token") == "");
    CHECK(claimed.is("generation_calls") == "1");
    CHECK(claimed.is("program_details") == "{}");
    auto seen = as_role(claimed.db, "authenticated", claimed.ada,
                        "select generation_error from public.training_programs");
    CHECK(seen.rows.size() == 1);
}

TEST_CASE("a deferred row waits by the database's clock, gives its reason and spends no attempt") {
    Claimed claimed;
    auto settlement = deferral(claimed.row, 90);
    settlement.calls = 1;
    CHECK(claimed.daemon.settle(settlement));
    CHECK(claimed.is("generation_status") == "pending");
    CHECK(claimed.is("generation_reason") == "provider_busy");
    CHECK(claimed.is("generation_attempts") == "0");
    CHECK(claimed.is("generation_calls") == "1");
    CHECK(claimed.is("generation_worker") == "");
    CHECK(claimed.is("generation_token") == "");
    CHECK(claimed.is("generation_finished_at") == "");
    CHECK(claimed.is("generation_run_after between now() + interval '60 s' and now() + interval '90 s'") ==
          "true");
    CHECK(claimed.daemon.claim().rows.empty());
}

TEST_CASE("an attempt that was spent stays spent") {
    Claimed claimed;
    auto settlement = deferral(claimed.row);
    settlement.spends_attempt = true;
    CHECK(claimed.daemon.settle(settlement));
    CHECK(claimed.is("generation_attempts") == "1");
    CHECK(claimed.daemon.claim_one().attempts == 2);
}

TEST_CASE("the same settlement counts once") {
    Claimed claimed;
    CHECK(claimed.daemon.settle(completion(claimed.row)));
    CHECK(!claimed.daemon.settle(completion(claimed.row)));
    CHECK(!claimed.daemon.settle(failing(claimed.row)));
    CHECK(claimed.is("generation_status") == "completed");
    CHECK(claimed.is("generation_calls") == "2");
}

TEST_CASE("a settlement with another token than the row's changes nothing and caches nothing") {
    Claimed claimed;
    auto forged = completion(claimed.row);
    forged.lease.token += 1;
    CHECK(!claimed.daemon.settle(forged));
    CHECK(claimed.is("generation_status") == "processing");
    CHECK(claimed.is("program_details") == "{}");
    CHECK(cached_entries(claimed.db) == "0");
}

TEST_CASE("a stage is told while the lease lasts, and not after") {
    Claimed claimed;
    auto note = [&](const char* stage, int percent) {
        return run(claimed.daemon.queue().note_stage(claimed.row.lease, stage, percent)).has_value();
    };
    CHECK(note("checking", 70));
    CHECK(claimed.is("generation_stage") == "checking");
    CHECK(claimed.is("generation_progress") == "70");
    claimed.daemon.settle(deferral(claimed.row));
    auto again = claimed.daemon.claim_one();
    CHECK(note("late", 99));
    CHECK(claimed.is("generation_stage") == "generating");
    CHECK(claimed.is("generation_progress") == "10");
}

TEST_CASE("many rows of every outcome settle together, with an entry for each that was completed") {
    Database db = fresh_database();
    Daemon daemon(db);
    std::string ada = new_user(db);
    sql(db, fmt::format("insert into public.training_programs (user_id, onboarding_data_snapshot) "
                        "select '{}', jsonb_build_object('n', n) from generate_series(1, 300) n",
                        ada));
    std::vector<Settlement> settlements;
    for (const auto& row : daemon.claim(300, 300).rows)
        settlements.push_back(settlements.size() % 3 == 0   ? completion(row)
                              : settlements.size() % 3 == 1 ? failing(row)
                                                            : deferral(row, 60));
    CHECK(daemon.settle(settlements).accepted.size() == 300);
    for (const char* status : {"completed", "failed", "pending"}) {
        CAPTURE(status);
        CHECK(value(db, fmt::format("select count(*) from public.training_programs "
                                    "where generation_status = '{}'",
                                    status)) == "100");
    }
    CHECK(value(db,
                "select count(distinct generation_cache_key) from public.training_programs "
                "where generation_status = 'completed'") == cached_entries(db));
    CHECK(daemon.settle(std::vector<Settlement>{}).accepted.empty());
}

TEST_CASE("a batch with a row that the app's trigger refuses is refused whole") {
    Database db = fresh_database();
    Daemon daemon(db);
    std::string ada = new_user(db);
    insert_program(db, ada);
    insert_program(db, ada, R"({"other": 1})");
    auto rows = daemon.claim().rows;
    REQUIRE(rows.size() == 2);
    sql(db,
        "create function public.weeks() returns trigger language plpgsql as $$ begin "
        "new.total_duration_weeks := (new.program_details ->> 'durationWeeksTotal')::integer; "
        "return new; end $$; "
        "create trigger weeks before update on public.training_programs "
        "for each row execute function public.weeks()");
    auto bad = completion(rows[1]);
    bad.content = R"({"durationWeeksTotal": "six and a half"})";

    auto settled = daemon.try_settle({completion(rows[0]), bad});
    REQUIRE(!settled.has_value());
    CHECK(settled.error().kind == Failure::Kind::refused);
    CHECK(value(db, "select count(*) from public.training_programs where generation_status = 'processing'") ==
          "2");
    CHECK(cached_entries(db) == "0");
    CHECK(daemon.settle(completion(rows[0])));
    CHECK(daemon.settle(failing(rows[1])));
}

TEST_CASE("text of any kind reaches the row, and what jsonb cannot hold is refused") {
    Claimed claimed;
    auto settlement = failing(claimed.row);
    settlement.error = std::string("with a NUL \0 in it", 18);
    CHECK(claimed.daemon.try_settle({settlement}).error().kind == Failure::Kind::refused);
    settlement.error = "\"quotes\" \\ \n 'and' \xf0\x9f\x92\xaa $1 %s";
    CHECK(claimed.daemon.settle(settlement));
    CHECK(claimed.is("generation_error") == settlement.error);
}

TEST_CASE("rows of a user who is gone meanwhile are dropped, and the others settle") {
    Database db = fresh_database();
    Daemon daemon(db);
    std::string ada = new_user(db), bob = new_user(db);
    insert_program(db, ada);
    insert_program(db, bob);
    auto rows = daemon.claim().rows;
    sql(db, fmt::format("delete from auth.users where id = '{}'", ada));
    CHECK(daemon.settle({completion(rows[0]), completion(rows[1])}).accepted.size() == 1);
    CHECK(cached_entries(db) == "1");
}

TEST_CASE("a row that somebody has locked keeps no other from being settled, nor from being cached") {
    Database db = fresh_database();
    Daemon daemon(db);
    std::string ada = new_user(db);
    std::vector<Settlement> settlements;
    for (int i = 0; i < 3; ++i) {
        insert_program(db, ada);
        settlements.push_back(completion(daemon.claim_one()));
    }
    pqxx::connection elsewhere(db.dsn());
    pqxx::work hold(elsewhere);
    hold.exec(fmt::format("select from public.training_programs where id = '{}' for update",
                          settlements[1].lease.id));
    auto settled = daemon.settle(settlements);
    CHECK(settled.accepted.size() == 2);
    CHECK(settled.locked == std::vector{settlements[1].lease.id});
    CHECK(settled.cache_error.empty());
    CHECK(cached_entries(db) == "2");
    hold.commit();
    CHECK(daemon.settle(settlements[1]));
    CHECK(cached_entries(db) == "3");
}

}  // namespace settle_test
