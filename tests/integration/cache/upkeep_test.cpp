#include "cache/upkeep.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "cache/inspect.hpp"
#include "cache/parts.hpp"
#include "support/queue.hpp"
#include "support/run.hpp"
#include "support/sql.hpp"

// What is done for the caches beside looking up and writing. What each kind's own functions do is tested with
// its table.

namespace upkeep_test {

using namespace spotter::test;
namespace cache = spotter::cache;
using spotter::Seconds;

namespace {

constexpr const char* kind = "training_program";

struct Kept {
    Database db = fresh_database();
    Daemon daemon{db};
    std::string ada = new_user(db);
    spotter::db::Session session{spotter::db::Endpoint{.dsn = db.dsn()}};

    /// Generates and caches a program. Gives its key.
    std::string program(const std::string& goal, const std::string& user) {
        insert_program(db, user, fmt::format(R"({{"primaryGoal": "{}"}})", goal));
        auto row = daemon.claim_one();
        daemon.settle(completion(row));
        return row.cache_key;
    }
    std::string entries() const { return value(db, "select count(*) from public.ai_coach_cache"); }
    std::string day(const std::string& column) const {
        return value(db, fmt::format("select coalesce(sum({}), 0) from spotter.cache_day", column));
    }
};

}  // namespace

TEST_CASE("a chore is done by one of all daemons each time it is due") {
    Kept kept;
    Daemon other(kept.db);
    auto ours = [&](Daemon& daemon, double every) {
        return run(cache::take_chore(daemon.pool(), "a chore", Seconds(every), daemon.id())).value();
    };
    CHECK(ours(kept.daemon, 3600));
    CHECK(!ours(other, 3600));
    CHECK(!ours(kept.daemon, 3600));
    sql(kept.db, "update spotter.chore set due_at = now()");
    CHECK(ours(other, 3600));
    CHECK(value(kept.db, "select worker from spotter.chore") == std::to_string(other.id()));
}

TEST_CASE(
    "a part is kept for a day, while its row leads, until it is invalidated, or as long as its user is "
    "there") {
    Kept kept;
    insert_program(kept.db, kept.ada, R"({"primaryGoal": "G"})");
    auto row = kept.daemon.claim_one();
    auto keep = [&](const std::string& key) {
        cache::Part part{key, kind, row.cache_key, "{}", "provider", "model", "now"};
        return run(cache::keep_part(kept.daemon.pool(), row.lease.id, part)).has_value();
    };
    auto found = [&](const std::string& key) {
        return run(cache::find_parts(kept.daemon.pool(), {key, "no key"})).value().size();
    };
    CHECK(keep("a"));
    CHECK(keep("a"));
    CHECK(found("a") == 1);
    CHECK(run(cache::clear_ledgers(kept.daemon.pool(), 10)).value() == 0);
    sql(kept.db, "update spotter.part set made_at = now() - interval '25 hours'");
    CHECK(run(cache::clear_ledgers(kept.daemon.pool(), 10)).value() == 1);

    keep("b");
    CHECK(run(cache::forget_parts(kept.daemon.pool(), row.cache_key)).has_value());
    CHECK(found("b") == 0);
    keep("c");
    sql(kept.db, "delete from auth.users");
    keep("d");
    CHECK(found("d") == 0);  // the user is gone, and with them the row and its flight
    CHECK(found("c") == 0);
}

TEST_CASE(
    "an invalidation takes the parts that are kept, and keeps those that are in the air from being kept") {
    Kept kept;
    insert_program(kept.db, kept.ada, R"({"primaryGoal": "G"})");
    auto row = kept.daemon.claim_one();
    auto keep = [&] {
        cache::Part part{"a", kind, row.cache_key, "{}", "provider", "model", "now"};
        CHECK(run(cache::keep_part(kept.daemon.pool(), row.lease.id, part)).has_value());
        return value(kept.db, "select count(*) from spotter.part");
    };
    CHECK(keep() == "1");
    SUBCASE("of another kind") {
        cache::invalidate(kept.session, "exercise", std::nullopt, std::nullopt);
        CHECK(keep() == "1");
    }
    SUBCASE("of its user") {
        cache::invalidate(kept.session, kind, kept.ada, std::nullopt);
        CHECK(keep() == "0");
    }
    SUBCASE("of its key") {
        cache::invalidate(kept.session, kind, std::nullopt, row.cache_key);
        CHECK(keep() == "0");
    }
}

TEST_CASE("a locked table of parts is waited for by nobody") {
    Kept kept;
    spotter::db::Session locking{spotter::db::Endpoint{.dsn = kept.db.dsn()}};
    locking.run({"b", "begin"});
    locking.run({"l", "lock table spotter.part"});
    auto began = std::chrono::steady_clock::now();
    CHECK_FALSE(run(cache::find_parts(kept.daemon.pool(), {"a"})).has_value());
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(3));
}

TEST_CASE("what was noted is cleared when it is of no use any more") {
    Kept kept;
    sql(kept.db, fmt::format("insert into spotter.served (user_id, at) values ('{}', now() - interval '31 "
                             "days'), (gen_random_uuid(), now());"
                             "insert into spotter.cache_day (kind, day) values ('{}', current_date - 401), "
                             "('{}', current_date - 399)",
                             kept.ada, kind, kind));
    CHECK(run(cache::clear_ledgers(kept.daemon.pool(), 10)).value() == 1);
    CHECK(run(cache::clear_ledgers(kept.daemon.pool(), 10)).value() == 0);
    CHECK(value(kept.db, "select count(*) from spotter.served") == "1");
    CHECK(value(kept.db, "select count(*) from spotter.cache_day") == "1");
}

TEST_CASE("hits, shared answers and misses are counted, once") {
    Kept kept;
    for (int i = 0; i < 3; ++i) insert_program(kept.db, kept.ada, R"({"primaryGoal": "G"})");
    auto row = kept.daemon.claim_one();
    kept.daemon.settle(completion(row));
    for (int i = 0; i < 4; ++i) insert_program(kept.db, kept.ada, R"({"primaryGoal": "G"})");
    CHECK(kept.daemon.claim().hits == 4);
    CHECK(run(cache::count_use(kept.daemon.pool(), 100)).value() == 2);
    for (int i = 0; i < 2; ++i) {
        CHECK(kept.day("hits") == "4");
        CHECK(kept.day("shared") == "2");
        CHECK(kept.day("misses") == "1");
        CHECK(run(cache::count_use(kept.daemon.pool(), 100)).value() == 0);
    }
    CHECK(value(kept.db, fmt::format("select hit_rate from spotter.cache_stats() where kind = '{}'", kind)) ==
          "85.7");
}

TEST_CASE("what was used before midnight, by UTC, counts for the day before, though it is counted after") {
    Kept kept;
    sql(kept.db,
        fmt::format("insert into spotter.cache_use (kind, key, hits, at) values "
                    "('{0}', 'k', 2, '2026-03-01 23:59:59.9+00'), ('{0}', 'k', 3, '2026-03-02 00:00+00'), "
                    "('{0}', 'l', 4, '2026-03-02 01:30+02')",
                    kind));
    CHECK(run(cache::count_use(kept.daemon.pool(), 100)).value() == 3);
    CHECK(value(kept.db,
                "select string_agg(format('%s %s', day, hits), ', ' order by day) from spotter.cache_day") ==
          "2026-03-01 6, 2026-03-02 3");
}

TEST_CASE("a hit rate is of the days that are asked for, and there is none while nobody asked") {
    Kept kept;
    auto rate = [&](int days) {
        return value(kept.db, fmt::format("select hit_rate from spotter.cache_stats({}) where kind = '{}'",
                                          days, kind));
    };
    CHECK(rate(30) == "");
    sql(kept.db,
        fmt::format(
            "insert into spotter.cache_day values ('{0}', (now() at time zone 'UTC')::date, 1, 0, 1), "
            "('{0}', (now() at time zone 'UTC')::date - 10, 8, 0, 0)",
            kind));
    CHECK(rate(1) == "50.0");
    CHECK(rate(30) == "90.0");
}

TEST_CASE(
    "a cache is held to a number of entries and to an amount, the oldest programs first, and others' entries "
    "stay") {
    Kept kept;
    for (std::string goal : {"a", "b", "c", "d"}) kept.program(goal, kept.ada);
    sql(kept.db,
        fmt::format(
            "update public.ai_coach_cache set expires_at = now() + interval '1 hour' + random() * interval "
            "'1 hour'; insert into public.ai_coach_cache (cache_key, user_id, recommendation, expires_at) "
            "values ('tip:1', '{}', '{{}}', now() - interval '1 day')",
            kept.ada));
    std::string youngest =
        value(kept.db, "select cache_key from public.ai_coach_cache order by expires_at desc limit 1");
    auto trim = [&](cache::Limits limits) { return cache::trim_all(kept.session, kind, limits); };
    CHECK(trim({}) == 0);
    CHECK(trim({.entries = 10, .bytes = 1 << 30}) == 0);
    CHECK(trim({.entries = 2}) == 2);
    CHECK(trim({.bytes = 1}) >= 1);
    CHECK(value(kept.db, "select count(*) from public.ai_coach_cache where cache_key = 'tip:1'") == "1");
}

TEST_CASE("two that trim programs at once do not delete the same excess twice") {
    Kept kept;
    for (std::string goal : {"a", "b", "c", "d"}) kept.program(goal, kept.ada);
    pqxx::connection other(kept.db.dsn());
    pqxx::work transaction(other);
    CHECK(transaction.exec1("select spotter.training_program_trim(3, null, 100)")[0].as<int>() == 1);
    CHECK(cache::trim_all(kept.session, kind, {.entries = 3}) == 0);
    transaction.commit();
    CHECK(cache::trim_all(kept.session, kind, {.entries = 3}) == 0);
    CHECK(kept.entries() == "3");
}

TEST_CASE("invalidation takes a user's entries, a key's, or all of a kind, and nothing else") {
    Kept kept;
    std::string bob = new_user(kept.db);
    std::string first = kept.program("a", kept.ada);
    kept.program("b", kept.ada);
    kept.program("a", bob);
    CHECK(cache::invalidate(kept.session, kind, std::nullopt, first) == 1);
    CHECK(cache::invalidate(kept.session, kind, kept.ada, std::nullopt) == 1);
    CHECK(kept.entries() == "1");
    CHECK(cache::invalidate(kept.session, kind, std::nullopt, std::nullopt) == 1);
    CHECK(kept.entries() == "0");
    CHECK_THROWS_AS(cache::invalidate(kept.session, "no_kind", std::nullopt, std::nullopt), pqxx::sql_error);
}

TEST_CASE(
    "what is in the air when its key is invalidated completes its row, and is not cached; who waited is not "
    "served it") {
    Kept kept;
    insert_program(kept.db, kept.ada, R"({"primaryGoal": "G"})");
    auto row = kept.daemon.claim_one();
    std::string waits = insert_program(kept.db, kept.ada, R"({"primaryGoal": "G"})");
    CHECK(kept.daemon.claim().parked == 1);
    cache::invalidate(kept.session, kind, kept.ada, std::nullopt);
    CHECK(kept.daemon.settle(completion(row)));
    CHECK(column(kept.db, row.lease.id, "generation_status") == "completed");
    CHECK(kept.entries() == "0");
    CHECK(kept.daemon.claim_one().lease.id == waits);
}

TEST_CASE("a user's programs are forgotten when what they are made from changes, and only then") {
    Kept kept;
    std::string bob = new_user(kept.db);
    kept.program("a", kept.ada);
    kept.program("a", bob);
    auto change = [&](const std::string& what) {
        sql(kept.db, fmt::format("update public.profiles set {} where id = '{}'", what, kept.ada));
    };
    change("email = 'ada@example.org', updated_at = now()");
    change("age = age");
    CHECK(kept.entries() == "2");
    change(R"(onboarding_responses = '{"primaryGoal": "Another"}')");
    CHECK(kept.entries() == "1");
    CHECK(value(kept.db, "select user_id from public.ai_coach_cache") == bob);
}

TEST_CASE("a profile can be changed though the cache is gone") {
    Kept kept;
    sql(kept.db, "drop table public.ai_coach_cache");
    CHECK_NOTHROW(sql(kept.db, "update public.profiles set age = 31"));
    CHECK(value(kept.db, "select age from public.profiles") == "31");
}

TEST_CASE("what is in the air when a profile changes completes its row, and is not kept") {
    Kept kept;
    insert_program(kept.db, kept.ada, R"({"primaryGoal": "G"})");
    auto row = kept.daemon.claim_one();
    sql(kept.db, "update public.profiles set name = 'Another'");
    CHECK(kept.daemon.settle(completion(row)));
    CHECK(column(kept.db, row.lease.id, "generation_status") == "completed");
    CHECK(kept.entries() == "0");
}

TEST_CASE("warming asks for each user, and what is cached already costs no call") {
    Kept kept;
    std::string bob = new_user(kept.db);
    sql(kept.db, R"(update public.profiles set onboarding_responses = '{"primaryGoal": "G"}')");
    kept.program("G", kept.ada);
    CHECK(cache::warm(kept.session, kind,
                      fmt::format(R"([{{"user": "{}"}}, {{"user": "{}"}}])", kept.ada, bob)) == 2);
    Daemon warming(kept.db);
    warming.work_on_requests(kind);
    auto claim = warming.claim();
    CHECK(claim.hits == 1);
    REQUIRE(claim.rows.size() == 1);
    CHECK(warming.settle(completion(claim.rows[0])));
    insert_program(kept.db, bob, "{}");
    CHECK(kept.daemon.claim().hits == 1);
}

TEST_CASE("what is cached for its user alone is not asked for without one, and an input may be a user's") {
    Kept kept;
    CHECK_THROWS_WITH_AS(cache::warm(kept.session, "personality", R"([{"input": {"posts": ["a b c d e"]}}])"),
                         doctest::Contains("cached for its user alone"), pqxx::sql_error);
    CHECK(cache::warm(kept.session, "personality",
                      fmt::format(R"([{{"user": "{}", "input": {{"posts": ["a b c d e"]}}}}])", kept.ada)) ==
          1);
    CHECK(value(kept.db, "select user_id from public.generation_requests") == kept.ada);
}

TEST_CASE("finished rows that nobody reads are cleared away, those of apps stay as long as is said") {
    Kept kept;
    sql(kept.db,
        fmt::format(
            "insert into public.generation_requests (user_id, kind, generation_status, generation_purpose, "
            "generation_finished_at) values "
            "('{0}', '{1}', 'completed', 'warm', now() - interval '1 hour'), "
            "('{0}', '{1}', 'failed', 'warm', now() - interval '1 hour'), "  // tells for a day why it failed
            "('{0}', '{1}', 'failed', 'warm', now() - interval '25 hours'), "
            "('{0}', '{1}', 'failed', 'refresh', now() - interval '1 hour'), "
            "('{0}', '{1}', 'completed', 'answer', now() - interval '1 hour'), "
            "('{0}', '{1}', 'failed', 'answer', now() - interval '3 days'), "
            "('{0}', '{1}', 'pending', 'warm', null)",
            kept.ada, kind));
    auto clear = [&](std::optional<Seconds> keep) {
        return run(cache::clear_requests(kept.daemon.pool(), keep, 10)).value();
    };
    auto left = [&] { return value(kept.db, "select count(*) from public.generation_requests"); };
    CHECK(clear(std::nullopt) == 3);
    CHECK(clear(std::nullopt) == 0);
    CHECK(left() == "4");
    CHECK(clear(Seconds(86400)) == 1);
    CHECK(left() == "3");
}

TEST_CASE("a cache that was dropped has no figures, and is kept without an error") {
    Kept kept;
    kept.program("a", kept.ada);
    sql(kept.db, "drop table public.ai_coach_cache");
    CHECK(run(cache::count_use(kept.daemon.pool(), 100)).value() > 0);
    CHECK(cache::trim_all(kept.session, kind, {.entries = 1}) == 0);
    CHECK(value(kept.db, fmt::format("select entries from spotter.cache_stats() where kind = '{}'", kind)) ==
          "");
    CHECK(kept.day("misses") == "1");
}

TEST_CASE("an entry that its cache refuses keeps no row from being settled, and no other entry out") {
    Kept kept;
    insert_program(kept.db, kept.ada, R"({"primaryGoal": "a"})");
    insert_program(kept.db, kept.ada, R"({"primaryGoal": "b"})");
    auto rows = kept.daemon.claim().rows;
    REQUIRE(rows.size() == 2);
    sql(kept.db, fmt::format("alter table public.ai_coach_cache add check (cache_key <> {})",
                             literal(rows[0].cache_key)));
    auto settled = kept.daemon.settle({completion(rows[0]), completion(rows[1])});
    CHECK(settled.accepted.size() == 2);
    CHECK(settled.cache_error.find("violates check constraint") != std::string::npos);
    CHECK(value(kept.db, "select cache_key from public.ai_coach_cache") == rows[1].cache_key);
}

TEST_CASE("popular entries are asked for anew before they expire, once, and answer as before until then") {
    Kept kept;
    kept.daemon.work_on_requests("exercise");
    auto ask = [&](int difficulty) {
        sql(kept.db, fmt::format("insert into public.generation_requests (kind, input) values ('exercise', "
                                 "'{{\"type\": \"term_matching\", \"difficulty\": {}}}')",
                                 difficulty));
    };
    auto exercise = [](const spotter::queue::ClaimedRow& row) {
        auto done = completion(row);
        done.content = R"({"type": "term_matching"})";
        return done;
    };
    for (int difficulty : {1, 2}) {
        ask(difficulty);
        kept.daemon.settle(exercise(kept.daemon.claim_one()));
    }
    ask(1);
    CHECK(kept.daemon.claim().hits == 1);
    run(cache::count_use(kept.daemon.pool(), 100)).value();
    auto ahead = [&](double within, const char* versions) {
        return run(cache::refresh_ahead(kept.daemon.pool(), "exercise", versions, Seconds(within), 10))
            .value();
    };
    CHECK(ahead(60, "v1") == 0);
    CHECK(ahead(25 * 3600.0, "v2") == 0);
    CHECK(ahead(25 * 3600.0, "v1") == 1);
    CHECK(ahead(25 * 3600.0, "v1") == 0);
    ask(1);
    auto claim = kept.daemon.claim();
    CHECK(claim.hits == 1);
    REQUIRE(claim.rows.size() == 1);
    sql(kept.db,
        "update public.exercise_cache set expires_at = now() + interval '1 minute' where difficulty = 1");
    CHECK(kept.daemon.settle(exercise(claim.rows[0])));
    CHECK(value(kept.db,
                "select count(*) from public.exercise_cache where expires_at < now() + interval '1 hour'") ==
          "0");
}

TEST_CASE("a stale entry is served whatever becomes of its refresh, which is not asked for again at once") {
    Kept kept;
    kept.daemon.work_on_requests("personality");
    sql(kept.db, fmt::format("select spotter.personality_save('{}', '{{\"summary\": \"s\", \"traits\": "
                             "[{{\"name\": \"Wit\", \"score\": 5}}]}}'); "
                             "update public.personality_cache set is_stale = true",
                             kept.ada));
    auto ask = [&] {
        sql(kept.db,
            fmt::format("insert into public.generation_requests (user_id, kind, input) values ('{}', "
                        "'personality', '{{\"posts\": [\"five words are quite enough\"]}}')",
                        kept.ada));
    };
    auto refreshes = [&] {
        return value(kept.db,
                     "select count(*) from public.generation_requests where generation_purpose = 'refresh'");
    };
    SUBCASE("it fails") {
        ask();
        CHECK(kept.daemon.claim().hits == 1);
        CHECK(refreshes() == "1");
        kept.daemon.settle(failing(kept.daemon.claim_one()));
        ask();
        CHECK(kept.daemon.claim().hits == 1);
        CHECK(refreshes() == "1");
        CHECK(kept.daemon.claim().rows.empty());
        sql(kept.db,
            "update public.generation_requests set generation_finished_at = now() - interval '1 hour'");
        run(cache::clear_requests(kept.daemon.pool(), std::nullopt, 10)).value();
        ask();
        CHECK(kept.daemon.claim().hits == 1);
        CHECK(refreshes() == "1");
    }
    SUBCASE("it was done, and what it made is stale once more") {
        auto pending = [&] {
            return value(
                kept.db,
                "select count(*) from public.generation_requests where generation_purpose = 'refresh' and "
                "generation_status = 'pending'");
        };
        auto done = [&](const char* when) {
            sql(kept.db, fmt::format("update public.generation_requests set generation_status = 'completed', "
                                     "generation_finished_at = {} where generation_purpose = 'refresh'",
                                     when));
        };
        ask();
        CHECK(kept.daemon.claim().hits == 1);
        CHECK(pending() == "1");
        done("now()");
        ask();
        CHECK(kept.daemon.claim().hits == 1);
        CHECK(pending() == "0");
        done("now() - interval '31 seconds'");
        ask();
        CHECK(kept.daemon.claim().hits == 1);
        CHECK(pending() == "1");
    }
    SUBCASE("a trigger of the app's does not let it in") {
        sql(kept.db,
            "create function public.object() returns trigger language plpgsql as $$ begin "
            "raise exception 'the app objects'; end $$; "
            "create trigger object before insert on public.generation_requests for each row "
            "when (new.generation_purpose <> 'answer') execute function public.object()");
        ask();
        CHECK(kept.daemon.claim().hits == 1);
        CHECK(refreshes() == "0");
    }
}

TEST_CASE("one cache whose entries an app's trigger guards keeps the others' use from nobody") {
    Kept kept;
    kept.program("a", kept.ada);
    sql(kept.db,
        "create function public.object() returns trigger language plpgsql as $$ begin "
        "raise exception 'the app objects'; end $$; "
        "create trigger object before update on public.exercise_cache for each row execute function "
        "public.object(); "
        "insert into public.exercise_cache (cache_key, exercise_type, exercise_data, user_context_hash, "
        "difficulty) "
        "values ('k', 'term_matching', '{}', 'h', 1); "
        "insert into spotter.cache_use (kind, key, hits) values ('exercise', 'k', 3)");
    CHECK(run(cache::count_use(kept.daemon.pool(), 100)).value() == 2);
    CHECK(kept.day("hits") == "3");
    CHECK(kept.day("misses") == "1");
}

TEST_CASE("the service may do with caches what the daemon does") {
    Kept kept;
    for (const char* call : {"count_cache_use()", "cache_stats()", "trim_cache('exercise')",
                             "refresh_reports()", "refresh_ahead('exercise', '1 hour')", "clear_requests()",
                             "invalidate_cache('exercise')", "invalidate_cache('training_program')",
                             "invalidate_cache('personality')", "invalidate_cache('sql_query')",
                             "warm_cache('exercise', array[null]::uuid[], "
                             "array['{\"type\": \"term_matching\", \"difficulty\": 1}']::jsonb[])"}) {
        CAPTURE(call);
        CHECK(as_role(kept.db, "service_role", kept.ada, fmt::format("select spotter.{}", call)).message ==
              "");
        CHECK(as_role(kept.db, "authenticated", kept.ada, fmt::format("select spotter.{}", call)).sqlstate ==
              "42501");
    }
}

}  // namespace upkeep_test
