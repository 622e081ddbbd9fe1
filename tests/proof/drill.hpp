#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "proof/checker.hpp"

/// Daemons at work under faults, and what is to be said of it.
namespace spotter::proof {

struct DrillOptions {
    unsigned seed = 0;
    int daemons = 3;
    /// Faults at random for so long. Zero: each fault once, in an order by chance.
    std::chrono::seconds length{0};
    std::chrono::milliseconds mean_pause_of_apps{120};
    std::function<bool()> ended_early = [] { return false; };  ///< then only the winding down is left
    std::size_t steady = 0;  ///< daemons that are never killed, so that their memory can be watched
    int disk_megabytes = 320;
    std::filesystem::path logs;                     ///< a folder for what daemons say
    std::function<void(const std::string&)> say{};  ///< told of each fault, and of progress each minute
};

struct Figures {
    std::size_t rows = 0, calls = 0, good_answers = 0, accepted = 0, hits = 0, shared = 0, failed = 0;
    std::size_t claims = 0, rescues = 0, given_back = 0;
    double slowest = 0;  ///< seconds from a row's insert, or retry, to its end
    double median = 0;
    double wind_down = 0;  ///< seconds from the end of faults to the end of the last row
};

struct Report {
    unsigned seed = 0;
    History history;
    Terms terms;
    std::vector<Violation> violations;
    Figures figures;
    std::map<std::string, int> faults;  ///< how often each was had
    std::map<std::string, int> acts;    ///< of the workload
    std::vector<std::string> not_had;   ///< faults that could not be, and why
    std::vector<std::string> memory;    ///< a line a daemon
};

Report drill(const DrillOptions& options);

Figures figures_of(const History& history);

/// All violations, the first of each promise with its row's story.
std::string explain(const Report& report);
std::string summary(const Report& report);

}  // namespace spotter::proof
