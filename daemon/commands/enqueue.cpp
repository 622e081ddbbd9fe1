#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>

#include "base/json.hpp"
#include "daemon/cli.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/commands/print.hpp"
#include "queue/inspect.hpp"

namespace spotter::cli {
namespace {

struct Arguments {
    Options options;
    std::string user;
    std::string onboarding;  ///< file; "-" is stdin; empty: the profile's
    bool wait = false;
    bool json = false;
};

std::optional<std::string> read_onboarding(const std::string& path) {
    if (path.empty()) return std::nullopt;
    std::string text;
    if (path == "-") {
        text.assign(std::istreambuf_iterator<char>(std::cin), {});
    } else {
        std::ifstream file(path);
        if (!file) throw Stop{Exit::usage, fmt::format("{} cannot be read", path)};
        text.assign(std::istreambuf_iterator<char>(file), {});
    }
    auto parsed = json::parse(text);
    if (!parsed) throw Stop{Exit::usage, fmt::format("{} is no JSON: {}", path, parsed.error().message)};
    if (!parsed->IsObject())
        throw Stop{Exit::usage, fmt::format("{} holds no JSON object; write one with the answers", path)};
    return text;
}

bool is_settled(const std::string& standing) {
    auto parsed = json::parse(standing);
    auto status = json::text(*parsed, "status");
    return status == "completed" || status == "failed";
}

/// Says on stderr where the row stands, when that has changed.
void tell(const std::string& standing, std::string& told) {
    auto parsed = json::parse(standing);
    std::string now(json::text(*parsed, "stage").value_or(json::text(*parsed, "status").value_or("")));
    auto reason = json::text(*parsed, "reason");
    if (reason != "working" && reason != "in_queue")
        now += fmt::format(": {} {}", json::text(*parsed, "meaning").value_or(""),
                           json::text(*parsed, "what_to_do").value_or(""));
    if (now != told) fmt::print(stderr, "{}\n", now);
    told = now;
}

/// Asks every quarter of a second: a person waits, not a program.
std::string wait_for(db::Session& session, const std::string& id) {
    std::string told;
    for (;;) {
        auto standing = queue::standing(session, id);
        if (!standing) throw Stop{Exit::not_found, fmt::format("The row {} was deleted meanwhile", id)};
        if (is_settled(*standing)) return *standing;
        tell(*standing, told);
        std::this_thread::sleep_for(std::chrono::milliseconds(250));
    }
}

int enqueue(const Arguments& arguments) {
    Config config = arguments.options.read();
    check_uuid(arguments.user, "user's id");
    auto onboarding = read_onboarding(arguments.onboarding);
    int code = Exit::ok;
    with_database(config, [&](db::Session& session) {
        std::string id = queue::enqueue_program(session, arguments.user, onboarding);
        if (!arguments.wait) {
            fmt::print("{}\n", arguments.json ? fmt::format(R"({{"id":"{}"}})", id) : id);
            return;
        }
        if (!arguments.json) fmt::print(stderr, "{} is in the queue\n", id);
        std::string standing = wait_for(session, id);
        auto content = queue::content(session, id);
        if (arguments.json)
            fmt::print("{}\n", content.value_or(standing));
        else
            fmt::print("{}", standing_for_people(standing));
        if (!content) code = Exit::row_failed;
    });
    return code;
}

}  // namespace

void add_enqueue(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("enqueue", "Ask for a training program, as an app would by an INSERT");
    command->footer(
        "Without --onboarding the program is planned from the user's profile.\n"
        "With --wait --json the finished program is printed.");
    auto arguments = std::make_shared<Arguments>();
    arguments->options.add_to(*command);
    command->add_option("-u,--user", arguments->user, "whose program it is (auth.users)")
        ->required()
        ->type_name("UUID");
    command->add_option("-o,--onboarding", arguments->onboarding, "JSON with the answers; - reads stdin")
        ->type_name("FILE");
    command->add_flag("-w,--wait", arguments->wait, "wait until it is done");
    command->add_flag("--json", arguments->json, "JSON, for scripts");
    command->callback([&action, arguments] { action = [arguments] { return enqueue(*arguments); }; });
}

}  // namespace spotter::cli
