// A daemon behind a real transaction pooler.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "e2e/daemon.hpp"
#include "e2e/transitions.hpp"
#include "support/pooler.hpp"
#include "support/wait.hpp"

namespace pooler_test {

using namespace spotter;
using namespace spotter::test;
using namespace std::chrono_literals;

namespace {

/// A stage whose daemons come through a pooler with fewer sessions than they have connections.
struct PooledStage {
    explicit PooledStage(Pooler::Settings settings) : pooler(stage.database, with_few_servers(settings)) {
        stage.model.always(completion(stage.app.good_answer_to(onboarding())));
    }
    static Pooler::Settings with_few_servers(Pooler::Settings settings) {
        settings.servers = 2;
        return settings;
    }
    Daemon serve(const Environment& more) const { return Daemon(pooler.dsn(), stage.model, more); }
    std::string ask() { return stage.app.ask(stage.app.add_user(), onboarding()); }

    Stage stage;
    Pooler pooler;
};

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// From a row's INSERT to its end, while the daemon sleeps and only a ring wakes it; the median of some.
double milliseconds_to_settle(PooledStage& at, Daemon& daemon) {
    constexpr int rows = 15;
    AppDatabase& app = at.stage.app;
    daemon.wait_until_ready();
    CHECK(daemon.metric("spotter_listener_up") == 1);
    for (int i = 0; i < rows; ++i) {
        app.wait_for("select count(*) = 1 from spotter.bell where lane = 'training_programs'");
        CHECK(app.end_of(at.ask()) == "completed");
    }
    CHECK(daemon.stop() == 0);
    return std::stod(
        app.value("select percentile_cont(0.5) within group (order by extract(epoch from "
                  "generation_finished_at - created_at) * 1000) from public.training_programs"));
}

}  // namespace

TEST_CASE("behind a transaction pooler a daemon polls and says so, and every row is settled once") {
    PooledStage behind({.port = 6543});
    record_transitions(behind.stage.app);
    Daemon daemon = behind.serve({{"SPOTTER_QUEUE_POLL", "200ms"}, {"SPOTTER_SLOTS", "8"}});
    daemon.wait_until_ready();
    CHECK(holds(daemon.log(), "polling_only"));
    CHECK(holds(daemon.log(), "database.direct_url"));
    Daemon::Page ready = daemon.get("/readyz");
    CHECK(ready.status == 200);
    CHECK(holds(ready.body, "polling only"));
    CHECK(daemon.metric("spotter_listener_up") == 0);

    for (int i = 0; i < 5; ++i) ask_for_many(behind.stage.app, 20);
    behind.stage.app.wait_for(all_completed);
    CHECK(behind.stage.app.value(completions_that_are_not_one) == "0");
    CHECK(daemon.metric("spotter_database_errors_total") == 0);
    CHECK(daemon.stop() == 0);
    CHECK(behind.stage.app.value("select count(*) from spotter.worker") == "0");
}

TEST_CASE("with a direct address beside the pooler's a daemon hears of a row as soon as without a pooler") {
    const Environment sleepy = {{"SPOTTER_QUEUE_POLL", "60s"}};
    double directly = 0, around = 0;
    {
        PooledStage stage({});
        Daemon daemon = stage.stage.serve(sleepy);
        directly = milliseconds_to_settle(stage, daemon);
    }
    {
        PooledStage behind({.port = 6543});
        Environment both = sleepy;
        both["SPOTTER_DATABASE_DIRECT_URL"] = behind.stage.database.dsn();
        Daemon daemon = behind.serve(both);
        around = milliseconds_to_settle(behind, daemon);
        CHECK(!holds(daemon.log(), "polling_only"));
    }
    MESSAGE("from INSERT to completed, median: " << directly << " ms directly, " << around
                                                 << " ms through a pooler with a direct address beside it");
    CHECK(around < 2000);
}

TEST_CASE("a pooler that nobody has told of is found out at any port, and rows are served by polling") {
    bool drops_options = false;
    SUBCASE("it refuses what sessions ask for") {}
    SUBCASE("it drops what sessions ask for") {
        drops_options = true;
    }
    PooledStage behind({.drops_options = drops_options});
    Daemon daemon = behind.serve({{"SPOTTER_QUEUE_POLL", "200ms"}, {"SPOTTER_SLOTS", "8"}});
    daemon.wait_until_ready();
    CHECK(holds(daemon.log(), "polling_only"));
    CHECK(holds(daemon.log(), "do=\"a transaction pooler stands between"));
    CHECK(holds(daemon.get("/readyz").body, "polling only"));
    CHECK(daemon.metric("spotter_listener_up") == 0);
    ask_for_many(behind.stage.app, 40);
    behind.stage.app.wait_for(all_completed);
    CHECK(daemon.metric("spotter_database_errors_total") == 0);
    CHECK(daemon.stop() == 0);
}

TEST_CASE("a pooler that dies in mid-call and is started again costs no row and no call") {
    PooledStage behind({.port = 6543});
    AppDatabase& app = behind.stage.app;
    record_transitions(app);
    std::string row = behind.ask();
    behind.stage.model.always(held(completion(app.good_answer(row))));
    Daemon daemon = behind.serve({{"SPOTTER_QUEUE_POLL", "200ms"}, {"SPOTTER_QUEUE_BEAT", "300ms"}});
    behind.stage.model.wait_for_open(1);
    behind.pooler.restart();
    behind.stage.model.release();
    CHECK(app.end_of(row) == "completed");
    CHECK(app.of(row, "generation_crashes") == "0");
    behind.stage.model.always(completion(app.good_answer(row)));
    CHECK(app.end_of(behind.ask()) == "completed");
    CHECK(app.value(completions_that_are_not_one) == "0");
    CHECK(behind.stage.model.requests() == 2);
    CHECK(daemon.stop() == 0);
}

TEST_CASE("behind a transaction pooler the call of a cancelled row is ended without anybody's ring") {
    PooledStage behind({.port = 6543});
    AppDatabase& app = behind.stage.app;
    behind.stage.model.always(silence());
    std::string row = behind.ask();
    Daemon daemon = behind.serve({{"SPOTTER_QUEUE_POLL", "200ms"}, {"SPOTTER_QUEUE_BEAT", "300ms"}});
    behind.stage.model.wait_for_open(1);
    Process cancel({"cancel", row}, {{"SPOTTER_DATABASE_URL", behind.pooler.dsn()}});
    CHECK(cancel.wait() == 0);
    behind.stage.model.wait_for_open(0);
    CHECK(app.of(row, "generation_error_code") == "cancelled");
    CHECK(daemon.stop() == 0);
}

TEST_CASE("commands work through a transaction pooler, and check-config says what it costs") {
    Database database = empty_database();
    Pooler pooler(database, {.port = 6543});
    const Environment through = {{"SPOTTER_DATABASE_URL", pooler.dsn()}};
    Process migrate({"migrate"}, through);
    CHECK(migrate.wait() == 0);
    Process status({"status", "--json"}, through);
    CHECK(status.wait() == 0);

    Process check({"check-config"}, through);
    CHECK(check.wait() == 0);
    CHECK(holds(check.err(), "polling alone"));
    CHECK(holds(check.err(), "database.direct_url"));
    Environment around = through;
    around["SPOTTER_DATABASE_DIRECT_URL"] = database.dsn();
    Process silent({"check-config"}, around);
    CHECK(silent.wait() == 0);
    CHECK(silent.err().empty());
    Process directly({"migrate"}, around);
    CHECK(directly.wait() == 0);
    CHECK(!holds(directly.out(), "6543"));
}

}  // namespace pooler_test
