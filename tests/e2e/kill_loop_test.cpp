// kill -9 at random moments. SPOTTER_KILLS=50 SPOTTER_ROWS=500 runs it at full length.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <random>
#include <thread>

#include "e2e/daemon.hpp"
#include "e2e/transitions.hpp"

namespace kill_loop_test {

using namespace spotter;
using namespace spotter::test;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

int from_environment(const char* name, int otherwise) {
    const char* value = std::getenv(name);
    return value ? std::atoi(value) : otherwise;
}

constexpr int slots = 6;
constexpr int slowest_ms = 500;

/// Answers after 20 to 500 ms.
ScriptedModel::Handler dawdling(const std::string& good, unsigned seed) {
    return [good, random = std::mt19937(seed)](const ReceivedRequest&) mutable {
        std::uniform_int_distribution<int> wait(20, slowest_ms);
        return delayed(completion(good), milliseconds(wait(random)));
    };
}

}  // namespace

TEST_CASE("daemons killed at random moments lose no row, leave none behind, and settle each once") {
    const int kills = from_environment("SPOTTER_KILLS", 6);
    const int rows = from_environment("SPOTTER_ROWS", 60);
    const unsigned seed = std::random_device{}();
    INFO("seed ", seed);
    std::mt19937 random(seed);
    Stage stage;
    record_transitions(stage.app);
    stage.model.always(dawdling(stage.app.good_answer_to(onboarding()), seed));
    auto serve = [&] {
        return stage.serve({{"SPOTTER_SLOTS", std::to_string(slots)},
                            {"SPOTTER_QUEUE_LEASE", "2s"},
                            {"SPOTTER_QUEUE_BEAT", "500ms"},
                            {"SPOTTER_QUEUE_POLL", "1s"},
                            {"SPOTTER_QUEUE_MAX_CRASHES", "1000"}});
    };
    const auto start = std::chrono::steady_clock::now();
    Daemon daemons[] = {serve(), serve()};

    for (int kill = 0; kill < kills; ++kill) {
        ask_for_many(stage.app, rows * (kill + 1) / kills - rows * kill / kills);
        Daemon& victim = daemons[kill % 2];
        victim.wait_until_ready();
        // No wait for anything: the moment is to be a random one, between one call and the next.
        std::this_thread::sleep_for(milliseconds(std::uniform_int_distribution<int>(0, slowest_ms)(random)));
        victim.signal(SIGKILL);
        REQUIRE(victim.process().wait() == 128 + SIGKILL);
        victim = serve();
    }
    stage.app.wait_for(all_completed);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

    auto count = [&](const std::string& what) {
        return std::stoi(stage.app.value(fmt::format("select {} from public.training_programs", what)));
    };
    const int rescues = count("sum(generation_crashes)");
    MESSAGE(fmt::format("{} kills, {} rows, {} calls, {} rescues, {:.0f} s", kills, rows,
                        stage.model.requests(), rescues, seconds));
    CHECK(count("count(*)") == rows);
    CHECK(stage.app.value(completions_that_are_not_one) == "0");
    CHECK(stage.app.value("select count(*) from transition where became = 'failed'") == "0");
    CHECK(count("count(*) filter (where program_details = '{}')") == 0);
    CHECK(count("count(*) filter (where generation_token is not null)") == 0);
    // A row is called for once, and once more for each time that its worker was lost.
    CHECK(stage.model.requests() >= rows);
    CHECK(stage.model.requests() <= rows + rescues);
    CHECK(rescues <= kills * slots);
    for (Daemon& daemon : daemons) CHECK(daemon.stop() == 0);
}

}  // namespace kill_loop_test
