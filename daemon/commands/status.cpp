#include <fmt/format.h>

#include <cstdio>

#include "base/json.hpp"
#include "daemon/cli.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/commands/print.hpp"
#include "queue/inspect.hpp"

namespace spotter::cli {
namespace {

struct StatusArguments {
    Options options;
    std::string id;
    bool json = false;
};

int status(const StatusArguments& arguments) {
    Config config = arguments.options.read();
    if (!arguments.id.empty()) check_uuid(arguments.id, "row's id");
    with_database(config, [&](db::Session& session) {
        if (arguments.id.empty()) {
            std::string overview = queue::overview(session);
            fmt::print("{}", arguments.json ? overview + "\n" : overview_for_people(overview));
            return;
        }
        print_standing(session, arguments.id, arguments.json);
    });
    return Exit::ok;
}

}  // namespace

void print_standing(db::Session& session, const std::string& id, bool json) {
    auto standing = queue::standing(session, id);
    if (!standing) throw Stop{Exit::not_found, fmt::format("There is no row {}", id)};
    fmt::print("{}", json ? *standing + "\n" : standing_for_people(*standing));
}

void add_status(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("status", "Show the queue, or where one row stands and why");
    command->footer(
        "Without an id: how many rows wait, for what, what is paused, and who works on them.\n"
        "With one, the same as explain.");
    auto arguments = std::make_shared<StatusArguments>();
    arguments->options.add_to(*command);
    command->add_option("id", arguments->id, "a row's id")->type_name("UUID");
    command->add_flag("--json", arguments->json, "one JSON object, for scripts");
    command->callback([&action, arguments] { action = [arguments] { return status(*arguments); }; });
}

}  // namespace spotter::cli
