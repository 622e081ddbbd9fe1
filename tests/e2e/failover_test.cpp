// A primary that dies, and a standby that takes its place.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "db/migrator.hpp"
#include "e2e/daemon.hpp"
#include "e2e/transitions.hpp"
#include "support/replicas.hpp"
#include "support/wait.hpp"

namespace failover_test {

using namespace spotter;
using namespace spotter::test;
using namespace std::chrono_literals;

namespace {

bool becomes(const Daemon& daemon, int status) {
    return eventually([&] { return daemon.get("/readyz").status == status; }, 60s);
}

/// An app that inserts one row after the other until its database is gone.
class BusyApp {
  public:
    explicit BusyApp(const std::string& dsn) : thread_([this, dsn] { insert(dsn); }) {}
    ~BusyApp() { thread_.join(); }

    int committed() const { return static_cast<int>(committed_.load()); }

  private:
    void insert(const std::string& dsn) {
        try {
            AppDatabase app(dsn);
            for (;;) {
                app.ask(app.add_user(), onboarding());
                ++committed_;
            }
        } catch (const std::exception&) {
            // The database has gone; what was not confirmed may be there or not.
        }
    }

    std::atomic<int> committed_ = 0;
    std::thread thread_;
};

}  // namespace

TEST_CASE("when a primary dies the daemon follows to the one that takes its place, and no row is lost") {
    Replicas replicas;
    db::migrate(replicas.primary()).value();
    ScriptedModel model;
    std::string row;
    {
        AppDatabase app(replicas.primary());
        record_transitions(app);
        row = app.ask(app.add_user(), onboarding());
        std::string good = app.good_answer(row);
        model.then(held(completion(good)));
        model.always(completion(good));
    }
    Daemon daemon(replicas.both(), model,
                  {{"SPOTTER_QUEUE_BEAT", "300ms"}, {"SPOTTER_QUEUE_LEASE", "3s"}, {"SPOTTER_SLOTS", "4"}});
    daemon.wait_until_ready();
    model.wait_for_open(1);

    int committed = 0;
    {
        BusyApp busy(replicas.primary());
        // Claims and results are under way when it happens.
        model.wait_for_requests(40);
        replicas.crash_primary();
        REQUIRE(becomes(daemon, 503));
        model.release();  // an answer that comes while there is no primary
        committed = busy.committed();
    }
    auto dead = std::chrono::steady_clock::now();
    replicas.promote_standby();
    AppDatabase app(replicas.standby());
    CHECK(becomes(daemon, 200));
    MESSAGE("ready again " << std::chrono::duration<double>(std::chrono::steady_clock::now() - dead).count()
                           << " s after the promotion began");

    app.wait_for(all_completed);
    CHECK(app.value(completions_that_are_not_one) == "0");
    // All that was confirmed is there, and at most one row more, whose confirmation did not arrive.
    int present = std::stoi(app.value("select count(*) from public.training_programs")) - 1;
    CHECK(committed >= 30);
    CHECK(present >= committed);
    CHECK(present <= committed + 1);
    CHECK(app.of(row, "generation_attempts") == "1");
    CHECK(app.of(row, "generation_crashes") == "0");
    CHECK(model.requests() <=
          present + 1 + 4);  // whose claim or result was lost on the way is asked once more

    CHECK(app.end_of(app.ask(app.add_user(), onboarding())) == "completed");
    // What an operator reads of it.
    const std::string log = daemon.log();
    const std::string from = Replicas::address(replicas.primary()),
                      to = Replicas::address(replicas.standby());
    for (const std::string& line :
         {std::string("listener_lost"), std::string("claim_failed"), std::string("settle_delayed"),
          fmt::format("database_moved from={} to={}", from, to), fmt::format("listening server={}", to),
          std::string("claiming_again")}) {
        CAPTURE(line);
        CHECK(log.find(line) != std::string::npos);
    }
    CHECK(daemon.stop() == 0);
}

TEST_CASE("a daemon that is sent to a standby waits, says why, and works as soon as it can write") {
    Replicas replicas;
    db::migrate(replicas.primary()).value();
    std::string row;
    {
        AppDatabase app(replicas.primary());
        row = app.ask(app.add_user(), onboarding());
    }
    Daemon daemon(replicas.standby());
    daemon.wait_for_log("read-only");
    CHECK(daemon.get("/readyz").status == 503);
    CHECK(daemon.get("/readyz").body.find("read-only") != std::string::npos);

    replicas.crash_primary();
    replicas.promote_standby();
    AppDatabase app(replicas.standby());
    CHECK(app.end_of(row) == "completed");
    CHECK(app.of(row, "generation_attempts") == "1");
    CHECK(becomes(daemon, 200));
    CHECK(daemon.stop() == 0);
}

TEST_CASE("a database that becomes read-only under a daemon fails no row, and is worked on when it is not") {
    Stage stage;
    std::string row = stage.app.ask(stage.app.add_user(), onboarding());
    std::string good = stage.app.good_answer(row);
    stage.model.then(held(completion(good)));
    stage.model.always(completion(good));
    Daemon daemon = stage.serve({{"SPOTTER_QUEUE_BEAT", "300ms"}, {"SPOTTER_QUEUE_LEASE", "3s"}});
    daemon.wait_until_ready();
    stage.model.wait_for_open(1);

    // As its sessions find a primary that was made a standby of another.
    stage.app.run(
        fmt::format("alter database {} set default_transaction_read_only = on", stage.database.name()));
    stage.app.value(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity "
        "where datname = current_database() and application_name like 'spotter%'");
    daemon.wait_for_log("read-only");
    REQUIRE(becomes(daemon, 503));
    std::string late = stage.app.ask(stage.app.add_user(), onboarding());
    stage.model.release();
    daemon.wait_for_log("settle_delayed");

    stage.app.run(
        fmt::format("alter database {} reset default_transaction_read_only", stage.database.name()));
    CHECK(stage.app.end_of(row) == "completed");
    CHECK(stage.app.end_of(late) == "completed");
    CHECK(stage.app.of(row, "generation_attempts") == "1");
    CHECK(stage.app.of(row, "generation_crashes") == "0");
    CHECK(stage.model.requests() == 2);
    CHECK(becomes(daemon, 200));
    CHECK(daemon.stop() == 0);
}

}  // namespace failover_test
