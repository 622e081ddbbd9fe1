#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <sstream>

#include "base/json.hpp"
#include "base/seal.hpp"
#include "cache/inspect.hpp"
#include "daemon/cli.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/commands/print.hpp"
#include "pipeline/cache_upkeep.hpp"
#include "work/kind.hpp"

namespace spotter::cli {
namespace {

struct CacheArguments {
    Options options;
    std::string kind;
    int days = 30;
    bool by_day = false;
    int entries = 0, megabytes = 0;  ///< 0: not given
    std::string users, inputs;       ///< files
    std::string user, key;
    bool everything = false;
    bool json = false;
};

std::vector<std::string> chosen_kinds(const CacheArguments& arguments) {
    if (arguments.kind.empty()) return work::kind_names();
    check_kind(arguments.kind);
    return {arguments.kind};
}

void print_number(const CacheArguments& arguments, const char* name, std::int64_t number,
                  std::string_view sentence) {
    if (arguments.json)
        fmt::print("{{\"kind\":{},\"{}\":{}}}\n", json::quoted(arguments.kind), name, number);
    else
        fmt::print("{}\n", sentence);
}

/// False, and says so on stderr, where the kind's cache was dropped.
bool has_cache(db::Session& session, const std::string& kind) {
    if (cache::is_there(session, kind)) return true;
    fmt::print(stderr, "{:<17} there is no cache: its table was dropped; spotter migrate makes it again\n",
               kind);
    return false;
}

int stats(const CacheArguments& arguments) {
    Config config = arguments.options.read();
    with_database(config, [&](db::Session& session) {
        std::string stats = arguments.by_day ? cache::stats_by_day(session, arguments.days)
                                             : cache::stats(session, arguments.days);
        auto for_people = arguments.by_day ? cache_days_for_people : caches_for_people;
        fmt::print("{}", arguments.json ? stats + "\n" : for_people(stats, arguments.days));
    });
    return Exit::ok;
}

/// Deletes what is beyond `limits(kind)`, of each kind that was chosen.
int trim(const CacheArguments& arguments,
         const std::function<cache::Limits(const Config&, const std::string&)>& limits) {
    Config config = arguments.options.read_for_work();
    auto kinds = chosen_kinds(arguments);
    with_database(config, [&](db::Session& session) {
        std::string gone;
        for (const std::string& kind : kinds) {
            if (!has_cache(session, kind)) continue;
            std::int64_t number = cache::trim_all(session, kind, limits(config, kind));
            gone += arguments.json
                        ? fmt::format("{}{}:{}", gone.empty() ? "" : ",", json::quoted(kind), number)
                        : fmt::format("{:<17} {} deleted\n", kind, number);
        }
        fmt::print("{}", arguments.json ? "{" + gone + "}\n" : gone);
    });
    return Exit::ok;
}

int cleanup(const CacheArguments& arguments) {
    return trim(arguments, [](const Config&, const std::string&) { return cache::Limits{}; });
}

int evict(const CacheArguments& arguments) {
    return trim(arguments, [&](const Config& config, const std::string& kind) {
        if (arguments.entries == 0 && arguments.megabytes == 0)
            return pipeline::cache_limits(config.cache, *work::find_kind(kind));
        cache::Limits limits;
        if (arguments.entries > 0) limits.entries = arguments.entries;
        if (arguments.megabytes > 0) limits.bytes = std::int64_t{arguments.megabytes} * 1024 * 1024;
        return limits;
    });
}

/// {"user": …, "input": …} and nothing else: whose it is, and what is asked.
bool names_user(const json::Value& line) {
    auto user = json::text(line, "user");
    const json::Value* input = json::find(line, "input");
    if (line.MemberCount() != 2 || !user || !input || !input->IsObject()) return false;
    check_uuid(std::string(*user), "user's id");
    return true;
}

/// The lines of a file as one JSON array of wishes; each is a user's id, or an input, or both.
std::string wishes(const CacheArguments& arguments) {
    bool users = !arguments.users.empty();
    const std::string& path = users ? arguments.users : arguments.inputs;
    std::istringstream lines(read_file(path));
    std::string list, line;
    for (int number = 1; std::getline(lines, line); ++number) {
        if (line.find_first_not_of(" \t\r") == line.npos) continue;
        if (users) {
            while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back()))) line.pop_back();
            check_uuid(line, fmt::format("user's id (line {})", number));
            list += fmt::format(R"({}{{"user":"{}"}})", list.empty() ? "" : ",", line);
            continue;
        }
        auto parsed = json::parse(line);
        if (!parsed || !parsed->IsObject())
            throw Stop{Exit::usage,
                       fmt::format("{}:{} is no JSON object: write one input a line", path, number)};
        list += list.empty() ? "" : ",";
        list += names_user(*parsed) ? line : fmt::format(R"({{"input":{}}})", line);
    }
    if (list.empty()) throw Stop{Exit::usage, fmt::format("{} is empty", path)};
    return "[" + list + "]";
}

int warm(const CacheArguments& arguments) {
    Config config = arguments.options.read();
    check_kind(arguments.kind);
    if (!arguments.users.empty() && arguments.kind != "training_program")
        throw Stop{
            Exit::usage,
            fmt::format("only training programs are made from a user alone; of kind {} say what is asked, by "
                        "--inputs FILE with {{\"user\": UUID, \"input\": {{…}}}} a line",
                        arguments.kind)};
    if (arguments.users.empty() == arguments.inputs.empty())
        throw Stop{Exit::usage,
                   "say what for by one of two: --users FILE with an id a line, or --inputs FILE with a JSON "
                   "object a line"};
    std::string wished = wishes(arguments);
    with_database(config, [&](db::Session& session) {
        std::int64_t rows = cache::warm(session, arguments.kind, wished);
        print_number(
            arguments, "queued", rows,
            fmt::format("{} in the queue at the lowest priority; what is cached already costs no call.\n"
                        "What fails, such as a user's without onboarding, can be seen for a day:\n"
                        "  select user_id, generation_error from generation_requests\n"
                        "   where generation_purpose = 'warm' and generation_status = 'failed'",
                        rows));
    });
    return Exit::ok;
}

/// A filter, so that it works on whatever a query gives. A line that cannot be read stands as it is, and
/// keeps no other from being read.
int unseal_lines(const CacheArguments& arguments) {
    Config config = arguments.options.read();
    if (config.cache.prompt_key.empty())
        throw Stop{Exit::usage, "no key is set; name its file by cache.prompt_key_file"};
    Exit exit = Exit::ok;
    std::string line;
    for (int number = 1; std::getline(std::cin, line); ++number) {
        auto text = unseal(config.cache.prompt_key, line);
        fmt::print("{}\n", text ? *text : line);
        if (text || !line.starts_with("sealed:")) continue;
        fmt::print(stderr, "line {}: {}\n", number, text.error().message);
        exit = Exit::failure;
    }
    return exit;
}

int invalidate(const CacheArguments& arguments) {
    Config config = arguments.options.read();
    check_kind(arguments.kind);
    if (!arguments.user.empty()) check_uuid(arguments.user, "user's id");
    if (arguments.everything != (arguments.user.empty() && arguments.key.empty()))
        throw Stop{Exit::usage, "say what: --user UUID, --key KEY or both, or --all of the kind and neither"};
    with_database(config, [&](db::Session& session) {
        has_cache(session, arguments.kind);  // what is in the air is not cached all the same
        std::int64_t gone =
            cache::invalidate(session, arguments.kind, if_given(arguments.user), if_given(arguments.key));
        print_number(arguments, "invalidated", gone, fmt::format("{} invalidated", gone));
    });
    return Exit::ok;
}

/// A command of `spotter cache`.
CLI::App* add(CLI::App& cache, const char* name, const char* about,
              const std::shared_ptr<CacheArguments>& arguments, Action& action,
              int (*run)(const CacheArguments&)) {
    auto* command = cache.add_subcommand(name, about);
    arguments->options.add_to(*command);
    command->add_flag("--json", arguments->json, "JSON, for scripts");
    command->callback([&action, arguments, run] { action = [arguments, run] { return run(*arguments); }; });
    return command;
}

void add_kind(CLI::App& command, CacheArguments& arguments, bool required) {
    command.add_option("kind", arguments.kind, kinds_in_words() + (required ? "" : "; without it each"))
        ->type_name("KIND")
        ->required(required);
}

}  // namespace

void add_cache(CLI::App& app, Action& action) {
    auto* cache = app.add_subcommand("cache", "See, trim, fill and empty the caches");
    cache->require_subcommand(1);
    cache->footer(
        "The daemons do all this by themselves; see cache.* in check-config --list.\n"
        "In SQL: spotter.cache_stats(), trim_cache(), warm_cache(), invalidate_cache().");

    auto arguments = std::make_shared<CacheArguments>();
    auto* stats_command =
        add(*cache, "stats", "How full the caches are, and how well they serve", arguments, action, stats);
    stats_command->add_option("--days", arguments->days, "to count hits and misses of")
        ->check(CLI::Range(1, 3650))
        ->capture_default_str();
    stats_command->add_flag("--by-day", arguments->by_day, "hits and misses of each day and kind");

    arguments = std::make_shared<CacheArguments>();
    add_kind(*add(*cache, "cleanup", "Delete what has expired", arguments, action, cleanup), *arguments,
             false);

    arguments = std::make_shared<CacheArguments>();
    auto* evict_command = add(*cache, "evict", "Delete what is too much, the least recently used first",
                              arguments, action, evict);
    add_kind(*evict_command, *arguments, false);
    evict_command->footer("Without a limit those that are configured count, as for the daemons.");
    evict_command->add_option("--entries", arguments->entries, "that may stay")
        ->check(CLI::Range(1, 1000000000));
    evict_command->add_option("--megabytes", arguments->megabytes, "that may stay")
        ->check(CLI::Range(1, 1000000000));

    arguments = std::make_shared<CacheArguments>();
    auto* warm_command = add(*cache, "warm", "Fill a cache before anybody asks", arguments, action, warm);
    add_kind(*warm_command, *arguments, true);
    warm_command
        ->add_option("--users", arguments->users, "training_program: a user's id a line; - reads stdin")
        ->type_name("FILE");
    warm_command
        ->add_option("--inputs", arguments->inputs,
                     "an input a line, JSON, or {\"user\": UUID, \"input\": {…}}; - reads stdin")
        ->type_name("FILE");

    arguments = std::make_shared<CacheArguments>();
    auto* invalidate_command =
        add(*cache, "invalidate", "What is known answers nobody any more", arguments, action, invalidate);
    add_kind(*invalidate_command, *arguments, true);
    invalidate_command->add_option("-u,--user", arguments->user, "whose entries")->type_name("UUID");
    invalidate_command->add_option("--key", arguments->key, "the entry of that key");
    invalidate_command->add_flag("--all", arguments->everything, "every entry of the kind");

    arguments = std::make_shared<CacheArguments>();
    auto* unseal_command =
        cache->add_subcommand("unseal", "Decrypt prompts from stdin, one a line, by cache.prompt_key_file");
    unseal_command->footer(
        "  psql -Atc 'select prompt_text from ai_worker_cache' | spotter cache unseal -c spotter.toml\n"
        "Lines that are not sealed pass as they are.");
    arguments->options.add_to(*unseal_command);
    unseal_command->callback(
        [&action, arguments] { action = [arguments] { return unseal_lines(*arguments); }; });
}

}  // namespace spotter::cli
