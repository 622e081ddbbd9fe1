#include <fmt/format.h>

#include <cstdio>

#include "daemon/cli.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/endpoints.hpp"
#include "db/migrator.hpp"

namespace spotter::cli {
namespace {

int migrate(const Config& config) {
    db::Endpoint endpoint = direct_endpoint(config.database, "spotter migrate");
    auto migrated = db::migrate(endpoint.dsn, endpoint.pooled);
    if (!migrated) {
        bool away = migrated.error().code == "unavailable";
        if (away) throw Stop{Exit::unavailable, unreachable(endpoint.dsn, migrated.error().message)};
        throw Stop{Exit::failure, migrated.error().message};
    }
    for (const std::string& name : migrated->applied) fmt::print("applied {}\n", name);
    for (const std::string& table : migrated->remade) fmt::print("made {} again, which was dropped\n", table);
    fmt::print("{} is at schema version {}\n", db::describe(endpoint.dsn), migrated->version);
    return Exit::ok;
}

}  // namespace

void add_migrate(CLI::App& app, Action& action) {
    auto* command =
        app.add_subcommand("migrate", "Prepare a database, or bring it up to date; safe at any time");
    command->footer(
        "Adopts an app's own training_programs and profiles: missing columns are added, rows stay as\n"
        "they are. Makes caches again that were dropped. All in one transaction: it goes through, or\n"
        "nothing was changed.");
    auto options = std::make_shared<Options>();
    options->add_to(*command);
    command->callback([&action, options] { action = [options] { return migrate(options->read()); }; });
}

}  // namespace spotter::cli
