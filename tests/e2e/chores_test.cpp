// What a running daemon does for the caches and for the table of requests by itself. Chores come round every
// few minutes; here they are made due in the database.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "e2e/daemon.hpp"
#include "e2e/requests.hpp"

namespace chores_test {

using namespace spotter;
using namespace spotter::test;

namespace {

struct Chores {
    Database database = fresh_database();
    AppDatabase app{database.dsn()};
    Requests requests{app};
    Daemon daemon{database.dsn(),
                  {{"SPOTTER_CACHE_ENTRIES", "exercise=1"},
                   {"SPOTTER_CACHE_REFRESH_AHEAD", "true"},
                   {"SPOTTER_QUEUE_KEEP_REQUESTS", "1s"}}};

    /// The builtin's; gives where it comes from.
    std::string exercise(int difficulty) {
        std::string row = requests.ask(
            "exercise", fmt::format(R"({{"type": "contextual_fill", "difficulty": {}}})", difficulty));
        if (requests.end_of(row) != "completed") throw std::runtime_error("no exercise");
        return requests.of(row, "generation_metadata ->> 'source'");
    }
    void make_due(const std::string& chore) {
        app.wait_for(fmt::format("select exists (select from spotter.chore where name = '{}')", chore));
        app.value("update spotter.chore set due_at = now() where name = $1", chore);
    }
};

}  // namespace

TEST_CASE("a daemon holds a cache to its limit by itself, and keeps what was used last") {
    Chores on;
    for (int difficulty : {1, 2, 3}) CHECK(on.exercise(difficulty) == "builtin");
    CHECK(on.app.value("select count(*) from public.exercise_cache") == "3");
    on.make_due("trim_exercise");
    on.app.wait_for("select count(*) = 1 from public.exercise_cache");
    CHECK(on.app.value("select difficulty from public.exercise_cache") == "3");
    CHECK(on.daemon.stop() == 0);
}

TEST_CASE("a daemon adds up use by itself, and makes anew what is used and soon expires") {
    Chores on;
    CHECK(on.exercise(1) == "builtin");
    CHECK(on.exercise(1) == "cache");
    on.make_due("count_cache_use");
    on.app.wait_for("select usage_count = 1 from public.exercise_cache");
    on.app.run("update public.exercise_cache set expires_at = now() + interval '1 hour'");
    on.make_due("refresh_exercise");
    on.app.wait_for("select expires_at > now() + interval '20 hours' from public.exercise_cache");
    CHECK(on.app.value("select generation_metadata ->> 'source' from public.generation_requests "
                       "where generation_purpose = 'refresh'") == "builtin");
    CHECK(on.exercise(1) == "cache");
    CHECK(on.daemon.stop() == 0);
}

TEST_CASE("a daemon brings the reports on the exercises up to date by itself") {
    Chores on;
    CHECK(on.exercise(1) == "builtin");
    on.make_due("refresh_reports");
    on.app.wait_for("select coalesce(sum(entries_created), 0) = 1 from public.exercise_cache_daily_metrics");
    CHECK(on.daemon.stop() == 0);
}

TEST_CASE("a daemon deletes requests that finished longer ago than they are kept by itself, and no other") {
    Chores on;
    for (int difficulty : {1, 2, 3}) CHECK(on.exercise(difficulty) == "builtin");
    on.app.run(
        "update public.generation_requests set generation_finished_at = now() + "
        "case input ->> 'difficulty' when '3' then interval '1 minute' else interval '-1 minute' end; "
        "insert into public.generation_requests (kind, input, generation_run_after) values "
        "('exercise', '{\"type\": \"contextual_fill\", \"difficulty\": 4}', now() + interval '1 hour')");
    on.make_due("clear_requests");
    on.app.wait_for("select count(*) = 2 from public.generation_requests");
    CHECK(on.app.value("select string_agg(input ->> 'difficulty', ' ' order by input ->> 'difficulty') "
                       "from public.generation_requests") == "3 4");
    CHECK(on.app.value("select count(*) from public.exercise_cache") == "3");
    CHECK(on.daemon.stop() == 0);
}

}  // namespace chores_test
