#include "support/pooler.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <pqxx/pqxx>
#include <sstream>
#include <stdexcept>

#include "base/file.hpp"
#include "support/wait.hpp"

namespace spotter::test {
namespace {

constexpr const char* pgbouncer = "/usr/sbin/pgbouncer";

/// The folder of the socket that a dsn of the test cluster names.
std::string socket_folder(const std::string& dsn) {
    auto at = dsn.find("host=") + 5;
    return dsn.substr(at, dsn.find('&', at) - at);
}

std::string configuration(const Database& db, const Pooler::Settings& settings, const std::string& folder) {
    return fmt::format(
        "[databases]\n"
        "{0} = host={1} user=postgres\n"
        "[pgbouncer]\n"
        "pool_mode = {2}\n"
        "listen_port = {3}\n"
        "unix_socket_dir = {4}\n"
        "auth_type = any\n"
        "default_pool_size = {5}\n"
        "ignore_startup_parameters = {6}\n"
        "{7}\n",
        db.name(), socket_folder(db.dsn()), settings.mode, settings.port, folder, settings.servers,
        settings.drops_options ? "extra_float_digits,options" : "extra_float_digits", settings.more);
}

bool answers(const std::string& dsn) {
    try {
        pqxx::connection connection(dsn);
        pqxx::nontransaction(connection).exec("select 1");
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace

Pooler::Pooler(const Database& db, const Settings& settings) {
    const std::string folder = folder_.path();
    std::ofstream(folder + "/pgbouncer.ini") << configuration(db, settings, folder);
    dsn_ = fmt::format("postgresql://postgres@/{}?host={}&port={}", db.name(), folder, settings.port);
    start();
}

void Pooler::start() {
    const std::string folder = folder_.path(), log = folder + "/log";
    Command command;
    // It does not run as root.
    if (geteuid() == 0) command.account = find_account("postgres");
    if (command.account && chown(folder.c_str(), command.account->user, command.account->group) != 0)
        throw std::runtime_error("the pooler's folder cannot be given to it");
    command.arguments = {pgbouncer, folder + "/pgbouncer.ini"};
    File output(open(log.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0644));
    command.output = command.errors = output.descriptor();
    command.signal_on_parent_death = SIGKILL;
    auto started = ChildProcess::start(command);
    if (!started) throw std::runtime_error(started.error().message);
    process_.emplace(std::move(*started));

    if (eventually([&] { return answers(dsn_); })) return;
    std::stringstream said;
    said << std::ifstream(log).rdbuf();
    throw std::runtime_error("the pooler does not start: " + said.str());
}

void Pooler::restart() {
    process_.reset();
    start();
}

}  // namespace spotter::test
