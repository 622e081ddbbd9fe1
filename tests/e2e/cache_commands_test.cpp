// spotter cache cleanup, evict and invalidate: what they print and what they do.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/json.hpp"
#include "e2e/app_database.hpp"
#include "e2e/command.hpp"
#include "support/cluster.hpp"

namespace cache_commands_test {

using namespace spotter;
using namespace spotter::test;

namespace {

constexpr int exercises = 5;
constexpr int kilobytes_each = 300;

/// Five exercises, of which "key 1" was used last and "key 5" longest ago; a program; and an entry of another
/// feature of the app's, which is long over.
struct Caches {
    Database database = fresh_database();
    AppDatabase app{database.dsn()};

    Caches() {
        app.run("alter table public.exercise_cache alter column exercise_data set storage external");
        app.value(
            "insert into public.exercise_cache (cache_key, exercise_type, exercise_data, user_context_hash, "
            "difficulty, last_used_at, created_at, expires_at) "
            "select 'key ' || n, 'term_matching', jsonb_build_object('type', 'term_matching', 'filling', "
            "repeat('x', $2::int * 1024)), 'c', 1, now() - n * interval '1 minute', "
            "now() - interval '3 hours', now() + interval '1 day' from generate_series(1, $1::int) n",
            exercises, kilobytes_each);
        app.value(
            "insert into public.ai_coach_cache (cache_key, user_id, recommendation, created_at, expires_at) "
            "select k, $1, '{}', now() - interval '3 hours', now() + case k when 'tip' then interval '-1 "
            "hour' "
            "else interval '1 day' end from unnest(array['program:1', 'tip']) k",
            app.add_user());
    }
    Ended command(std::vector<std::string> arguments, Environment more = {}) const {
        more["SPOTTER_DATABASE_URL"] = database.dsn();
        arguments.insert(arguments.begin(), "cache");
        return run(std::move(arguments), more);
    }
    /// What it prints when it goes well.
    std::string out(std::vector<std::string> arguments, const Environment& more = {}) const {
        Ended ended = command(std::move(arguments), more);
        CHECK(ended.code == 0);
        CHECK(ended.err == "");
        return ended.out;
    }
    void expire(const std::string& numbers) {
        app.run(
            fmt::format("update public.exercise_cache set expires_at = now() - interval '1 hour' "
                        "where right(cache_key, 1) = any (string_to_array('{}', ' '))",
                        numbers));
    }
    /// The numbers of the exercises that are there.
    std::string left() {
        return app.value(
            "select coalesce(string_agg(right(cache_key, 1), ' ' order by cache_key), '') "
            "from public.exercise_cache");
    }
    std::string entries_of_the_app() {
        return app.value("select string_agg(cache_key, ' ' order by cache_key) from public.ai_coach_cache");
    }
};

/// A line of people's output.
std::string line(const std::string& kind, int deleted) {
    return fmt::format("{:<17} {} deleted\n", kind, deleted);
}

}  // namespace

TEST_CASE("cleanup deletes what has expired, of one kind or of each, and says of each how much") {
    Caches caches;
    caches.expire("2 4");
    CHECK(caches.out({"cleanup", "personality"}) == line("personality", 0));
    CHECK(caches.left() == "1 2 3 4 5");
    CHECK(caches.out({"cleanup", "exercise"}) == line("exercise", 2));
    CHECK(caches.left() == "1 3 5");
    CHECK(caches.out({"cleanup"}) ==
          line("training_program", 0) + line("exercise", 0) + line("personality", 0) + line("sql_query", 0));
    caches.expire("5");
    caches.app.run("update public.ai_coach_cache set expires_at = now() - interval '1 hour'");
    CHECK(caches.out({"cleanup", "--json"}) ==
          "{\"training_program\":1,\"exercise\":1,\"personality\":0,\"sql_query\":0}\n");
    CHECK(caches.out({"cleanup", "exercise", "--json"}) == "{\"exercise\":0}\n");
    CHECK(caches.left() == "1 3");
    CHECK(caches.entries_of_the_app() == "tip");  // another feature's, though its time is over too
}

TEST_CASE("cleanup leaves what has not expired, however much that is") {
    Caches caches;
    CHECK(caches.out({"cleanup"}, {{"SPOTTER_CACHE_ENTRIES", "exercise=1"}}) ==
          line("training_program", 0) + line("exercise", 0) + line("personality", 0) + line("sql_query", 0));
    CHECK(caches.left() == "1 2 3 4 5");
}

TEST_CASE("evict with a number of megabytes leaves what fits into them, the most recently used") {
    Caches caches;
    CHECK(caches.out({"evict", "exercise", "--megabytes", "2"}) == line("exercise", 0));
    CHECK(caches.out({"evict", "exercise", "--megabytes", "1", "--json"}) == "{\"exercise\":2}\n");
    CHECK(caches.left() == "1 2 3");
    CHECK(caches.app.value("select sum(pg_column_size(exercise_data)) between 800000 and 1048576 "
                           "from public.exercise_cache") == "t");
    CHECK(caches.out({"evict", "exercise", "--megabytes", "1"}) == line("exercise", 0));
}

TEST_CASE("evict with a number of entries and of megabytes keeps to both") {
    Caches caches;
    CHECK(caches.out({"evict", "--entries", "4", "--megabytes", "1", "--json"}) ==
          "{\"training_program\":0,\"exercise\":2,\"personality\":0,\"sql_query\":0}\n");
    CHECK(caches.left() == "1 2 3");
    CHECK(caches.out({"evict", "exercise", "--entries", "1", "--megabytes", "1"}) == line("exercise", 2));
    CHECK(caches.left() == "1");
}

TEST_CASE("evict without a limit keeps to those that are configured, as the daemons do") {
    Caches caches;
    CHECK(caches.out({"evict"}) ==
          line("training_program", 0) + line("exercise", 0) + line("personality", 0) + line("sql_query", 0));
    CHECK(caches.out({"evict"}, {{"SPOTTER_CACHE_ENTRIES", "exercise=4"}}) ==
          line("training_program", 0) + line("exercise", 1) + line("personality", 0) + line("sql_query", 0));
    CHECK(caches.left() == "1 2 3 4");
    CHECK(caches.out({"evict", "--json"}, {{"SPOTTER_CACHE_MEGABYTES", "exercise=1"}}) ==
          "{\"training_program\":0,\"exercise\":1,\"personality\":0,\"sql_query\":0}\n");
    CHECK(caches.left() == "1 2 3");
}

TEST_CASE("a cache that was dropped is told from one in which there was nothing to delete") {
    Caches caches;
    caches.app.run("drop table public.exercise_cache cascade");
    const std::string said = fmt::format(
        "{:<17} there is no cache: its table was dropped; spotter migrate makes it again\n", "exercise");
    Ended cleanup = caches.command({"cleanup"});
    CHECK(cleanup.out == line("training_program", 0) + line("personality", 0) + line("sql_query", 0));
    CHECK(cleanup.err == said);
    CHECK(cleanup.code == 0);
    CHECK(caches.command({"evict", "exercise", "--json"}).out == "{}\n");
    CHECK(caches.command({"invalidate", "exercise", "--all"}).err == said);
}

TEST_CASE("invalidate takes the entry of a key, or all of a kind, and says how many that were") {
    Caches caches;
    CHECK(caches.out({"invalidate", "exercise", "--key", "key 2"}) == "1 invalidated\n");
    CHECK(caches.left() == "1 3 4 5");
    CHECK(caches.out({"invalidate", "exercise", "--key", "key 2"}) == "0 invalidated\n");
    CHECK(caches.out({"invalidate", "exercise", "--key", "key 3", "--json"}) ==
          "{\"kind\":\"exercise\",\"invalidated\":1}\n");
    CHECK(caches.out({"invalidate", "exercise", "--all"}) == "3 invalidated\n");
    CHECK(caches.left() == "");
    CHECK(caches.out({"invalidate", "training_program", "--all", "--json"}) ==
          "{\"kind\":\"training_program\",\"invalidated\":1}\n");
    CHECK(caches.entries_of_the_app() == "tip");
}

TEST_CASE("stats say what was trimmed and invalidated, in all and by day") {
    Caches caches;
    CHECK(caches.out({"stats", "--by-day"}) ==
          "Nothing was counted in the last 30 days; what is used is counted within seconds.\n");
    CHECK(caches.out({"stats", "--by-day", "--json"}) == "[]\n");
    caches.expire("4 5");
    caches.out({"cleanup", "exercise"});
    caches.out({"invalidate", "exercise", "--key", "key 1"});
    caches.app.value(
        "insert into spotter.cache_use (kind, key, hits, shared, misses) values ('exercise', 'key 2', 5, 1, "
        "2)");
    CHECK(caches.app.value("select spotter.count_cache_use()") == "3");

    auto parsed = json::parse(caches.out({"stats", "--json"})).value();
    const json::Value& exercise = parsed[0];
    CHECK(json::text(exercise, "kind") == "exercise");
    CHECK(exercise["trimmed"].GetInt() == 2);
    CHECK(exercise["invalidated"].GetInt() == 1);
    CHECK(has(caches.out({"stats"}), "trimmed  invalidated\n"));

    std::string today = caches.app.value("select (now() at time zone 'UTC')::date");
    CHECK(caches.out({"stats", "--by-day", "--days", "1"}) ==
          "day (UTC)                          hits  shared   misses  hit %  trimmed  invalidated\n" + today +
              "  exercise                  5       1        2   75.0        2            1\n");
    parsed = json::parse(caches.out({"stats", "--by-day", "--json"})).value();
    REQUIRE(parsed.Size() == 1);
    CHECK(json::text(parsed[0], "day") == today);
    CHECK(parsed[0]["hit_rate"].GetDouble() == 75.0);
}

TEST_CASE("what is wrong with cleanup, evict and invalidate is said, and nothing is deleted") {
    Caches caches;
    caches.expire("5");
    auto refused = [&](std::vector<std::string> arguments, const std::string& with) {
        Ended ended = caches.command(std::move(arguments), {{"SPOTTER_CACHE_ENTRIES", "exercise=1"}});
        CAPTURE(with);
        CAPTURE(ended.err);
        CHECK(ended.code == 2);
        CHECK(ended.out == "");
        CHECK(has(ended.err, with));
    };
    refused({"cleanup", "exercize"}, "Did you mean exercise?");
    refused({"cleanup", "exercise", "personality"}, "there is more on the command line");
    refused({"evict", "--entries", "0"}, "--entries");
    refused({"evict", "--entries", "-1"}, "--entries");
    refused({"evict", "--megabytes", "0"}, "--megabytes");
    refused({"evict", "--megabytes", "much"}, "--megabytes");
    refused({"evict", "--kilobytes", "1"}, "there is no option --kilobytes of evict");
    refused({"invalidate"}, "kind");
    refused({"invalidate", "--all"}, "kind");
    refused({"invalidate", "exercise", "--all", "--key", "key 1"}, "--all of the kind and neither");
    refused({"invalidate", "exercise", "--user", "nobody"}, "user's id");
    refused({"invalidate", "exercize", "--all"}, "Did you mean exercise?");
    refused({"clean"}, "Did you mean cleanup?");
    CHECK(caches.left() == "1 2 3 4 5");
}

}  // namespace cache_commands_test
