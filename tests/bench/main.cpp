#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "bench/sections.hpp"

namespace {

using namespace spotter::bench;

struct Section {
    const char* name;
    void (*measure)(const Bench&);
    const char* what;
};

constexpr Section sections[] = {
    {"cached", measure_cached, "cached rows a second, beside pgbench and graphile-worker"},
    {"latency", measure_latency, "from INSERT to the model, beside graphile-worker"},
    {"claims", measure_claims, "a claim's time in a full table, beside an empty one"},
    {"held", measure_held, "throughput while a transaction is held open"},
    {"inserts", measure_inserts, "inserts a second, with the wake-up trigger and without"},
    {"costs", measure_costs, "commits and WAL a row"},
    {"daemons", measure_daemons, "one, two and four daemons on one database"},
    {"calls", measure_calls, "memory and connections of 20,000 calls in flight"},
    {"identical", measure_identical, "calls for identical rows over three daemons"},
    {"caches", measure_caches, "look-ups, writes and upkeep of the documents' caches"},
    {"footprint", measure_footprint, "an idle daemon, and one after a million rows"},
};

std::string described() {
    std::string out = "Sections:\n";
    for (const Section& section : sections) out += fmt::format("  {:<10} {}\n", section.name, section.what);
    return out;
}

}  // namespace

int main(int argc, char** argv) {
    Sizes sizes;
    std::vector<std::string> chosen;
    std::string graphile_folder;
    CLI::App app{
        "Measures what the design sets targets for, side by side in one run. Progress goes to stderr, a "
        "table "
        "to stdout, and every figure to bench.json."};
    app.footer(described());
    app.add_option("section", chosen, "what to measure; all when none is named");
    app.add_option("--rounds", sizes.rounds, "turns that each side gets")->capture_default_str();
    app.add_option("--rows", sizes.rows, "cached, costs, daemons: cached rows, in thousands")
        ->capture_default_str();
    app.add_option("--latency-rows", sizes.latency_rows, "latency: rows one at a time, a round")
        ->capture_default_str();
    app.add_option("--pending", sizes.pending, "claims: pending rows")->capture_default_str();
    app.add_option("--finished", sizes.finished, "claims: finished rows")->capture_default_str();
    app.add_option("--held-seconds", sizes.held_seconds, "held: how long")->capture_default_str();
    app.add_option("--held-rate", sizes.held_rate, "held: rows a second")->capture_default_str();
    app.add_option("--insert-seconds", sizes.insert_seconds, "inserts: a turn")->capture_default_str();
    app.add_option("--calls", sizes.calls, "calls: in flight")->capture_default_str();
    app.add_option("--identical", sizes.identical, "identical: rows")->capture_default_str();
    app.add_option("--entries", sizes.entries, "caches: entries of each")->capture_default_str();
    app.add_option("--graphile", graphile_folder, "where scripts/fetch-graphile-worker put it");
    CLI11_PARSE(app, argc, argv);
    for (const std::string& name : chosen)
        if (std::none_of(std::begin(sections), std::end(sections),
                         [&](const Section& section) { return name == section.name; })) {
            fmt::print(stderr, "There is no section \"{}\".\n{}", name, described());
            return 2;
        }

    Server server;
    Graphile graphile(graphile_folder);
    Report report;
    bool failed = false;
    for (const Section& section : sections) {
        if (!chosen.empty() && std::find(chosen.begin(), chosen.end(), section.name) == chosen.end())
            continue;
        progress(fmt::format("-- {}: {}", section.name, section.what));
        try {
            section.measure({server, graphile, sizes, report});
        } catch (const std::exception& error) {
            // What the others say is worth having.
            progress(fmt::format("{} failed: {}", section.name, error.what()));
            failed = true;
        }
        report.write_json("bench.json");
    }
    fmt::print("{}", report.table());
    return failed ? 1 : 0;
}
