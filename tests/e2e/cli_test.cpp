// The command line.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <vector>

#include "base/json.hpp"
#include "e2e/command.hpp"
#include "e2e/daemon.hpp"
#include "support/temporary_folder.hpp"

namespace cli_test {

using namespace spotter;
using namespace spotter::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* no_such_row = "00000000-0000-4000-8000-000000000000";

}  // namespace

TEST_CASE("--version and the help of every command teach what they are for") {
    Ended version = run({"--version"});
    CHECK(version.code == 0);
    CHECK(version.out.starts_with("spotter " SPOTTER_VERSION));

    Ended help = run({"--help"});
    CHECK(help.code == 0);
    CHECK(has(help.out, "Exit codes"));
    CHECK(has(help.out, "spotter dev"));
    for (const char* command : {"dev", "serve", "migrate", "enqueue", "status", "explain", "retry", "cancel",
                                "pause", "resume", "check-config"}) {
        CAPTURE(command);
        CHECK(has(help.out, command));
        Ended one = run({command, "--help"});
        CHECK(one.code == 0);
        CHECK(one.err.empty());
        CHECK(has(one.out, "--database"));
        CHECK(has(one.out, "--config"));
        CHECK(one.out.size() > 300);
    }
}

TEST_CASE("a wrong command line is answered with 2 and a hint, and nothing on stdout") {
    for (std::vector<std::string> arguments : {std::vector<std::string>{},
                                               {"fly"},
                                               {"serve", "--fly"},
                                               {"enqueue"},
                                               {"explain"},
                                               {"retry"},
                                               {"cancel"},
                                               {"cancel", "--why", "no id"},
                                               {"pause", "one", "two"},
                                               {"serve", "--set", "slots"},
                                               {"serve", "--set", "queue.slot=1"},
                                               {"serve", "--config", "/nonexistent.toml"}}) {
        CAPTURE(fmt::format("{}", fmt::join(arguments, " ")));
        Ended ended = run(arguments);
        CHECK(ended.code == 2);
        CHECK(ended.out.empty());
        CHECK(!ended.err.empty());
    }
}

TEST_CASE("a command that there is not is answered with those there are, and the one that may be meant") {
    Ended near = run({"cancle", no_such_row});
    CHECK(near.code == 2);
    CHECK(has(near.err, "there is no command \"cancle\". Did you mean cancel?"));
    Ended far = run({"fly"});
    CHECK(far.code == 2);
    CHECK(!has(far.err, "Did you mean"));
    for (const char* command : {"serve", "explain", "resume"}) CHECK(has(far.err, command));
}

TEST_CASE(
    "an option that there is not is named, with the one that may be meant, and its value is not repeated") {
    Ended near = run({"serve", "--databse=postgres://app:s3cret@db/app"});
    CHECK(near.code == 2);
    CHECK(has(near.err, "there is no option --databse of serve. Did you mean --database?"));
    CHECK(has(near.err, "spotter serve --help"));
    CHECK(!has(near.err, "s3cret"));
    Ended nested = run({"cache", "stats", "--dais", "3", "postgres://app:s3cret@db/app"});
    CHECK(has(nested.err, "there is no option --dais of stats. Did you mean --days?"));
    CHECK(!has(nested.err, "s3cret"));
}

TEST_CASE("a configuration with mistakes lists every one with its place, and exits with 2") {
    TemporaryFolder folder;
    std::string file = folder.path() / "spotter.toml";
    std::ofstream(file) << "[queue]\nslots = 0\nsloths = 3\n\n[llm]\nbase_url = \"api.example.com\"\n";
    for (const char* command : {"check-config", "serve", "migrate", "status"}) {
        CAPTURE(command);
        Ended ended = run({command, "--config", file, "--set", "queue.lease=1s"},
                          {{"SPOTTER_HTTP_LISTEN", "0.0.0.0:8088"}, {"SPOTTER_LLM_CALLS_PER_ROW", "many"}});
        CHECK(ended.code == 2);
        CHECK(has(ended.err, file + ":2: queue.slots"));
        CHECK(has(ended.err, file + ":3: queue.sloths"));
        CHECK(has(ended.err, file + ":6: llm.base_url"));
        CHECK(has(ended.err, "write https://api.example.com"));
        CHECK(has(ended.err, "SPOTTER_LLM_CALLS_PER_ROW: \"many\""));
        CHECK(has(ended.err, "queue.lease"));
        CHECK(has(ended.err, "http.listen: 0.0.0.0"));
    }
}

TEST_CASE("serve refuses to listen where other machines could reach it") {
    for (const char* address : {"0.0.0.0:8088", "[::]:8088", "192.0.2.1:80", "example.com:80"}) {
        CAPTURE(address);
        Ended ended = run({"serve"}, {{"SPOTTER_HTTP_LISTEN", address}});
        CHECK(ended.code == 2);
        CHECK(has(ended.err, "http.listen"));
    }
}

TEST_CASE("an address or a file that cannot be used is found before anything is tried, by check-config too") {
    const Environment bad = {{"SPOTTER_DATABASE_URL", "postgres://ana:hunter2%zz@db.example/app"},
                             {"OPENAI_BASE_URL", "https://"},
                             {"HTTPS_PROXY", "https://proxy.example:1"},
                             {"SPOTTER_LLM_CA_FILE", "/nonexistent/ca.pem"}};
    for (const char* command : {"check-config", "serve"}) {
        CAPTURE(command);
        Ended ended = run({command}, bad);
        CHECK(ended.code == 2);
        for (const char* setting :
             {"database.url: ", "llm.base_url: ", "llm.https_proxy: ", "llm.ca_file: "}) {
            CAPTURE(setting);
            CHECK(has(ended.err, setting));
        }
        CHECK(!has(ended.err, "hunter2"));
    }
}

TEST_CASE("check-config shows what is in force, every setting by name, and no secret") {
    Ended shown = run({"check-config"}, {{"SPOTTER_DATABASE_URL", "postgres://ana:hunter2@db.example/app"},
                                         {"OPENAI_API_KEY", model_key},
                                         {"HTTPS_PROXY", "http://me:hunter2@proxy.example:3128"},
                                         {"SPOTTER_SLOTS", "32"}});
    CHECK(shown.code == 0);
    CHECK(has(shown.out, "queue.slots = 32"));
    CHECK(has(shown.out, "db.example"));
    CHECK(has(shown.out, "proxy.example"));
    CHECK(has(shown.out, "llm.provider = \"openai\""));
    CHECK(!has(shown.out + shown.err, model_key));
    CHECK(!has(shown.out + shown.err, "hunter2"));

    Ended list = run({"check-config", "--list"});
    CHECK(list.code == 0);
    for (const char* name : {"database.url", "SPOTTER_DATABASE_URL", "llm.api_key_file", "SPOTTER_SLOTS",
                             "OPENAI_BASE_URL", "queue.lease", "SPOTTER_QUEUE_LEASE"})
        CHECK_MESSAGE(has(list.out, name), name);
}

TEST_CASE("a secret in a wrong setting is not repeated by the complaint") {
    Ended ended = run({"check-config"}, {{"OPENAI_API_KEY_FILE", "/nonexistent/key"},
                                         {"SPOTTER_DATABASE_URL", "postgres://ana:hunter2@[::1/app"}});
    CHECK(ended.code == 2);
    CHECK(has(ended.err, "/nonexistent/key"));
    CHECK(!has(ended.out + ended.err, "hunter2"));
}

TEST_CASE("without a database every command that needs one exits with 3 and names it") {
    const Environment away = {{"SPOTTER_DATABASE_URL", "postgres://ana:hunter2@127.0.0.1:1/app"}};
    for (std::vector<std::string> arguments : {std::vector<std::string>{"migrate"},
                                               {"status"},
                                               {"status", no_such_row},
                                               {"explain", no_such_row},
                                               {"retry", no_such_row},
                                               {"cancel", no_such_row},
                                               {"pause"},
                                               {"resume"},
                                               {"enqueue", "--user", no_such_row}}) {
        CAPTURE(arguments.front());
        Ended ended = run(arguments, away);
        CHECK(ended.code == 3);
        CHECK(has(ended.err, "127.0.0.1"));
        CHECK(!has(ended.err, "hunter2"));
    }
}

TEST_CASE("a database that is not migrated is told from one that is away") {
    Database database = empty_database();
    for (std::vector<std::string> arguments : {std::vector<std::string>{"status"},
                                               {"explain", no_such_row},
                                               {"retry", no_such_row},
                                               {"cancel", no_such_row},
                                               {"pause"},
                                               {"resume"}}) {
        CAPTURE(arguments.front());
        Ended ended = run(arguments, {{"SPOTTER_DATABASE_URL", database.dsn()}});
        CHECK(ended.code == 1);
        CHECK(has(ended.err, "spotter migrate"));
    }
}

TEST_CASE("enqueue asks for a program: from stdin, from a file, from the profile; and waits if told") {
    Stage stage;
    const Environment here = {{"SPOTTER_DATABASE_URL", stage.database.dsn()}};
    std::string user = stage.app.add_user();
    Daemon daemon(stage.database.dsn());

    Ended piped =
        run({"enqueue", "--user", user, "--onboarding", "-", "--wait", "--json"}, here, onboarding());
    CHECK(piped.code == 0);
    auto program = json::parse(piped.out);
    REQUIRE(program.has_value());
    CHECK(json::text(*program, "programName"));
    CHECK(has(piped.err, stage.app.value("select id from public.training_programs") + " is in the queue"));

    TemporaryFolder folder;
    std::string file = folder.path() / "onboarding.json";
    std::ofstream(file) << onboarding();
    Ended filed = run({"enqueue", "--user", user, "--onboarding", file}, here);
    CHECK(filed.code == 0);
    std::string row = filed.out.substr(0, filed.out.find('\n'));
    CHECK(stage.app.end_of(row) == "completed");

    stage.app.set_profile(user, fmt::format(R"({{"onboarding_responses": {}}})", onboarding()));
    Ended from_profile = run({"enqueue", "-u", user, "--wait"}, here);
    CHECK(from_profile.code == 0);
    CHECK(has(from_profile.out, "completed"));

    Ended id_alone = run({"enqueue", "--user", user, "--json"}, here);
    CHECK(id_alone.code == 0);
    CHECK(json::text(json::parse(id_alone.out).value(), "id"));

    Ended failing = run({"enqueue", "-u", user, "-o", "-", "-w"}, here, R"({"primaryGoal":"?"})");
    CHECK(failing.code == 4);
    CHECK(has(failing.out, "primaryGoal"));
    Ended failing_json =
        run({"enqueue", "-u", user, "-o", "-", "-w", "--json"}, here, R"({"primaryGoal":"?"})");
    CHECK(failing_json.code == 4);
    CHECK(json::text(json::parse(failing_json.out).value(), "error_code") == "invalid_input");
}

TEST_CASE("enqueue refuses what cannot be a request, and says what is wrong with it") {
    Stage stage;
    const Environment here = {{"SPOTTER_DATABASE_URL", stage.database.dsn()}};
    std::string user = stage.app.add_user();
    CHECK(run({"enqueue", "-u", user, "-o", "-"}, here, "{not json").code == 2);
    CHECK(run({"enqueue", "-u", user, "-o", "/nonexistent.json"}, here).code == 2);

    Ended no_id = run({"enqueue", "-u", "ana", "-o", "-"}, here, onboarding());
    CHECK(no_id.code == 2);
    CHECK(has(no_id.err, "ana"));
    Ended nobody = run({"enqueue", "-u", no_such_row, "-o", "-"}, here, onboarding());
    CHECK(nobody.code == 1);
    CHECK(has(nobody.err, "user"));
    CHECK(stage.app.value("select count(*) from public.training_programs") == "0");
}

TEST_CASE("status tells where the queue and a row stand, for people and for scripts") {
    Stage stage;
    const Environment here = {{"SPOTTER_DATABASE_URL", stage.database.dsn()}};
    std::string user = stage.app.add_user();
    std::string done = stage.app.ask(user, onboarding());
    stage.model.then(completion(stage.app.good_answer(done)));
    stage.model.always(refusal(429, "insufficient_quota", "no money"));
    Daemon daemon = stage.serve();
    REQUIRE(stage.app.end_of(done) == "completed");
    std::string waits = stage.app.ask(stage.app.add_user(), onboarding());
    stage.app.wait_until(waits, "generation_reason = 'quota'");

    Ended queue = run({"status"}, here);
    CHECK(queue.code == 0);
    CHECK(has(queue.out, "1 put off"));
    CHECK(has(queue.out, "no money or quota"));
    CHECK(has(queue.out, "slots"));
    auto figures = json::parse(run({"status", "--json"}, here).out).value();
    CHECK(json::integer(figures, "pending") == 1);
    CHECK(json::integer(figures, "completed") == 1);
    CHECK(json::integer(*json::find(figures, "reasons"), "quota") == 1);

    Ended row = run({"status", waits}, here);
    CHECK(row.code == 0);
    CHECK(has(row.out, "quota"));
    CHECK(has(row.out, "next try in"));
    CHECK(run({"explain", waits}, here).out.starts_with(row.out.substr(0, row.out.find("next try in"))));
    auto standing = json::parse(run({"status", done, "--json"}, here).out).value();
    CHECK(json::text(standing, "status") == "completed");
    CHECK(json::text(standing, "source") == "model");

    Ended unknown = run({"status", no_such_row}, here);
    CHECK(unknown.code == 5);
    CHECK(has(unknown.err, no_such_row));
    Ended wrong = run({"status", "ana"}, here);
    CHECK(wrong.code == 2);
    CHECK(has(wrong.err, "ana"));
}

}  // namespace cli_test
