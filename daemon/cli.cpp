#include "daemon/cli.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "daemon/commands/commands.hpp"
#include "daemon/commands/print.hpp"

namespace spotter::cli {

namespace {

/// How many letters must be put in, taken out, changed, or swapped with their neighbour.
std::size_t edits_between(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> least(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i)
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                least[i][j] = i + j;
                continue;
            }
            std::size_t change = least[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            least[i][j] = std::min({least[i - 1][j] + 1, least[i][j - 1] + 1, change});
            bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) least[i][j] = std::min(least[i][j], least[i - 2][j - 2] + 1);
        }
    return least[a.size()][b.size()];
}

/// What to say of a first word that is no command; nullopt where it is one, or an option.
std::optional<std::string> unknown_command(const CLI::App& app, int argc, char** argv,
                                           const std::string& path = "spotter") {
    if (argc < 2 || argv[1][0] == '-') return std::nullopt;
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands({})) {
        names.push_back(command->get_name());
        bool has_commands = command->get_name() == argv[1] && !command->get_subcommands({}).empty();
        if (has_commands)
            return unknown_command(*command, argc - 1, argv + 1, path + " " + command->get_name());
    }
    if (std::find(names.begin(), names.end(), argv[1]) != names.end()) return std::nullopt;
    auto meant = nearest(argv[1], names);
    return fmt::format("there is no command \"{}\".{}\n{}\nWhat each does: {} --help", argv[1],
                       meant ? fmt::format(" Did you mean {}?", *meant) : "",
                       wrapped(fmt::format("There are: {}.", fmt::join(names, ", ")), 0), path);
}

/// What to say of words that no command takes. Values are not repeated: they may hold a password.
std::string unknown_words(const CLI::App& app) {
    const CLI::App* command = &app;
    std::string path = "spotter";
    while (!command->get_subcommands().empty()) {
        command = command->get_subcommands().front();
        path += " " + command->get_name();
    }
    std::vector<std::string> options;
    for (const CLI::Option* option : command->get_options())
        for (const std::string& name : option->get_lnames()) options.push_back("--" + name);

    std::string said;
    for (const std::string& word : app.remaining(true)) {
        if (!word.starts_with('-')) continue;
        std::string name = word.starts_with("--") ? word.substr(0, word.find('=')) : word.substr(0, 2);
        auto meant = nearest(name, options);
        said += fmt::format("there is no option {} of {}.{}\n", name, command->get_name(),
                            meant ? fmt::format(" Did you mean {}?", *meant) : "");
    }
    if (said.empty()) said = "there is more on the command line than the command takes\n";
    return fmt::format(
        "{}Options go after the command, as in: spotter status -d URL. What it takes: {} --help", said, path);
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& names) {
    const std::size_t most = word.size() < 4 ? 1 : 2;
    std::optional<std::string> best;
    std::size_t least = most + 1;
    for (const std::string& name : names) {
        std::size_t distance = edits_between(word, name);
        if (name.starts_with(word) && word.size() > 1) distance = 0;
        if (distance >= least) continue;
        least = distance;
        best = name;
    }
    return best;
}

int run(int argc, char** argv) {
    CLI::App app(
        "Spotter turns rows of Postgres into generated content: an app inserts a row, spotter claims it,\n"
        "answers it from a cache or a model, validates the answer and writes it back.");
    app.footer(
        "First steps:\n"
        "  spotter dev                     everything on this machine, nothing to set up\n"
        "  spotter migrate -d postgres://… prepare a database\n"
        "  spotter serve   -d postgres://… work on it\n"
        "Every setting can also come from a file or the environment: spotter check-config --list\n"
        "Exit codes: 0 done, 1 did not work, 2 wrong usage, 3 no database, 4 the row failed, 5 no such row");
    app.set_version_flag("--version", "spotter " SPOTTER_VERSION);
    app.require_subcommand(1);

    Action action;
    add_dev(app, action);
    add_serve(app, action);
    add_migrate(app, action);
    add_enqueue(app, action);
    add_status(app, action);
    add_explain(app, action);
    add_result(app, action);
    add_retry(app, action);
    add_cancel(app, action);
    add_pause(app, action);
    add_resume(app, action);
    add_cache(app, action);
    add_check_config(app, action);

    if (auto stranger = unknown_command(app, argc, argv)) {
        std::fprintf(stderr, "spotter: %s\n", stranger->c_str());
        return Exit::usage;
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ExtrasError&) {
        std::fprintf(stderr, "spotter: %s\n", unknown_words(app).c_str());
        return Exit::usage;
    } catch (const CLI::ParseError& error) {
        int code = app.exit(error);
        return code == 0 ? Exit::ok : Exit::usage;
    }
    try {
        return action();
    } catch (const Stop& stop) {
        if (!stop.message.empty()) std::fprintf(stderr, "spotter: %s\n", stop.message.c_str());
        return stop.code;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "spotter: %s\n", error.what());
        return Exit::failure;
    }
}

}  // namespace spotter::cli
