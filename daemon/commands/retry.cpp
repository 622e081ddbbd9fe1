#include <fmt/format.h>

#include "daemon/cli.hpp"
#include "daemon/commands/commands.hpp"
#include "queue/inspect.hpp"

namespace spotter::cli {
namespace {

struct RetryArguments {
    Options options;
    std::string id;
    bool json = false;
};

std::string_view name(queue::Retried did) {
    switch (did) {
        case queue::Retried::queued:
            return "queued";
        case queue::Retried::hurried:
            return "hurried";
        case queue::Retried::waiting:
            return "waiting";
    }
    return "waiting";
}

std::string in_words(queue::Retried did, const std::string& id) {
    switch (did) {
        case queue::Retried::queued:
            return fmt::format("The row {} is in the queue again.", id);
        case queue::Retried::hurried:
            return fmt::format("The row {} is tried now, not later.", id);
        case queue::Retried::waiting:
            break;
    }
    return fmt::format("The row {} is in the queue already.\nWhat it waits for: spotter explain {}", id, id);
}

int retry(const RetryArguments& arguments) {
    Config config = arguments.options.read();
    check_uuid(arguments.id, "row's id");
    with_database(config, [&](db::Session& session) {
        queue::Retried did = queue::retry(session, arguments.id);
        if (arguments.json)
            fmt::print("{}\n", fmt::format(R"({{"id":"{}","did":"{}"}})", arguments.id, name(did)));
        else
            fmt::print("{}\n", in_words(did, arguments.id));
    });
    return Exit::ok;
}

}  // namespace

void add_retry(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("retry", "Try a row again now: one that failed, or was put off");
    command->footer(
        "A failed row begins anew, with nothing of its last attempts. A row that was put\n"
        "off, by a rate limit or an outage that is over, is tried at once.\n"
        "In SQL: select spotter.retry(id);\n"
        "Exit codes: 1 where there is nothing to try again, 5 where there is no such row.");
    auto arguments = std::make_shared<RetryArguments>();
    arguments->options.add_to(*command);
    command->add_option("id", arguments->id, "a row's id")->required()->type_name("UUID");
    command->add_flag("--json", arguments->json, "one JSON object: id; did: queued, hurried or waiting");
    command->callback([&action, arguments] { action = [arguments] { return retry(*arguments); }; });
}

}  // namespace spotter::cli
