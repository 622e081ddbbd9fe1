#include <doctest/doctest.h>
#include <fmt/format.h>

#include "support/queue.hpp"
#include "support/sql.hpp"

// What goes wrong at a claim: hostile rows, triggers that object, a cache that is out of order.

namespace claim_trouble_test {

using namespace spotter::test;
using spotter::db::Failure;

namespace {

/// The app's table objects to what `condition` says of the new row, whatever is written to it.
void object_to(const Database& db, const std::string& condition,
               const std::string& objection = "raise exception 'the app objects'") {
    sql(db, fmt::format("create function public.object() returns trigger language plpgsql as $$ begin "
                        "if {} then {}; end if; return new; end $$; "
                        "create trigger app_objects before update on public.training_programs "
                        "for each row execute function public.object()",
                        condition, objection));
}

constexpr std::string_view onboarding = R"({"primaryGoal": "General"})";

/// A cache with an entry for `onboarding`, and another row for that.
struct Cached {
    Database db = fresh_database();
    Daemon daemon{spotter::db::Endpoint{
        .dsn = with_keyword(login_as_member(db, "spotter_worker"), "options", "-c%20lock_timeout%3D50ms")}};
    std::string ada = new_user(db);
    std::string id;

    Cached() {
        insert_program(db, ada, onboarding);
        daemon.settle(completion(daemon.claim_one()));
        id = insert_program(db, ada, onboarding);
    }
};

/// A claim, a settling and a claim one by one go on without the cache, and say what is wrong.
void check_survival(Cached& cached) {
    auto claim = cached.daemon.claim();
    REQUIRE(claim.rows.size() == 1);
    CHECK(!claim.cache_error.empty());
    auto settled = cached.daemon.settle(std::vector{completion(claim.rows[0])});
    CHECK(settled.accepted == std::vector{cached.id});
    CHECK(!settled.cache_error.empty());
    CHECK(column(cached.db, cached.id, "generation_status") == "completed");

    std::string next = insert_program(cached.db, cached.ada, onboarding);
    auto singly = cached.daemon.claim_one_by_one();
    REQUIRE(singly.rows.size() == 1);
    CHECK(singly.rows[0].lease.id == next);
    CHECK(!singly.cache_error.empty());
    CHECK(column(cached.db, next, "generation_status") == "processing");
}

}  // namespace

TEST_CASE("what is too large to be read is refused where it is asked, and in a profile is not read") {
    Database db = fresh_database();
    Daemon daemon(db);
    std::string ada = new_user(db);
    const std::string large =
        "(select jsonb_build_object('x', jsonb_agg(md5(n::text))) from generate_series(1, 10000) n)";
    CHECK_THROWS_WITH(
        sql(db, fmt::format("insert into public.training_programs (user_id, onboarding_data_snapshot) "
                            "values ('{}', {})",
                            ada, large)),
        doctest::Contains("onboarding_data_snapshot has 128 KB at most"));
    sql(db, fmt::format("insert into public.profiles (id, onboarding_responses) values ('{}', {}) "
                        "on conflict (id) do update set onboarding_responses = excluded.onboarding_responses",
                        ada, large));
    insert_program(db, ada, "null");
    auto row = daemon.claim_one();
    CHECK(row.input.size() < 1000);
    CHECK(row.input.find("more than 128 KB") != std::string::npos);
}

TEST_CASE("no onboarding makes a claim fail, however hostile") {
    Database db = fresh_database();
    Daemon daemon(db);
    std::string huge(400, '9');
    std::string lengthy(30'000, 'x');
    std::string deep = std::string(2000, '[') + std::string(2000, ']');
    const std::string values[] = {"\"225\"",
                                  "\"abc\"",
                                  "\"\"",
                                  "1e400",
                                  "-1e400",
                                  "1e-400",
                                  "-1",
                                  "0",
                                  "0.1",
                                  huge,
                                  "\"" + huge + "\"",
                                  "\"1e9999999\"",
                                  "\"NaN\"",
                                  "\"Infinity\"",
                                  "\"0x10\"",
                                  "\"٢٢٥\"",
                                  "null",
                                  "true",
                                  "[]",
                                  "[1, null]",
                                  "{}",
                                  R"({"a": null, "b": [null]})",
                                  "\"" + lengthy + "\"",
                                  deep};
    std::vector<std::string> snapshots = {
        "null",
        "[]",
        "[null, {}]",
        "{}",
        "\"text\"",
        "225",
        "true",
        deep,
        "\"" + lengthy + "\"",
        R"({"primaryGoal": "'; drop table training_programs; --", "\u200b": "\ud83d\udcaa"})"};
    for (const std::string& value : values)
        for (std::string unit : {"\"lbs\"", "\"kg\"", "null", value.c_str()})
            snapshots.push_back(fmt::format(
                R"({{"squat1RMEstimate": {0}, "overheadPress1RMEstimate": {0}, "experienceLevel": {0},
                     "weightUnit": {1}}})",
                value, unit));
    std::string ada = new_user(db);
    for (const std::string& snapshot : snapshots) insert_program(db, ada, snapshot);

    auto claim = daemon.try_claim(1000, 1000);
    REQUIRE(claim.has_value());
    CHECK(claim->rows.size() + static_cast<std::size_t>(claim->parked) == snapshots.size());
    CHECK(claim->cache_error.empty());
}

TEST_CASE("a user without a profile, or with an empty one, is claimed") {
    Database db = fresh_database();
    Daemon daemon(db);
    std::string bare = value(db, "insert into auth.users default values returning id");
    insert_program(db, bare);
    std::string empty = value(db, "insert into auth.users default values returning id");
    sql(db, fmt::format("insert into public.profiles (id, weight_unit) values ('{}', null)", empty));
    insert_program(db, empty);
    sql(db, fmt::format("insert into public.training_programs (user_id) values ('{}')", bare));
    CHECK(daemon.claim().rows.size() == 3);
}

TEST_CASE("a row whose trigger objects is failed with a reason, and the others go on") {
    Database db = fresh_database();
    Daemon daemon(db);
    std::string ada = new_user(db);
    std::string first = insert_program(db, ada);
    std::string bad = insert_program(db, ada, R"({"bad": true})");
    std::string last = insert_program(db, ada);
    object_to(db, "new.onboarding_data_snapshot ? 'bad' and new.generation_status = 'processing'");

    auto batch = daemon.try_claim();
    REQUIRE(!batch.has_value());
    CHECK(batch.error().kind == Failure::Kind::refused);
    CHECK(daemon.claim_one_by_one().rows.size() == 2);
    CHECK(column(db, bad, "generation_status") == "failed");
    CHECK(column(db, bad, "generation_error_code") == "row_refused");
    CHECK(column(db, bad, "generation_error").find("'pending'") != std::string::npos);
    CHECK(column(db, first, "generation_status") == "processing");
    CHECK(column(db, last, "generation_status") == "processing");
}

TEST_CASE("a row that refuses is found among the rows of others, however many they are") {
    Database db = fresh_database();
    Daemon daemon(db);
    std::string ada = new_user(db), ben = new_user(db);
    sql(db, fmt::format(
                "insert into public.training_programs (user_id, onboarding_data_snapshot, "
                "generation_run_after) select '{}', jsonb_build_object('n', n), now() - interval '1 hour' "
                "from generate_series(1, 1000) n",
                ada));
    std::string bad = insert_program(db, ben, R"({"bad": true})");
    object_to(db, "new.onboarding_data_snapshot ? 'bad' and new.generation_status = 'processing'");
    REQUIRE(!daemon.try_claim(16, 16).has_value());
    CHECK(daemon.claim_one_by_one(16, 16).rows.size() > 1);
    CHECK(column(db, bad, "generation_error_code") == "row_refused");
}

TEST_CASE("a trigger that objects as if a right were missing is about its row as well") {
    Database db = fresh_database();
    Daemon daemon(db);
    std::string ada = new_user(db);
    std::string bad = insert_program(db, ada, R"({"bad": true})");
    insert_program(db, ada);
    object_to(db, "new.onboarding_data_snapshot ? 'bad' and new.generation_status = 'processing'",
              "raise insufficient_privilege using message = 'permission denied by the app'");
    auto batch = daemon.try_claim();
    REQUIRE(!batch.has_value());
    CHECK(batch.error().kind == Failure::Kind::refused);
    CHECK(daemon.claim_one_by_one().rows.size() == 1);
    CHECK(column(db, bad, "generation_error_code") == "row_refused");
}

TEST_CASE("a row whose claim takes all the time there is lets the others go before it, and says so") {
    Database db = fresh_database();
    Daemon daemon(spotter::db::Endpoint{.dsn = db.dsn(), .statement_seconds = 2});
    std::string ada = new_user(db);
    // Sixteen bytes a number, and 131,072 digits of text.
    std::string endless =
        insert_program(db, ada,
                       fmt::format(R"({{"primaryGoal": [{}]}})",
                                   fmt::join(std::vector<std::string>(1200, "1e131071"), ",")));
    std::string good = insert_program(db, ada);
    auto batch = daemon.try_claim();
    REQUIRE(batch.has_error());
    CHECK(batch.error().out_of_time());
    std::vector<std::string> claimed;
    for (int i = 0; i < 3 && claimed.empty(); ++i)
        for (const auto& row : daemon.claim_one_by_one().rows) claimed.push_back(row.lease.id);
    CHECK(claimed == std::vector{good});
    CHECK(column(db, endless, "generation_reason") == "claim_too_slow");
    CHECK(column(db, endless, "generation_run_after > now() + interval '9 minutes'") == "true");
}

TEST_CASE("a row that cannot even be failed does not keep the others from being claimed") {
    Database db = fresh_database();
    Daemon daemon(db);
    std::string ada = new_user(db);
    std::string bad = insert_program(db, ada, R"({"bad": true})");
    std::string good = insert_program(db, ada);
    object_to(db, "new.onboarding_data_snapshot ? 'bad'");

    auto claim = daemon.claim_one_by_one();
    REQUIRE(claim.rows.size() == 1);
    CHECK(claim.rows[0].lease.id == good);
    CHECK(column(db, bad, "generation_status") == "pending");
}

TEST_CASE("one by one, too, a claim takes no more misses than slots, and all the hits") {
    Cached cached;
    for (int i = 0; i < 5; ++i) insert_program(cached.db, cached.ada, fmt::format(R"({{"n": {}}})", i));
    insert_program(cached.db, cached.ada, onboarding);
    auto claim = cached.daemon.claim_one_by_one(100, 3);
    CHECK(claim.rows.size() == 3);
    CHECK(claim.hits == 2);
    CHECK(claim.looked_at == 7);
}

TEST_CASE("work goes on without the cache when its table is dropped") {
    Cached cached;
    sql(cached.db, "drop table public.ai_coach_cache");
    check_survival(cached);
}

TEST_CASE("work goes on without the cache when its table is renamed, and with it when it is back") {
    Cached cached;
    sql(cached.db, "alter table public.ai_coach_cache rename to elsewhere");
    check_survival(cached);
    sql(cached.db, "alter table public.elsewhere rename to ai_coach_cache");
    insert_program(cached.db, cached.ada, onboarding);
    auto claim = cached.daemon.claim();
    CHECK(claim.hits == 1);
    CHECK(claim.cache_error.empty());
}

TEST_CASE("work goes on without the cache when its columns are not what they were") {
    Cached cached;
    SUBCASE("one is gone") {
        sql(cached.db, "alter table public.ai_coach_cache drop column summary");
    }
    SUBCASE("one has another type") {
        sql(cached.db, "alter table public.ai_coach_cache alter column summary type text[] using null");
    }
    check_survival(cached);
}

TEST_CASE("work goes on without the cache when the worker may not touch it") {
    Cached cached;
    SUBCASE("no privilege") {
        sql(cached.db, "revoke all on public.ai_coach_cache from spotter_worker");
    }
    SUBCASE("to read it only") {
        sql(cached.db, "revoke select on public.ai_coach_cache from spotter_worker");
    }
    check_survival(cached);
}

TEST_CASE("work goes on without the cache while somebody has locked it") {
    Cached cached;
    pqxx::connection other(cached.db.dsn());
    pqxx::work holding(other);
    holding.exec("lock table public.ai_coach_cache");
    check_survival(cached);
}

TEST_CASE("what cannot be written to the cache is settled all the same") {
    Cached cached;
    sql(cached.db, "delete from public.ai_coach_cache");
    auto row = cached.daemon.claim_one();
    SUBCASE("a constraint of the table's objects") {
        sql(cached.db, "alter table public.ai_coach_cache add check (cache_key not like 'program:%')");
    }
    SUBCASE("its disk fails") {
        sql(cached.db,
            "create function public.fail() returns trigger language plpgsql as "
            "$$ begin raise exception using errcode = '58030'; end $$; "
            "create trigger fail before insert on public.ai_coach_cache "
            "for each row execute function public.fail()");
    }
    SUBCASE("the table has no unique key") {
        sql(cached.db, "alter table public.ai_coach_cache drop constraint ai_coach_cache_pkey");
    }
    auto settled = cached.daemon.settle(std::vector{completion(row)});
    CHECK(settled.accepted.size() == 1);
    CHECK(!settled.cache_error.empty());
}

TEST_CASE("a damaged entry is not served: its row is generated, and writes the entry anew") {
    Cached cached;
    sql(cached.db, R"(update public.ai_coach_cache set summary = '{"total_duration_weeks": "six"}')");
    auto row = cached.daemon.claim_one();
    CHECK(cached.daemon.settle(completion(row)));
    insert_program(cached.db, cached.ada, onboarding);
    CHECK(cached.daemon.claim().hits == 1);
}

TEST_CASE("a trigger that objects to a cached answer costs no call to the model") {
    Cached cached;
    object_to(cached.db, "new.generation_status = 'completed'");
    CHECK(!cached.daemon.try_claim().has_value());
    CHECK(cached.daemon.claim_one_by_one().rows.empty());
    CHECK(column(cached.db, cached.id, "generation_error_code") == "row_refused");
}

}  // namespace claim_trouble_test
