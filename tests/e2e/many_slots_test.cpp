#include <doctest/doctest.h>
#include <fmt/format.h>

#include "e2e/daemon.hpp"
#include "e2e/transitions.hpp"
#include "support/wait.hpp"

namespace many_slots_test {

using namespace spotter;
using namespace spotter::test;

TEST_CASE("a shell's low limit on open files is no limit on calls") {
    constexpr int rows = 300;
    Stage stage;
    stage.model.always(held(completion(stage.app.good_answer_to(onboarding()))));
    ask_for_many(stage.app, rows);
    Process daemon({"--nofile=128:", Process::built(), "serve"},
                   {{"SPOTTER_DATABASE_URL", stage.database.dsn()},
                    {"SPOTTER_HTTP_LISTEN", "127.0.0.1:0"},
                    {"OPENAI_BASE_URL", stage.model.url()},
                    {"SPOTTER_SLOTS", std::to_string(rows)}},
                   {.binary = "/usr/bin/prlimit"});
    stage.model.wait_for_open(rows);
    stage.model.release();
    stage.app.wait_for(all_completed);
    CHECK(stage.model.requests() == rows);
}

TEST_CASE("a thousand calls are open at once on six connections to the database, and all are settled") {
    constexpr int rows = 1000;
    Stage stage;
    stage.model.always(held(completion(stage.app.good_answer_to(onboarding()))));
    ask_for_many(stage.app, rows);
    Daemon daemon =
        stage.serve({{"SPOTTER_SLOTS", std::to_string(rows)}, {"SPOTTER_DATABASE_CONNECTIONS", "4"}});
    auto connections = [&] {
        return std::stoi(
            stage.app.value("select count(*) from pg_stat_activity where datname = current_database() "
                            "and application_name like 'spotter%'"));
    };

    stage.model.wait_for_open(rows);
    CHECK(connections() <= 6);
    CHECK(daemon.metric("spotter_slots_in_use") == rows);
    CHECK(stage.app.value("select count(*) from pg_stat_activity where datname = current_database() "
                          "and state like 'idle in transaction%'") == "0");
    stage.model.release();
    int most = 0;
    auto done = [&] {
        most = std::max(most, connections());
        return stage.app.value(all_completed) == "t";
    };
    CHECK(eventually(done, std::chrono::minutes(2)));
    CHECK(most <= 6);
    CHECK(stage.model.most_open() == rows);
    CHECK(stage.model.requests() == rows);
    CHECK(daemon.stop() == 0);
}

}  // namespace many_slots_test
