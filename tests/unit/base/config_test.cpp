#include "base/config.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "base/file.hpp"
#include "support/temporary_folder.hpp"

namespace config_test {

using namespace spotter;

namespace {

ConfigSources environment(std::map<std::string, std::string> variables) {
    return {"", std::move(variables), {}};
}

/// The settings of a file with that content, or its mistakes as one text.
struct FromFile {
    explicit FromFile(const std::string& content) {
        std::string path = folder.path() / "spotter.toml";
        std::ofstream(path) << content;
        auto read = read_config({path, {}, {}});
        if (read) {
            config = *read;
            return;
        }
        for (const Error& error : read.error()) mistakes += error.message + "\n";
    }
    test::TemporaryFolder folder;
    Config config;
    std::string mistakes;
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("without any setting the builtin answers, on this machine alone") {
    Config config = *read_config({});
    CHECK(config.llm.builtin_only());
    CHECK(config.http.host == "127.0.0.1");
    CHECK(config.http.port == 8088);
    CHECK(config.database.url.empty());
}

TEST_CASE("a key or an address of a model is enough to ask it") {
    CHECK_FALSE(read_config(environment({{"OPENAI_API_KEY", "sk-1"}}))->llm.builtin_only());
    CHECK_FALSE(read_config(environment({{"OPENAI_BASE_URL", "http://127.0.0.1:1/v1"}}))->llm.builtin_only());
    CHECK(read_config(environment({{"OPENAI_API_KEY", "sk-1"}, {"SPOTTER_LLM_PROVIDER", "builtin"}}))
              ->llm.builtin_only());
}

TEST_CASE("flags outweigh the environment, and that the file") {
    test::TemporaryFolder folder;
    std::string path = folder.path() / "spotter.toml";
    std::ofstream(path) << "[queue]\nslots = 1\nbatch = 10\n[llm]\nmodel = \"file\"\n";
    ConfigSources sources{
        path, {{"SPOTTER_SLOTS", "2"}, {"SPOTTER_QUEUE_BATCH", "20"}}, {{"queue.slots", "3"}}};
    Config config = *read_config(sources);
    CHECK(config.queue.slots == 3);
    CHECK(config.queue.batch == 20);
    CHECK(config.llm.model == "file");
}

TEST_CASE("every mistake is named with its place") {
    FromFile file("[queue]\nslots = 0\nslotz = 3\n[llm]\nbase_url = \"api.example.com\"\n");
    CHECK(has(file.mistakes, "spotter.toml:2: queue.slots: \"0\" is no whole number"));
    CHECK(has(file.mistakes, "spotter.toml:3: queue.slotz: there is no such setting"));
    CHECK(has(file.mistakes,
              "spotter.toml:5: llm.base_url: \"api.example.com\" has no scheme; write https://"));

    auto read = read_config(environment({{"SPOTTER_SLOTS", "many"}, {"SPOTTER_LOG_LEVEL", "loud"}}));
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().size() == 2);
    CHECK(has(read.error()[0].message, "SPOTTER_SLOTS: "));
}

TEST_CASE("a file that is no TOML is named with the line") {
    CHECK(has(FromFile("[queue\nslots = 1\n").mistakes, "spotter.toml:1"));
}

TEST_CASE("a list where a value is wanted is refused") {
    CHECK(has(FromFile("[queue]\nslots = [1, 2]\n").mistakes, "a text, a number or true/false is wanted"));
}

TEST_CASE("nothing listens beyond this machine, since nobody is asked who they are") {
    auto read = read_config(environment({{"SPOTTER_HTTP_LISTEN", "0.0.0.0:8088"}}));
    REQUIRE_FALSE(read.has_value());
    CHECK(has(read.error()[0].message, "can be reached from other machines"));
    CHECK(read_config(environment({{"SPOTTER_HTTP_LISTEN", "[::1]:80"}}))->http.host == "::1");
}

TEST_CASE("a lease that a healthy worker could miss is refused") {
    CHECK_FALSE(read_config({"", {}, {{"queue.lease", "5s"}, {"queue.beat", "5s"}}}).has_value());
}

TEST_CASE("the variables of document 5 make an address, whatever the password holds") {
    Config config = *read_config(environment(
        {{"POSTGRES_HOST", "localhost"}, {"POSTGRES_DB", "app"}, {"POSTGRES_PASSWORD", "it's\\"}}));
    CHECK(config.database.url == "host='localhost' dbname='app' password='it\\'s\\\\'");
}

TEST_CASE("a transaction pooler is known by its port, or by being told") {
    auto pooled = [](std::map<std::string, std::string> variables) {
        return read_config(environment(std::move(variables)))->database.transaction_pooler();
    };
    CHECK(pooled({{"DATABASE_URL", "postgres://a@b:6543/postgres"}}));
    CHECK_FALSE(pooled({{"DATABASE_URL", "postgres://a@b:5432/postgres"}}));
    CHECK(pooled({{"DATABASE_URL", "postgres://a@b/postgres"}, {"SPOTTER_DATABASE_POOLED", "yes"}}));
}

TEST_CASE("a key is read from a file, without its last newline, and never shown") {
    test::TemporaryFolder folder;
    std::string path = folder.path() / "key";
    std::ofstream(path) << "sk-very-secret\n";
    Config config = *read_config(environment({{"OPENAI_API_KEY_FILE", path}}));
    CHECK(config.llm.api_key.reveal() == "sk-very-secret");
    CHECK_FALSE(has(describe(config), "very-secret"));
    CHECK(has(describe(config), "# set"));
}

TEST_CASE("a key's file that is missing or empty is a mistake") {
    test::TemporaryFolder folder;
    CHECK_FALSE(read_config(environment({{"OPENAI_API_KEY_FILE", folder.path() / "none"}})).has_value());
    std::ofstream(folder.path() / "empty") << "\n";
    CHECK_FALSE(read_config(environment({{"OPENAI_API_KEY_FILE", folder.path() / "empty"}})).has_value());
}

TEST_CASE("a password in the database's address is not shown") {
    Config config = *read_config(environment({{"DATABASE_URL", "postgres://me:hunter2@host/db"}}));
    CHECK_FALSE(has(describe(config), "hunter2"));
    for (const char* address :
         {"host=h password=hunter2 user=u", "host=h password = 'hunter2 \\' x'",
          "postgres://h/db?password=hunter2&sslmode=require", "postgres://u:p@hunter2@h/db"}) {
        CAPTURE(address);
        std::string shown = describe(*read_config(environment({{"DATABASE_URL", address}})));
        CHECK_FALSE(has(shown, "hunter2"));
        CHECK(has(shown, "h"));
    }
    Config proxied = *read_config(environment({{"HTTPS_PROXY", "http://me:hunter2@proxy:3128"}}));
    CHECK_FALSE(has(describe(proxied), "hunter2"));
}

TEST_CASE("durations are read with their units, and nothing else is") {
    CHECK(parse_duration("90")->count() == 90);
    CHECK(parse_duration("1.5s")->count() == 1.5);
    CHECK(parse_duration("250ms")->count() == 0.25);
    CHECK(parse_duration("10m")->count() == 600);
    CHECK(parse_duration("7d")->count() == 604800);
    for (const char* wrong : {"", "s", "-1s", "1y", "nan", "inf", "1e300d", "1 s"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_duration(wrong).has_value());
    }
}

TEST_CASE("the documentation names every setting and every variable") {
    std::string documentation = *read_file(SPOTTER_SOURCE_DIR "/docs/configuration.md");
    for (const SettingInfo& setting : settings()) {
        CAPTURE(setting.path);
        CHECK(has(documentation, "`" + std::string(setting.path) + "`"));
        for (std::string_view variable : setting.environment)
            CHECK(has(documentation, "`" + std::string(variable) + "`"));
    }
}

TEST_CASE("a database that is named on the command line is not mixed with another's direct address") {
    const std::map<std::string, std::string> variables = {
        {"SPOTTER_DATABASE_URL", "postgres://one:6543/app"},
        {"SPOTTER_DATABASE_DIRECT_URL", "postgres://one/app"}};
    Config config = *read_config({"", variables, {}});
    CHECK(config.database.transaction_pooler());
    CHECK(config.database.can_listen());
    config = *read_config({"", variables, {{"database.url", "postgres://two/app"}}});
    CHECK(config.database.direct_url.empty());
    config = *read_config({"", variables, {{"database.url", "postgres://two:6543/app"}}});
    CHECK(!config.database.can_listen());
    config =
        *read_config({"",
                      variables,
                      {{"database.url", "postgres://two/app"}, {"database.direct_url", "postgres://3/app"}}});
    CHECK(config.database.direct_url == "postgres://3/app");
}

TEST_CASE("a direct address that is a pooler's is a mistake, unless somebody says that it is none") {
    std::map<std::string, std::string> variables = {
        {"SPOTTER_DATABASE_DIRECT_URL", "postgres://db:6543/app"}};
    auto read = read_config(environment(variables));
    REQUIRE_FALSE(read.has_value());
    CHECK(has(read.error()[0].message, "database.direct_url: goes to port 6543"));
    variables["SPOTTER_DATABASE_POOLED"] = "no";
    CHECK(read_config(environment(variables)).has_value());
}

}  // namespace config_test
