#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "db/session.hpp"

/// One file a command: each adds itself, its options and its help to the command line.
namespace spotter::cli {

/// What every command takes, and the configuration that comes of it.
struct Options {
    std::string file;
    std::string database;
    std::vector<std::string> set;  ///< "queue.slots=32"

    void add_to(CLI::App& command);
    /// Reads the configuration; prints every mistake on stderr and ends the command with Exit::usage.
    Config read() const;
    /// The same, for who is going to work on rows: addresses and files must be of use.
    Config read_for_work() const;

  private:
    Config read_for(bool calls_models) const;
};

/// Ends the command with an exit code, and a message on stderr unless that is empty.
struct Stop {
    int code;
    std::string message;
};

/// Runs `ask` on a connection to the configured database; turns its failures into a Stop that says which
/// database and why.
void with_database(const Config& config, const std::function<void(db::Session&)>& ask);

/// Prints where a row stands; ends the command with Exit::not_found where there is none.
void print_standing(db::Session& session, const std::string& id, bool json);

/// What to say of a database that does not answer.
std::string unreachable(const std::string& dsn, const std::string& why);

/// Ends the command with Exit::usage unless `text` is a uuid. `what` it should be: "row's id".
void check_uuid(const std::string& text, std::string_view what);

/// A file's text; "-" is stdin. Ends the command with Exit::usage where it cannot be read.
std::string read_file(const std::string& path);

/// An option's text; nullopt where it was not given.
inline std::optional<std::string> if_given(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

/// Ends the command with Exit::usage unless there is a kind of that name.
void check_kind(const std::string& name);

/// "training_program, exercise or …", for help.
std::string kinds_in_words();

using Action = std::function<int()>;

void add_serve(CLI::App& app, Action& action);
void add_dev(CLI::App& app, Action& action);
void add_migrate(CLI::App& app, Action& action);
void add_enqueue(CLI::App& app, Action& action);
void add_status(CLI::App& app, Action& action);
void add_explain(CLI::App& app, Action& action);
void add_result(CLI::App& app, Action& action);
void add_retry(CLI::App& app, Action& action);
void add_cancel(CLI::App& app, Action& action);
void add_pause(CLI::App& app, Action& action);
void add_resume(CLI::App& app, Action& action);
void add_cache(CLI::App& app, Action& action);
void add_check_config(CLI::App& app, Action& action);

}  // namespace spotter::cli
