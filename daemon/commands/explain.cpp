#include "daemon/cli.hpp"
#include "daemon/commands/commands.hpp"

namespace spotter::cli {
namespace {

struct ExplainArguments {
    Options options;
    std::string id;
    bool json = false;
};

int explain(const ExplainArguments& arguments) {
    Config config = arguments.options.read();
    check_uuid(arguments.id, "row's id");
    with_database(config,
                  [&](db::Session& session) { print_standing(session, arguments.id, arguments.json); });
    return Exit::ok;
}

}  // namespace

void add_explain(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("explain", "Say why a row is not done, and what would change that");
    command->footer(
        "Its place in the queue, what it waits for, when it is tried next, what it has\n"
        "cost so far. In SQL, for many rows at once: select * from generation_reasons;");
    auto arguments = std::make_shared<ExplainArguments>();
    arguments->options.add_to(*command);
    command->add_option("id", arguments->id, "a row's id")->required()->type_name("UUID");
    command->add_flag("--json", arguments->json, "one JSON object, for scripts");
    command->callback([&action, arguments] { action = [arguments] { return explain(*arguments); }; });
}

}  // namespace spotter::cli
