#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <thread>

#include "base/json.hpp"
#include "daemon/cli.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/commands/print.hpp"
#include "queue/inspect.hpp"
#include "work/kind.hpp"

namespace spotter::cli {
namespace {

constexpr const char* program = "training_program";

struct EnqueueArguments {
    Options options;
    std::string kind = program;
    std::string user;
    std::string input;  ///< JSON, or a file; "-" is stdin; empty: none
    std::string key;
    bool has_key = false;
    bool wait = false;
    bool json = false;
};

/// The text of `--input`, once it is known to be an object.
std::optional<std::string> read_input(const std::string& given) {
    if (given.empty()) return std::nullopt;
    const bool is_json = given.front() == '{' || given.front() == '[';
    if (!is_json && given != "-" && access(given.c_str(), R_OK) != 0)
        throw Stop{Exit::usage,
                   fmt::format("--input is neither a JSON object nor a file that can be read: {}", given)};
    std::string text = is_json ? given : read_file(given);
    std::string name = is_json ? "--input" : given == "-" ? "stdin" : given;
    auto parsed = json::parse(text);
    if (!parsed) throw Stop{Exit::usage, fmt::format("{} is no JSON: {}", name, parsed.error().message)};
    if (!parsed->IsObject())
        throw Stop{Exit::usage, fmt::format("{} holds no JSON object, such as {{\"key\": \"value\"}}", name)};
    return text;
}

queue::Wish wish(const EnqueueArguments& arguments) {
    check_kind(arguments.kind);
    if (!arguments.user.empty()) check_uuid(arguments.user, "user's id");
    if (arguments.kind == program && arguments.user.empty())
        throw Stop{Exit::usage, "a training program is for a user; say whose it is with --user UUID"};
    if (arguments.kind == program && !arguments.key.empty())
        throw Stop{Exit::usage, "--key is for requests; training_programs has no idempotency key"};
    if (arguments.has_key && arguments.key.empty())
        throw Stop{Exit::usage, "--key is empty; write 1 to 200 characters, or leave it out"};
    return {arguments.kind, if_given(arguments.user), read_input(arguments.input), if_given(arguments.key)};
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

int enqueue(const EnqueueArguments& arguments) {
    Config config = arguments.options.read();
    queue::Wish wished = wish(arguments);
    int code = Exit::ok;
    with_database(config, [&](db::Session& session) {
        std::string id = queue::enqueue(session, wished);
        if (!arguments.wait) {
            fmt::print("{}\n", arguments.json ? fmt::format(R"({{"id":"{}"}})", id) : id);
            return;
        }
        fmt::print(stderr, "{} is in the queue\n", id);
        std::string standing = wait_for(session, id);
        auto content = queue::content(session, id);
        if (arguments.json)
            fmt::print("{}\n", content.value_or(standing));
        else
            fmt::print("{}{}", standing_for_people(standing),
                       content ? fmt::format("The result: spotter result {}\n", id) : "");
        if (!content) code = Exit::row_failed;
    });
    return code;
}

}  // namespace

void add_enqueue(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("enqueue", "Ask for content, as an app would by an INSERT");
    command->footer(
        "  spotter enqueue -u UUID                 a program, from the user's profile\n"
        "  spotter enqueue exercise --wait --json -i '{\"type\": \"term_matching\", \"difficulty\": 2}'\n"
        "  spotter enqueue sql_query -i '{\"prompt\": \"how many orders are there\"}'\n"
        "A training program becomes a row of training_programs, the others of generation_requests.\n"
        "With --wait --json what was generated is printed, or where the row stands if it failed;\n"
        "the row's id goes to stderr.");
    auto arguments = std::make_shared<EnqueueArguments>();
    arguments->options.add_to(*command);
    command->add_option("kind", arguments->kind, kinds_in_words())->type_name("KIND");
    command->add_option("-u,--user", arguments->user, "who asks (auth.users); without one the app itself")
        ->type_name("UUID");
    command
        ->add_option("-i,--input,-o,--onboarding", arguments->input,
                     "what it is made from: a JSON object, or a file with one; - reads stdin")
        ->type_name("JSON|FILE");
    command
        ->add_option("-k,--key", arguments->key, "idempotency key: a second request with it is the first one")
        ->type_name("TEXT");
    command->add_flag("-w,--wait", arguments->wait, "wait until it is done");
    command->add_flag("--json", arguments->json, "JSON, for scripts");
    command->callback([&action, arguments, command] {
        arguments->has_key = command->count("--key") > 0;
        action = [arguments] { return enqueue(*arguments); };
    });
}

}  // namespace spotter::cli
