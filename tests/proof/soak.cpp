#include "proof/soak.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <csignal>
#include <ctime>
#include <fstream>
#include <random>

#include "proof/drill.hpp"

namespace spotter::proof {
namespace {

struct Arguments {
    int minutes = 60;
    unsigned seed = std::random_device{}() % 1'000'000;
    std::filesystem::path logs = "soak";
};

bool to_number(const std::string& text, auto& number) {
    auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    return problem == std::errc() && end == text.data() + text.size();
}

std::optional<Arguments> read(const std::vector<std::string>& arguments) {
    Arguments read;
    for (std::size_t i = 0; i < arguments.size(); i += 2) {
        if (i + 1 >= arguments.size()) return std::nullopt;
        const std::string& value = arguments[i + 1];
        bool known = false;
        if (arguments[i] == "--minutes") known = to_number(value, read.minutes) && read.minutes > 0;
        if (arguments[i] == "--seed") known = to_number(value, read.seed);
        if (arguments[i] == "--logs") known = !(read.logs = value).empty();
        if (!known) return std::nullopt;
    }
    return read;
}

volatile std::sig_atomic_t interrupted = 0;

std::string time_of_day() {
    const std::time_t now = std::time(nullptr);
    char text[16];
    std::tm local{};
    return {text, std::strftime(text, sizeof text, "%H:%M:%S", localtime_r(&now, &local))};
}

}  // namespace

int soak(const std::vector<std::string>& arguments) {
    auto read = proof::read(arguments);
    if (!read) {
        fmt::print(stderr, "arguments: [--minutes N] [--seed N] [--logs FOLDER]\n");
        return 2;
    }
    std::filesystem::create_directories(read->logs);
    std::ofstream diary(read->logs / "faults.log");
    DrillOptions options;
    options.seed = read->seed;
    options.length = std::chrono::minutes(read->minutes);
    options.steady = 1;
    for (int number : {SIGINT, SIGTERM}) std::signal(number, [](int) { interrupted = 1; });
    options.ended_early = [] { return interrupted != 0; };
    options.disk_megabytes = 1024;
    options.logs = read->logs;
    options.say = [&](const std::string& line) {
        diary << time_of_day() << ' ' << line << std::endl;
        if (line.starts_with("minute ")) fmt::print("{} {}\n", time_of_day(), line);
    };
    std::setvbuf(stdout, nullptr, _IOLBF, 0);  // to be watched, also through a pipe
    fmt::print("seed {}, {} minutes, logs in {}\n", options.seed, read->minutes, read->logs.string());
    const Report report = drill(options);
    const std::string breaches = explain(report);
    std::ofstream(read->logs / "summary.txt") << summary(report) << breaches;
    fmt::print("{}{}", summary(report), breaches);
    return report.violations.empty() ? 0 : 1;
}

}  // namespace spotter::proof
