#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <set>
#include <thread>

#include "support/queue.hpp"
#include "support/sql.hpp"

namespace claim_test {

using namespace spotter::test;
using spotter::queue::Claim;

namespace {

/// A pending row of its own user, which no other row's cache entry can answer.
std::string row_with(const Database& db, const std::string& change) {
    std::string id = insert_program(db, new_user(db));
    sql(db, fmt::format("update public.training_programs set {} where id = '{}'", change, id));
    return id;
}

std::vector<std::string> ids(const Claim& claim) {
    std::vector<std::string> ids;
    for (const auto& row : claim.rows) ids.push_back(row.lease.id);
    return ids;
}

std::string count(const Database& db, const std::string& condition) {
    return value(db, "select count(*) from public.training_programs where " + condition);
}

}  // namespace

TEST_CASE("a claimed row is processing, leased to its worker and counted as an attempt") {
    Database db = fresh_database();
    Daemon daemon(db);
    std::string id = insert_program(db, new_user(db));

    auto row = daemon.claim_one();
    CHECK(row.lease.id == id);
    CHECK(row.attempts == 1);
    CHECK(row.claimed_at.find('T') == std::string("2025-01-08").size());
    CHECK(column(db, id, "generation_status") == "processing");
    CHECK(column(db, id, "generation_worker") == std::to_string(daemon.id()));
    CHECK(column(db, id, "generation_token") == std::to_string(row.lease.token));
    CHECK(column(db, id, "generation_attempts") == "1");
    CHECK(column(db, id, "generation_stage") == "generating");
    CHECK(column(db, id, "generation_started_at") != "");
    CHECK(column(db, id, "generation_cache_key") == row.cache_key);
    CHECK(column(db, id, "program_details") == "{}");
}

TEST_CASE("only rows that are ready are claimed") {
    Database db = fresh_database();
    Daemon daemon(db);
    for (std::string change :
         {"generation_status = 'processing'", "generation_status = 'completed'",
          "generation_status = 'failed'", "generation_run_after = now() + interval '1 minute'",
          R"(program_details = '{"programName": "x"}')"})
        row_with(db, change);
    CHECK(daemon.claim().rows.empty());

    std::string again = row_with(db, R"(program_details = '{"programName": "x"}', generation_retries = 1)");
    CHECK(daemon.claim_one().lease.id == again);
}

TEST_CASE("rows go by priority and then by age") {
    Database db = fresh_database();
    Daemon daemon(db);
    std::string late = row_with(db, "generation_run_after = now() - interval '1 minute'");
    std::string early = row_with(db, "generation_run_after = now() - interval '2 minutes'");
    std::string urgent = row_with(db, "generation_priority = 1");
    std::string idle =
        row_with(db, "generation_priority = 9, generation_run_after = now() - interval '3 minutes'");
    for (const std::string& next : {urgent, early, late, idle})
        CHECK(ids(daemon.claim(1, 1)) == std::vector{next});
}

TEST_CASE("a step of priority is worth a minute of waiting: what has waited long enough goes first") {
    Database db = fresh_database();
    Daemon daemon(db);
    std::string urgent = row_with(db, "generation_priority = 1");
    std::string idle =
        row_with(db, "generation_priority = 9, generation_run_after = now() - interval '9 minutes'");
    for (const std::string& next : {idle, urgent}) CHECK(ids(daemon.claim(1, 1)) == std::vector{next});
}

TEST_CASE("of more rows than slots the first in turn are claimed, whatever the plan") {
    // Settings by which the planner joins rows and cache in ways that do not keep the rows' order.
    for (std::string setting : {"enable_sort%3Don", "enable_nestloop%3Doff",
                                "enable_nestloop%3Doff%20-c%20enable_hashjoin%3Doff"}) {
        CAPTURE(setting);
        Database db = fresh_database();
        Daemon daemon(spotter::db::Endpoint{.dsn = with_keyword(db.dsn(), "options", "-c%20" + setting)});
        std::string ada = new_user(db);
        insert_program(db, ada, "{\"cached\": true}");
        daemon.settle(completion(daemon.claim_one()));
        // The first in turn are neither first nor last in the table, and every other row is cached.
        sql(db,
            fmt::format(
                "insert into public.training_programs (user_id, onboarding_data_snapshot, "
                "generation_run_after) select '{}', case when n % 2 = 0 then '{{\"cached\": true}}'::jsonb "
                "else jsonb_build_object('n', n) end, now() - make_interval(secs => n * 37 % 101) "
                "from generate_series(1, 100) n",
                ada));
        std::string first = value(
            db,
            "select string_agg(id::text, ' ' order by id) from (select id from public.training_programs "
            "where generation_status = 'pending' and onboarding_data_snapshot ? 'n' "
            "order by generation_run_after limit 5) x");

        auto claim = daemon.claim(100, 5);
        auto claimed = ids(claim);
        std::sort(claimed.begin(), claimed.end());
        CHECK(fmt::format("{}", fmt::join(claimed, " ")) == first);
        CHECK(claim.hits == 50);
        CHECK(claim.looked_at == 100);
        CHECK(count(db, "generation_status = 'pending'") == "45");
        CHECK(daemon.claim(50, 0).rows.empty());
    }
}

TEST_CASE("rows claimed by many sessions at once are claimed once each") {
    const unsigned seed = std::random_device{}();
    CAPTURE(seed);
    constexpr int rows = 400, sessions = 6;
    Database db = fresh_database();
    std::string ada = new_user(db);
    sql(db, fmt::format("insert into public.training_programs (user_id, onboarding_data_snapshot, "
                        "generation_priority) select '{}', jsonb_build_object('n', n), n % 9 + 1 "
                        "from generate_series(1, {}) n",
                        ada, rows));

    std::vector<std::vector<std::string>> claimed(sessions);
    std::vector<std::thread> threads;
    for (int i = 0; i < sessions; ++i)
        threads.emplace_back([&, i] {
            std::minstd_rand random(seed + i);
            Daemon daemon(db);
            for (;;) {
                int batch = 1 + static_cast<int>(random() % 20), slots = 1 + static_cast<int>(random() % 20);
                auto claim = daemon.claim(batch, slots);
                CHECK(static_cast<int>(claim.rows.size()) <= std::min(batch, slots));
                for (const auto& id : ids(claim)) claimed[i].push_back(id);
                // Rows that others hold just now may be what is missing.
                if (claim.looked_at == 0 && count(db, "generation_status = 'pending'") == "0") return;
            }
        });
    for (auto& thread : threads) thread.join();

    std::multiset<std::string> all;
    for (const auto& some : claimed) all.insert(some.begin(), some.end());
    CHECK(all.size() == rows);
    CHECK(std::set(all.begin(), all.end()).size() == rows);
    CHECK(value(db, "select count(distinct generation_token) from public.training_programs") ==
          std::to_string(rows));
}

TEST_CASE("an owner's retry starts afresh, and is claimed although the row holds an old program") {
    Database db = fresh_database();
    Daemon daemon(db);
    std::string ada = new_user(db), id = insert_program(db, ada);
    sql(db, fmt::format(
                R"(update public.training_programs set generation_status = 'failed',
                   program_details = '{{"programName": "old"}}', generation_attempts = 5, generation_crashes = 2,
                   generation_calls = 40, generation_error = 'x', generation_error_code = 'x',
                   generation_finished_at = now(), generation_progress = 70, generation_stage = 'x',
                   generation_queued_at = now() - interval '1 day', generation_worker = 9, generation_token = 9,
                   generation_run_after = now() + interval '1 day' where id = '{}')",
                id));
    CHECK(
        as_role(db, "authenticated", ada, "update public.training_programs set generation_status = 'pending'")
            .rows.affected_rows() == 1);
    CHECK(value(db,
                "select (generation_attempts, generation_crashes, generation_calls, generation_error, "
                "generation_error_code, generation_finished_at, generation_progress, generation_stage, "
                "generation_worker, generation_token, generation_retries, "
                "generation_queued_at > now() - interval '1 hour') from public.training_programs") ==
          "(0,0,0,,,,0,,,,1,t)");

    auto row = daemon.claim_one();
    CHECK(row.attempts == 1);
    CHECK(column(db, id, "program_details") == R"({"programName": "old"})");
}

TEST_CASE("a deleted row is claimed by nobody, and one deleted under its lease takes no result") {
    Database db = fresh_database();
    Daemon daemon(db);
    std::string id = insert_program(db, new_user(db));
    auto row = daemon.claim_one();
    sql(db, fmt::format("delete from public.training_programs where id = '{}'", id));
    CHECK(!daemon.settle(completion(row)));
    CHECK(value(db, "select count(*) from public.ai_coach_cache") == "0");
    CHECK(daemon.claim().looked_at == 0);
}

}  // namespace claim_test
