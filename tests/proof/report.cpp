#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "proof/drill.hpp"

namespace spotter::proof {
namespace {

/// Adds to the figures what one event says, given when its row was asked for.
void count(const RowEvent& event, Figures& figures) {
    using enum Status;
    const bool came_from_work = event.was == processing;
    if (event.was == none) ++figures.rows;
    if (event.was == pending && event.is == processing) ++figures.claims;
    if (came_from_work && event.is == pending)
        ++(event.reason == "worker_lost" ? figures.rescues : figures.given_back);
    if (came_from_work && event.is == completed) ++figures.accepted;
    if (event.was == pending && event.is == completed)
        ++(event.source == "flight" ? figures.shared : figures.hits);
    if (event.is == failed && event.was != failed) ++figures.failed;
}

}  // namespace

Figures figures_of(const History& history) {
    Figures figures;
    std::map<std::string, double> asked;
    std::vector<double> waits;
    for (const RowEvent& event : history.rows) {
        count(event, figures);
        const bool starts =
            event.is == Status::pending &&
            (event.was == Status::none || event.was == Status::failed || event.was == Status::completed);
        if (starts) asked[event.row] = event.at;
        if (event.finished() && asked.contains(event.row)) waits.push_back(event.at - asked[event.row]);
        if (event.finished()) asked.erase(event.row);
    }
    std::sort(waits.begin(), waits.end());
    if (!waits.empty()) {
        figures.slowest = waits.back();
        figures.median = waits[waits.size() / 2];
    }
    figures.calls = history.calls.size();
    for (const Call& call : history.calls) figures.good_answers += call.good() ? 1 : 0;
    return figures;
}

std::string explain(const Report& report) {
    std::string told;
    std::set<std::string> promises;
    for (const Violation& violation : report.violations) {
        const bool first = promises.insert(violation.promise).second;
        told += fmt::format("BROKEN: {}; row {}: {}\n", violation.promise,
                            violation.row.empty() ? "-" : violation.row, violation.what);
        if (first && !violation.row.empty()) told += story(report.history, violation.row);
    }
    if (!told.empty()) told += fmt::format("seed {}\n", report.seed);
    return told;
}

std::string summary(const Report& report) {
    const Figures& f = report.figures;
    std::string told = fmt::format(
        "seed {}: {} violations\n"
        "rows {}, claims {}, calls {} ({} good, {} of their answers accepted), hits {}, shared {}, failed "
        "{}\n"
        "rescues {}, given back {}; a row took {:.1f} s in the middle and {:.0f} s at most; the last one "
        "ended "
        "{:.0f} s after the last fault\n",
        report.seed, report.violations.size(), f.rows, f.claims, f.calls, f.good_answers, f.accepted, f.hits,
        f.shared, f.failed, f.rescues, f.given_back, f.median, f.slowest, f.wind_down);
    for (const auto& [fault, times] : report.faults) told += fmt::format("  {:4} x {}\n", times, fault);
    for (const auto& [act, times] : report.acts) told += fmt::format("  {:4} acts: {}\n", times, act);
    for (const std::string& line : report.not_had) told += fmt::format("  not had: {}\n", line);
    for (const std::string& line : report.memory) told += fmt::format("  memory: {}\n", line);
    return told;
}

}  // namespace spotter::proof
