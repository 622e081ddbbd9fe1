#include <fmt/format.h>

#include "daemon/cli.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/commands/print.hpp"
#include "queue/inspect.hpp"

namespace spotter::cli {
namespace {

constexpr const char* everything = "*";

struct PauseArguments {
    Options options;
    std::string kind = everything;
    std::string why;
    bool json = false;
};

void print(const std::string& pauses, bool changed, bool json, std::string_view otherwise) {
    if (json)
        fmt::print("{}\n", fmt::format(R"({{"changed":{},"paused":{}}})", changed, pauses));
    else
        fmt::print("{}{}", otherwise, pauses_for_people(pauses));
}

int pause(const PauseArguments& arguments) {
    Config config = arguments.options.read();
    if (arguments.kind != everything) check_kind(arguments.kind);
    with_database(config, [&](db::Session& session) {
        bool is_new = queue::pause(session, arguments.kind, arguments.why);
        print(queue::pauses(session), is_new, arguments.json,
              is_new                  ? ""
              : arguments.why.empty() ? "It was paused already.\n"
                                      : "It was paused already; the reason is new.\n");
    });
    return Exit::ok;
}

int resume(const PauseArguments& arguments) {
    Config config = arguments.options.read();
    if (arguments.kind != everything) check_kind(arguments.kind);
    with_database(config, [&](db::Session& session) {
        bool was_paused = queue::resume(session, arguments.kind);
        std::string did = was_paused                     ? "Resumed.\n"
                          : arguments.kind == everything ? "Nothing was paused.\n"
                                                         : arguments.kind + " was not paused.\n";
        print(queue::pauses(session), was_paused, arguments.json, did);
    });
    return Exit::ok;
}

void add_common(CLI::App& command, PauseArguments& arguments, const char* what) {
    arguments.options.add_to(command);
    command.add_option("kind", arguments.kind, what)->type_name("KIND");
    command.add_flag("--json", arguments.json, "one JSON object: changed, and all that is paused now");
}

}  // namespace

void add_pause(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("pause", "Begin nothing new, of one kind or of all, until resume");
    command->footer(
        "Rows can be inserted as before, and wait. What is being worked on is finished.\n"
        "Every daemon on the database heeds it, also those that are started later. It is\n"
        "told of in status, explain, /readyz, the metric spotter_paused and the log until\n"
        "somebody resumes. In SQL: select spotter.pause(kind, why);");
    auto arguments = std::make_shared<PauseArguments>();
    add_common(*command, *arguments, "such as training_program; without it everything");
    command->add_option("--why", arguments->why, "for whoever wonders")->type_name("TEXT");
    command->callback([&action, arguments] { action = [arguments] { return pause(*arguments); }; });
}

void add_resume(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("resume", "End a pause");
    command->footer(
        "Without a kind, whatever is paused goes on; with one, that alone.\n"
        "In SQL: select spotter.resume(kind);");
    auto arguments = std::make_shared<PauseArguments>();
    add_common(*command, *arguments, "such as training_program; without it everything");
    command->callback([&action, arguments] { action = [arguments] { return resume(*arguments); }; });
}

}  // namespace spotter::cli
