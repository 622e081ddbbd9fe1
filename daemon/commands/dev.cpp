#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "daemon/app.hpp"
#include "daemon/cli.hpp"
#include "daemon/commands/commands.hpp"
#include "db/migrator.hpp"
#include "db/private_postgres.hpp"

namespace spotter::cli {
namespace {

struct DevArguments {
    Options options;
    std::string state;
    std::string http;
};

/// Root's Postgres runs as another account, which could not reach a folder below /root.
std::filesystem::path default_state() {
    if (geteuid() == 0) return "/var/lib/spotter-dev";
    if (const char* state = std::getenv("XDG_STATE_HOME"); state && *state)
        return std::filesystem::path(state) / "spotter";
    const char* home = std::getenv("HOME");
    return std::filesystem::path(home ? home : "/tmp") / ".local/state/spotter";
}

/// Somebody to ask for: paid access, so that programs have their full length.
const db::Statement welcome{"welcome", R"sql(
with somebody as (
      insert into auth.users (id, email) values ('00000000-0000-4000-8000-000000000001', 'dev@example.com')
          on conflict do nothing)
insert into public.profiles (id, email, name, age, experience_level, weight_unit, is_premium)
values ('00000000-0000-4000-8000-000000000001', 'dev@example.com', 'Dev', 30, 'Intermediate', 'kg', true)
    on conflict do nothing)sql"};

int dev(const DevArguments& arguments) {
    if (!arguments.options.database.empty())
        throw Stop{Exit::usage, "dev has a database of its own; to work on yours run: spotter serve -d URL"};
    Config config = arguments.options.read_for_work();
    log::configure(config.log_level, config.log_format);

    db::PrivatePostgresSettings settings;
    settings.folder = arguments.state.empty() ? default_state() : std::filesystem::absolute(arguments.state);
    auto postgres = db::PrivatePostgres::start(settings);
    if (!postgres) throw Stop{Exit::unavailable, postgres.error().message};
    config.database.url = postgres->dsn();
    config.database.direct_url.clear();
    config.database.pooled = "no";
    if (auto migrated = db::migrate(config.database.url); !migrated)
        throw Stop{Exit::failure, migrated.error().message};

    with_database(config, [](db::Session& session) { session.run(welcome); });

    App app(config);
    app.on_ready([&](const std::string& http) {
        fmt::print("ready database={} http={}\n", config.database.url, http);
        std::fflush(stdout);
        fmt::print(stderr,
                   "\n  psql '{}'\n  there is a user to ask for: 00000000-0000-4000-8000-000000000001\n"
                   "  Ctrl-C ends it; the data stays in {}\n\n",
                   config.database.url, settings.folder.string());
    });
    return app.run();
}

}  // namespace

void add_dev(CLI::App& app, Action& action) {
    auto* command =
        app.add_subcommand("dev", "Everything on this machine: a private Postgres, migrated, and the daemon");
    command->footer(
        fmt::format("The data stays in the state folder (default: {}) from one run to the next.\n"
                    "Without OPENAI_BASE_URL or OPENAI_API_KEY the builtin planner answers.\n"
                    "Prints one line when ready: ready database=<dsn> http=<host:port>",
                    default_state().string()));
    auto arguments = std::make_shared<DevArguments>();
    arguments->options.add_to(*command);
    command->add_option("--state", arguments->state, "folder for the database")->type_name("DIR");
    command->add_option("--http", arguments->http, "where health and metrics are served, as http.listen")
        ->type_name("HOST:PORT");
    command->callback([&action, arguments] {
        action = [arguments] {
            if (!arguments->http.empty()) arguments->options.set.push_back("http.listen=" + arguments->http);
            return dev(*arguments);
        };
    });
}

}  // namespace spotter::cli
