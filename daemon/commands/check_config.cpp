#include <fmt/format.h>

#include <cstdio>

#include "daemon/cli.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/endpoints.hpp"

namespace spotter::cli {
namespace {

void list_settings() {
    for (const SettingInfo& setting : settings())
        fmt::print("{}\n    {}\n    {}\n", setting.path, setting.help, fmt::join(setting.environment, ", "));
}

}  // namespace

void add_check_config(CLI::App& app, Action& action) {
    auto* command =
        app.add_subcommand("check-config", "Read the configuration, say what is wrong or what is in force");
    auto options = std::make_shared<Options>();
    auto list = std::make_shared<bool>(false);
    options->add_to(*command);
    command->add_flag("--list", *list, "name every setting, what it means and its environment variables");
    command->callback([&action, options, list] {
        action = [options, list] {
            if (*list) {
                list_settings();
                return Exit::ok;
            }
            Config config = options->read_for_work();
            fmt::print("{}", describe(config));
            if (std::string note = advice(config); !note.empty())
                fmt::print(stderr, "spotter: note: {}\n", note);
            return Exit::ok;
        };
    });
}

}  // namespace spotter::cli
