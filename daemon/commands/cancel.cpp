#include <fmt/format.h>

#include "daemon/cli.hpp"
#include "daemon/commands/commands.hpp"
#include "queue/inspect.hpp"

namespace spotter::cli {
namespace {

struct CancelArguments {
    Options options;
    std::string id;
    std::string why;
    bool json = false;
};

int cancel(const CancelArguments& arguments) {
    Config config = arguments.options.read();
    check_uuid(arguments.id, "row's id");
    with_database(config, [&](db::Session& session) {
        queue::cancel(session, arguments.id, arguments.why);
        if (arguments.json)
            fmt::print("{}\n", fmt::format(R"({{"id":"{}","did":"cancelled"}})", arguments.id));
        else
            fmt::print("The row {} is cancelled.\nTo have it after all: spotter retry {}\n", arguments.id,
                       arguments.id);
    });
    return Exit::ok;
}

}  // namespace

void add_cancel(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("cancel", "End a row that is not finished; its running call as well");
    command->footer(
        "The row becomes failed with the code cancelled. A daemon that works on it drops\n"
        "the call within moments; rows that wait for the same answer go on.\n"
        "In SQL: select spotter.cancel(id, why);\n"
        "Exit codes: 1 where it is finished already, 5 where there is no such row.");
    auto arguments = std::make_shared<CancelArguments>();
    arguments->options.add_to(*command);
    command->add_option("id", arguments->id, "a row's id")->required()->type_name("UUID");
    command->add_option("--why", arguments->why, "for the row's owner, who reads it in generation_error")
        ->type_name("TEXT");
    command->add_flag("--json", arguments->json, "one JSON object, for scripts");
    command->callback([&action, arguments] { action = [arguments] { return cancel(*arguments); }; });
}

}  // namespace spotter::cli
