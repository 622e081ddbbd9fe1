#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "daemon/cli.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/endpoints.hpp"
#include "daemon/providers.hpp"
#include "db/failure.hpp"
#include "work/kind.hpp"

extern char** environ;

namespace spotter::cli {
namespace {

constexpr const char* default_file = "/etc/spotter/spotter.toml";

std::map<std::string, std::string> environment() {
    std::map<std::string, std::string> variables;
    for (char** entry = environ; *entry; ++entry) {
        std::string_view text = *entry;
        if (auto equals = text.find('='); equals != std::string_view::npos)
            variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return variables;
}

/// Whether there is a file at the default place; one that cannot be read is a mistake, not an absence.
bool readable_default_file() {
    if (access(default_file, R_OK) == 0) return true;
    if (errno == ENOENT || errno == ENOTDIR) return false;
    throw Stop{Exit::usage,
               fmt::format("{} cannot be read by this user ({}); the service's folder is made by: "
                           "install -d -m 750 -g spotter /etc/spotter",
                           default_file, std::strerror(errno))};
}

/// What Postgres says beside its message, "" if it says nothing. libpq puts each on a line of its own.
std::string hint_in(std::string_view said) {
    constexpr std::string_view mark = "\nHINT:  ";
    auto at = said.find(mark);
    if (at == said.npos) return "";
    said.remove_prefix(at + mark.size());
    return std::string(said.substr(0, said.find('\n')));
}

/// The exit code of what the database refuses.
int code_of(const std::string& sqlstate) {
    if (sqlstate == "P0002") return Exit::not_found;
    return sqlstate == "22023" ? Exit::usage : Exit::failure;
}

[[noreturn]] void stop_for(const std::vector<std::string>& mistakes) {
    throw Stop{Exit::usage,
               fmt::format("The configuration has mistakes:\n  {}", fmt::join(mistakes, "\n  "))};
}

}  // namespace

void Options::add_to(CLI::App& command) {
    command
        .add_option("-c,--config", file,
                    fmt::format("TOML file (default: {} where there is one)", default_file))
        ->check(CLI::ExistingFile);
    command.add_option("-d,--database", database, "the database, as database.url")->type_name("URL");
    command.add_option("--set", set, "any setting, as in --set queue.slots=32; see check-config --list")
        ->type_name("NAME=VALUE");
}

Config Options::read() const {
    return read_for(false);
}

Config Options::read_for(bool calls_models) const {
    ConfigSources sources{file, environment(), {}, calls_models};
    if (file.empty() && readable_default_file()) sources.file = default_file;
    for (const std::string& assignment : set) {
        auto equals = assignment.find('=');
        if (equals == std::string::npos)
            throw Stop{Exit::usage, fmt::format("--set {}: write NAME=VALUE", assignment)};
        sources.flags[assignment.substr(0, equals)] = assignment.substr(equals + 1);
    }
    if (!database.empty()) sources.flags["database.url"] = database;

    auto config = read_config(sources);
    if (config) return *config;
    std::vector<std::string> lines;
    for (const Error& error : config.error()) lines.push_back(error.message);
    stop_for(lines);
}

Config Options::read_for_work() const {
    Config config = read_for(true);
    if (auto found = mistakes(config); !found.empty()) stop_for(found);
    return config;
}

std::string unreachable(const std::string& dsn, const std::string& why) {
    std::string message = fmt::format("The database ({}) cannot be reached: {}", db::describe(dsn), why);
    if (dsn.empty()) message += "\nNo database was named; give one by -d URL or SPOTTER_DATABASE_URL.";
    return message;
}

void check_uuid(const std::string& text, std::string_view what) {
    bool good = text.size() == 36;
    for (std::size_t i = 0; good && i < text.size(); ++i) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        good = dash ? text[i] == '-' : std::isxdigit(static_cast<unsigned char>(text[i])) != 0;
    }
    if (!good)
        throw Stop{
            Exit::usage,
            fmt::format("\"{}\" is no {}; one looks like 00000000-0000-4000-8000-000000000001", text, what)};
}

std::string read_file(const std::string& path) {
    if (path == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
    if (std::filesystem::is_directory(path)) throw Stop{Exit::usage, path + " is a folder, no file"};
    std::ifstream file(path);
    if (!file) throw Stop{Exit::usage, fmt::format("{} cannot be read: {}", path, std::strerror(errno))};
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string kinds_in_words() {
    std::vector<std::string> names = work::kind_names();
    std::string last = names.back();
    names.pop_back();
    return fmt::format("{} or {}", fmt::join(names, ", "), last);
}

void check_kind(const std::string& name) {
    if (work::find_kind(name)) return;
    auto meant = nearest(name, work::kind_names());
    throw Stop{Exit::usage,
               fmt::format("there is no kind \"{}\".{} It is {}", name,
                           meant ? fmt::format(" Did you mean {}?", *meant) : "", kinds_in_words())};
}

void with_database(const Config& config, const std::function<void(db::Session&)>& ask) {
    try {
        db::Session session(working_endpoint(config.database, "spotter"));
        ask(session);
    } catch (const Stop&) {
        throw;
    } catch (const std::invalid_argument& error) {
        throw Stop{Exit::usage, error.what()};
    } catch (const std::exception& error) {
        db::Failure failure = db::classify(error);
        if (failure.kind == db::Failure::Kind::unavailable || failure.kind == db::Failure::Kind::in_doubt)
            throw Stop{Exit::unavailable, unreachable(config.database.url, failure.message)};
        // A table, schema, column or function that is missing.
        if (failure.sqlstate == "42P01" || failure.sqlstate == "3F000" || failure.sqlstate == "42703" ||
            failure.sqlstate == "42883")
            throw Stop{Exit::failure,
                       fmt::format("The database is not ready for spotter ({}). Run: spotter migrate",
                                   failure.message)};
        if (failure.sqlstate == "23503") throw Stop{Exit::failure, "There is no such user in auth.users."};
        std::string hint = hint_in(error.what());
        throw Stop{code_of(failure.sqlstate), failure.message + (hint.empty() ? "" : "\n" + hint)};
    }
}

}  // namespace spotter::cli
