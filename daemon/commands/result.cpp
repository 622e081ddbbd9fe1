#include <fmt/format.h>

#include "daemon/cli.hpp"
#include "daemon/commands/commands.hpp"
#include "queue/inspect.hpp"

namespace spotter::cli {
namespace {

struct ResultArguments {
    Options options;
    std::string id;
};

int result(const ResultArguments& arguments) {
    Config config = arguments.options.read();
    check_uuid(arguments.id, "row's id");
    with_database(config, [&](db::Session& session) {
        auto content = queue::content(session, arguments.id);
        if (!content && !queue::standing(session, arguments.id))
            throw Stop{Exit::not_found, fmt::format("There is no row {}", arguments.id)};
        if (!content)
            throw Stop{Exit::failure,
                       fmt::format("The row has no result; why: spotter explain {}", arguments.id)};
        fmt::print("{}\n", *content);
    });
    return Exit::ok;
}

}  // namespace

void add_result(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("result", "Print what was generated for a row, as JSON");
    auto arguments = std::make_shared<ResultArguments>();
    arguments->options.add_to(*command);
    command->add_option("id", arguments->id, "a row's id")->required()->type_name("UUID");
    command->callback([&action, arguments] { action = [arguments] { return result(*arguments); }; });
}

}  // namespace spotter::cli
