#include "bench/footprint.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "bench/cached_rows.hpp"
#include "support/process.hpp"
#include "support/wait.hpp"

namespace spotter::bench {
namespace {

/// Resident memory in MiB.
double memory(pid_t pid) {
    std::ifstream file(fmt::format("/proc/{}/statm", pid));
    long total = 0, resident = 0;
    file >> total >> resident;
    return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

/// Processor time used so far, in seconds.
double processor_time(pid_t pid) {
    std::ifstream file(fmt::format("/proc/{}/stat", pid));
    std::string line;
    std::getline(file, line);
    std::istringstream fields(line.substr(line.rfind(')') + 2));
    std::string skipped;
    long user = 0, system = 0;
    for (int field = 3; field < 14; ++field) fields >> skipped;
    fields >> user >> system;
    return static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

void wait_until_settled(const std::string& dsn) {
    bool done = test::eventually(
        [&] {
            return Server::value(dsn,
                                 "select not exists (select from public.training_programs "
                                 "where generation_status <> 'completed')") == "t";
        },
        std::chrono::minutes(10));
    if (!done) throw std::runtime_error("the daemon did not settle its rows");
}

}  // namespace

void measure_footprint(Server& server, Report& report) {
    std::string dsn = server.database("footprint");
    test::Process spotter({"serve"}, {{"SPOTTER_DATABASE_URL", dsn},
                                      {"SPOTTER_HTTP_LISTEN", "127.0.0.1:0"},
                                      {"SPOTTER_LOG_LEVEL", "info"}});
    if (!spotter.says("ready")) throw std::runtime_error("the daemon did not start: " + spotter.err());

    constexpr int seconds = 20;
    double before = processor_time(spotter.pid());
    std::this_thread::sleep_for(std::chrono::seconds(seconds));
    report.add("idle: processor time of one core", (processor_time(spotter.pid()) - before) / seconds * 100,
               0, "%", "none");
    report.add("idle: resident memory", memory(spotter.pid()), 30, "MiB", "< 30");

    // Twenty times 50,000 rows, most of them hits: a million in all.
    fill(dsn, 50000, 256);
    wait_until_settled(dsn);
    double after_some = memory(spotter.pid());
    for (int round = 1; round < 20; ++round) {
        Server::run(dsn,
                    "truncate public.training_programs; insert into public.training_programs "
                    "(user_id, onboarding_data_snapshot) select o.user_id, o.answers "
                    "from generate_series(1, 50) n, onboarding o");
        wait_until_settled(dsn);
    }
    report.add("memory after 1,000,000 rows (beside 50,000)", memory(spotter.pid()), after_some, "MiB",
               "flat");
    spotter.signal(SIGTERM);
    spotter.wait();
}

}  // namespace spotter::bench
