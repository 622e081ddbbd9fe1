// `spotter dev`: a private Postgres and the daemon in one.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "e2e/daemon.hpp"
#include "support/temporary_folder.hpp"
#include "support/wait.hpp"

namespace dev_test {

using namespace spotter;
using namespace spotter::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// The DSN of its line "ready database=… http=…".
std::string wait_for_dsn(Process& dev) {
    if (!dev.says("ready database=", 60s)) throw std::runtime_error("dev is not ready: " + dev.err());
    std::string out = dev.out();
    auto at = out.find("database=") + 9;
    return out.substr(at, out.find(' ', at) - at);
}

Process start(const fs::path& state, const ProcessOptions& options = {}) {
    return Process({"dev", "--state", state, "--http", "127.0.0.1:0"}, {}, options);
}

pid_t server_of(const fs::path& state) {
    pid_t pid = 0;
    std::ifstream(state / "data/postmaster.pid") >> pid;
    return pid;
}

void check_a_life(const fs::path& state, const ProcessOptions& options) {
    std::string row;
    pid_t server = 0;
    {
        Process dev = start(state, options);
        AppDatabase app(wait_for_dsn(dev));
        row = app.ask(app.add_user(), onboarding());
        CHECK(app.end_of(row) == "completed");
        CHECK(app.of(row, "generation_metadata ->> 'source'") == "builtin");
        server = server_of(state);
        REQUIRE(server > 0);

        dev.signal(SIGTERM);
        CHECK(dev.wait() == 0);
        CHECK(kill(server, 0) != 0);
        CHECK(!fs::exists(state / "data/postmaster.pid"));  // it was shut down, not lost
    }
    Process again = start(state, options);
    AppDatabase app(wait_for_dsn(again));
    CHECK(app.of(row, "generation_status") == "completed");
    CHECK(app.end_of(app.ask(app.of(row, "user_id"), onboarding())) == "completed");
    again.signal(SIGTERM);
    CHECK(again.wait() == 0);
}

}  // namespace

TEST_CASE("dev works from nothing, stops its Postgres cleanly, and keeps the data for the next time") {
    TemporaryFolder folder;
    SUBCASE("as whoever runs the tests") {
        check_a_life(folder.path() / "state", {});
    }
    SUBCASE("as an unprivileged user") {
        if (geteuid() != 0) return;
        ProcessOptions nobody;
        nobody.account = find_account("nobody");
        // Wherever the tree lies, this copy can be reached.
        nobody.binary = folder.path() / "spotter";
        fs::copy_file(Process::built(), nobody.binary);
        fs::path state = folder.path() / "state";
        fs::create_directory(state);
        REQUIRE(chown(state.c_str(), nobody.account->user, nobody.account->group) == 0);
        check_a_life(state, nobody);
        struct stat entry{};
        REQUIRE(stat((state / "data").c_str(), &entry) == 0);
        CHECK(entry.st_uid == nobody.account->user);
    }
}

TEST_CASE("a second dev on the same folder is refused, and one whose owner was killed is taken over") {
    TemporaryFolder folder;
    fs::path state = folder.path() / "state";
    Process dev = start(state);
    std::string dsn = wait_for_dsn(dev);

    Process second = start(state);
    CHECK(second.wait(60s) == 3);
    CHECK(second.err().find(std::to_string(server_of(state))) != std::string::npos);
    CHECK(AppDatabase(dsn).value("select 1") == "1");

    dev.signal(SIGKILL);
    dev.wait();
    Process next = start(state);
    CHECK(AppDatabase(wait_for_dsn(next)).value("select 1") == "1");
    next.signal(SIGTERM);
    CHECK(next.wait() == 0);
}

TEST_CASE("dev asks a model where one is set") {
    TemporaryFolder folder;
    ScriptedModel model;
    Process dev({"dev", "--state", (folder.path() / "state").string(), "--http", "127.0.0.1:0"},
                {{"OPENAI_BASE_URL", model.url()}, {"OPENAI_API_KEY", model_key}});
    AppDatabase app(wait_for_dsn(dev));
    model.always(completion(app.good_answer_to(onboarding())));
    std::string row = app.ask(app.add_user(), onboarding());
    CHECK(app.end_of(row) == "completed");
    CHECK(model.requests() == 1);
    CHECK(dev.err().find(model_key) == std::string::npos);
    dev.signal(SIGTERM);
    CHECK(dev.wait() == 0);
}

}  // namespace dev_test
