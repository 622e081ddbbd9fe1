#include "daemon/app.hpp"
#include "daemon/cli.hpp"
#include "daemon/commands/commands.hpp"

namespace spotter::cli {

void add_serve(CLI::App& app, Action& action) {
    auto* command =
        app.add_subcommand("serve", "Work on the rows of a migrated database, until told to stop");
    command->footer(
        "SPOTTER_DATABASE_URL, OPENAI_BASE_URL, OPENAI_API_KEY, SPOTTER_LLM_MODEL, SPOTTER_HTTP_LISTEN and\n"
        "SPOTTER_SLOTS are enough. Without a key and an address of a model, the builtin planner answers.\n"
        "SIGTERM finishes what is under way; a second one gives it back to the queue at once.");
    auto options = std::make_shared<Options>();
    options->add_to(*command);
    command->callback([&action, options] {
        action = [options] {
            Config config = options->read_for_work();
            log::configure(config.log_level, config.log_format);
            return App(std::move(config)).run();
        };
    });
}

}  // namespace spotter::cli
