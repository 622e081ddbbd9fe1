#include "daemon/cli.hpp"

#include <cstdio>

#include "daemon/commands/commands.hpp"

namespace spotter::cli {

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
    add_check_config(app, action);

    try {
        app.parse(argc, argv);
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
