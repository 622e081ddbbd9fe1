// How a daemon starts, and what its HTTP face says of it.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <csignal>
#include <vector>

#include "base/json.hpp"
#include "e2e/daemon.hpp"
#include "support/wait.hpp"

namespace startup_test {

using namespace spotter;
using namespace spotter::test;
using namespace std::chrono_literals;

namespace {

std::optional<int> migrate(const std::string& dsn) {
    return Process({"migrate"}, {{"SPOTTER_DATABASE_URL", dsn}}).wait(60s);
}

}  // namespace

TEST_CASE("serve waits for a database that is not migrated, says so, and starts by itself after migrate") {
    Database database = empty_database();
    Daemon daemon(database.dsn());
    daemon.wait_for_log("spotter migrate");
    Daemon::Page page = daemon.get("/readyz");
    CHECK(page.status == 503);
    auto reasons = json::parse(page.body).value();
    CHECK(json::boolean(reasons, "ready") == false);
    CHECK(json::view((*json::find(reasons, "reasons"))[0]).find("spotter migrate") != std::string::npos);
    CHECK(daemon.get("/healthz").status == 200);
    CHECK(daemon.get("/metrics").status == 200);

    REQUIRE(migrate(database.dsn()) == 0);
    daemon.wait_until_ready();
    CHECK(daemon.get("/readyz").status == 200);
    AppDatabase app(database.dsn());
    CHECK(app.end_of(app.ask(app.add_user(), onboarding())) == "completed");
}

TEST_CASE("migrate can be run again, and by several at once") {
    Database database = empty_database();
    const Environment here = {{"SPOTTER_DATABASE_URL", database.dsn()}};
    std::vector<Process> several;
    for (int i = 0; i < 4; ++i) several.emplace_back(std::vector<std::string>{"migrate"}, here);
    int applied = 0;
    for (Process& process : several) {
        CHECK(process.wait(60s) == 0);
        applied += process.out().find("applied ") != std::string::npos;
    }
    CHECK(applied == 1);

    Process again({"migrate"}, here);
    CHECK(again.wait() == 0);
    CHECK(again.out().find("applied ") == std::string::npos);
    CHECK(again.out().find("is at schema version") != std::string::npos);
}

TEST_CASE("a schema newer than the binary is refused with a message that says what to do") {
    Database database = fresh_database();
    AppDatabase app(database.dsn());
    app.run("insert into spotter.migration (version, name) values (9999, 'from_the_future')");

    Process migrating({"migrate"}, {{"SPOTTER_DATABASE_URL", database.dsn()}});
    CHECK(migrating.wait() == 1);
    CHECK(migrating.err().find("9999") != std::string::npos);
    CHECK(migrating.err().find("Run a newer spotter") != std::string::npos);

    Daemon daemon(database.dsn());
    CHECK(daemon.process().wait() == 1);
    CHECK(daemon.log().find("schema_newer") != std::string::npos);
}

TEST_CASE("a daemon without a database waits, and tells why without a password") {
    Daemon daemon("postgres://somebody:hunter2@127.0.0.1:1/nothing");
    daemon.wait_for_log("waiting_for_database");
    Daemon::Page page = daemon.get("/readyz");
    CHECK(page.status == 503);
    CHECK(page.body.find("hunter2") == std::string::npos);
    CHECK(daemon.log().find("hunter2") == std::string::npos);
    CHECK(daemon.stop() == 0);
}

TEST_CASE("a database can be named by libpq's own variables, or by POSTGRES_ ones") {
    Database database = fresh_database();
    std::string dsn = database.dsn();
    auto host = dsn.find("host=") + 5;
    std::string socket = dsn.substr(host, dsn.find('&', host) - host);
    Environment environment;
    SUBCASE("PG") {
        environment = {{"PGHOST", socket}, {"PGDATABASE", database.name()}, {"PGUSER", "postgres"}};
    }
    SUBCASE("POSTGRES") {
        environment = {
            {"POSTGRES_HOST", socket}, {"POSTGRES_DB", database.name()}, {"POSTGRES_USER", "postgres"}};
    }
    SUBCASE("DATABASE_URL") {
        environment = {{"DATABASE_URL", dsn}};
    }
    Process status({"status"}, environment);
    CHECK(status.wait() == 0);
    CHECK(status.out().find("none is running") != std::string::npos);
}

TEST_CASE("a port that is taken ends serve with 1 and a message") {
    Database database = fresh_database();
    Daemon first(database.dsn());
    first.wait_until_ready();
    std::string log = first.log();
    auto at = log.find("http=") + 5;
    std::string address = log.substr(at, log.find_first_of(" \n", at) - at);
    Process second({"serve"}, {{"SPOTTER_DATABASE_URL", database.dsn()}, {"SPOTTER_HTTP_LISTEN", address}});
    CHECK(second.wait() == 1);
    CHECK(second.err().find("Cannot listen on") != std::string::npos);
}

TEST_CASE("health, readiness and metrics are what a monitor expects of them") {
    Stage stage;
    std::string row = stage.app.ask(stage.app.add_user(), onboarding());
    stage.model.then(refusal(500, "", "oops"));
    stage.model.always(completion(stage.app.good_answer(row)));
    Daemon daemon = stage.serve({{"SPOTTER_SLOTS", "7"}});
    daemon.wait_until_ready();
    REQUIRE(stage.app.end_of(row) == "completed");

    CHECK(daemon.get("/healthz").body == R"({"status":"alive"})");
    CHECK(daemon.get("/readyz").body == R"({"ready":true,"reasons":[],"notes":[]})");
    CHECK(daemon.get("/nothing").status == 404);
    CHECK(daemon.metric("spotter_slots") == 7);
    CHECK(eventually([&] { return daemon.metric("spotter_slots_in_use") == 0; }));
    CHECK(daemon.metric("spotter_listener_up") == 1);
    CHECK(daemon.metric("spotter_rows_claimed_total") == 1);
    CHECK(daemon.metric("spotter_claim_duration_seconds_count") >= 1);
    CHECK(daemon.metric("spotter_database_errors_total") == 0);
    CHECK(daemon.metric(
              R"(spotter_rows_settled_total{kind="training_program",outcome="completed",source="model"})") ==
          1);
    CHECK(daemon.metric(R"(spotter_model_calls_total{outcome="ok",provider="openai"})") == 1);
    CHECK(daemon.metric(R"(spotter_model_calls_total{outcome="overloaded",provider="openai"})") == 1);
    std::string text = daemon.get("/metrics").body;
    CHECK(text.find("# HELP spotter_rows_claimed_total") != std::string::npos);
    CHECK(text.find("gen_ai_client_operation_duration_seconds_bucket") != std::string::npos);
    CHECK(text.find("gen_ai_client_token_usage") != std::string::npos);
    CHECK(text.find(stage.app.of(row, "user_id")) == std::string::npos);
}

TEST_CASE("log lines are JSON where that is asked for, each with time, level and event") {
    Stage stage;
    std::string row =
        stage.app.ask(stage.app.add_user(), onboarding(R"(,"injuriesLimitations":"\"quoted\"")"));
    Daemon daemon(stage.database.dsn(), Environment{{"SPOTTER_LOG_FORMAT", "json"}});
    REQUIRE(stage.app.end_of(row) == "completed");
    daemon.process().signal(SIGTERM);
    REQUIRE(daemon.process().wait() == 0);

    std::string log = daemon.log();
    int lines = 0;
    for (std::size_t at = 0; at < log.size(); ++lines) {
        auto end = log.find('\n', at);
        auto line = json::parse(log.substr(at, end - at));
        REQUIRE_MESSAGE(line.has_value(), log.substr(at, end - at));
        CHECK(json::text(*line, "ts"));
        CHECK(json::text(*line, "level"));
        CHECK(json::text(*line, "event"));
        at = end + 1;
    }
    CHECK(lines > 4);
}

}  // namespace startup_test
