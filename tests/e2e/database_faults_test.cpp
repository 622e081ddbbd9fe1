// A database that goes away while rows are being worked on, and returns.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include <optional>

#include "db/migrator.hpp"
#include "db/private_postgres.hpp"
#include "e2e/daemon.hpp"
#include "support/temporary_folder.hpp"
#include "support/wait.hpp"

namespace database_faults_test {

using namespace spotter;
using namespace spotter::test;
using namespace std::chrono_literals;

namespace {

/// A migrated Postgres of a test's own, to stop and start; its address stays the same.
class OwnPostgres {
  public:
    OwnPostgres() {
        start();
        db::migrate(dsn()).value();
    }
    std::string dsn() const { return server_->dsn(); }
    void start() {
        db::PrivatePostgresSettings settings;
        settings.folder = folder_.path() / "postgres";
        settings.bin = postgres_programs();
        settings.parameters = {{"fsync", "off"}};
        auto started = db::PrivatePostgres::start(settings);
        if (!started) throw std::runtime_error(started.error().message);
        server_.emplace(std::move(*started));
    }
    void stop() { server_->stop(); }
    /// As a crash would: the next start recovers.
    void crash() {
        kill(server_->pid(), SIGQUIT);
        server_->stop();
    }

  private:
    TemporaryFolder folder_;
    std::optional<db::PrivatePostgres> server_;
};

bool becomes(const Daemon& daemon, int status) {
    return eventually([&] { return daemon.get("/readyz").status == status; }, 60s);
}

}  // namespace

TEST_CASE("an answer that comes while the database is away is kept and written when it is back, once") {
    OwnPostgres postgres;
    std::string row, good;
    {
        AppDatabase app(postgres.dsn());
        row = app.ask(app.add_user(), onboarding());
        good = app.good_answer(row);
    }
    ScriptedModel model;
    model.always(held(completion(good)));
    Daemon daemon(postgres.dsn(), model, {{"SPOTTER_QUEUE_BEAT", "300ms"}, {"SPOTTER_QUEUE_LEASE", "3s"}});
    model.wait_for_open(1);
    CHECK(daemon.get("/readyz").status == 200);

    SUBCASE("stopped") {
        postgres.stop();
    }
    SUBCASE("crashed") {
        postgres.crash();
    }

    REQUIRE(becomes(daemon, 503));
    CHECK(daemon.get("/readyz").body.find("listener: ") != std::string::npos);
    CHECK(daemon.get("/healthz").status == 200);
    model.release();
    daemon.wait_for_log("settle_delayed");

    postgres.start();
    AppDatabase app(postgres.dsn());
    CHECK(app.end_of(row) == "completed");
    CHECK(becomes(daemon, 200));
    CHECK(app.of(row, "generation_attempts") == "1");
    CHECK(app.of(row, "generation_crashes") == "0");
    CHECK(model.requests() == 1);

    // And it works on: what is asked now is heard of and answered.
    model.always(completion(good));
    CHECK(app.end_of(app.ask(app.add_user(), onboarding())) == "completed");
    CHECK(model.requests() == 2);
    CHECK(daemon.stop() == 0);
}

TEST_CASE("sessions that an administrator ends are replaced, and nothing is asked for twice") {
    Stage stage;
    std::string row = stage.app.ask(stage.app.add_user(), onboarding());
    std::string good = stage.app.good_answer(row);
    stage.model.always(held(completion(good)));
    Daemon daemon = stage.serve({{"SPOTTER_QUEUE_BEAT", "300ms"}});
    daemon.wait_until_ready();
    stage.model.wait_for_open(1);
    stage.app.value(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity "
        "where datname = current_database() and application_name like 'spotter%'");
    stage.model.release();
    CHECK(stage.app.end_of(row) == "completed");

    stage.model.always(completion(good));
    CHECK(stage.app.end_of(stage.app.ask(stage.app.add_user(), onboarding())) == "completed");
    CHECK(becomes(daemon, 200));
    CHECK(stage.model.requests() == 2);
    CHECK(daemon.stop() == 0);
    CHECK(stage.app.value("select count(*) from spotter.worker") == "0");
}

TEST_CASE("a daemon that is told to stop while the database is away waits to write what was paid for") {
    OwnPostgres postgres;
    std::string row;
    ScriptedModel model;
    {
        AppDatabase app(postgres.dsn());
        row = app.ask(app.add_user(), onboarding());
        model.always(held(completion(app.good_answer(row))));
    }
    Daemon daemon(postgres.dsn(), model);
    model.wait_for_open(1);
    postgres.stop();
    model.release();
    daemon.wait_for_log("settle_delayed");
    daemon.signal(SIGTERM);
    daemon.wait_for_log("draining");

    SUBCASE("the database comes back") {
        postgres.start();
        CHECK(daemon.process().wait(60s) == 0);
        AppDatabase app(postgres.dsn());
        CHECK(app.of(row, "generation_status") == "completed");
        CHECK(app.value("select count(*) from spotter.worker") == "0");
        CHECK(model.requests() == 1);
    }
    SUBCASE("a third signal means at once; the row is found by its silent worker") {
        daemon.signal(SIGTERM);
        daemon.wait_for_log("giving_back");
        daemon.signal(SIGTERM);
        CHECK(daemon.process().wait(30s) == 1);
        postgres.start();
        AppDatabase app(postgres.dsn());
        CHECK(app.of(row, "generation_status") == "processing");
        Daemon next(postgres.dsn(), {{"SPOTTER_QUEUE_BEAT", "200ms"}, {"SPOTTER_QUEUE_LEASE", "1s"}});
        CHECK(app.end_of(row) == "completed");
        CHECK(app.of(row, "generation_crashes") == "1");
    }
}

}  // namespace database_faults_test
