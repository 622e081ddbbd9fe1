#include "support/replicas.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <pqxx/pqxx>
#include <stdexcept>

#include "support/cluster.hpp"
#include "support/wait.hpp"

namespace spotter::test {
namespace {

namespace fs = std::filesystem;

db::PrivatePostgres start(const fs::path& folder) {
    db::PrivatePostgresSettings settings;
    settings.folder = folder;
    settings.bin = postgres_programs();
    settings.parameters = {{"fsync", "off"}, {"wal_level", "replica"}, {"max_wal_senders", "4"}};
    settings.tcp = true;
    auto started = db::PrivatePostgres::start(settings);
    if (!started) throw std::runtime_error(started.error().message);
    return std::move(*started);
}

std::string value(const std::string& dsn, const std::string& statement) {
    pqxx::connection connection(dsn);
    auto rows = pqxx::nontransaction(connection).exec(statement);
    return rows.empty() || rows.columns() == 0 ? "" : rows[0][0].c_str();
}

/// What follows "user:password@" up to the database: host and port.
std::string host_and_port(const std::string& dsn) {
    auto from = dsn.find('@') + 1;
    return dsn.substr(from, dsn.find('/', from) - from);
}

}  // namespace

Replicas::Replicas() {
    primary_.emplace(start(folder_.path() / "primary"));
    copy_primary();
    standby_.emplace(start(folder_.path() / "standby"));
    replicate_synchronously();
}

void Replicas::copy_primary() {
    fs::path folder = folder_.path() / "standby";
    fs::create_directory(folder);
    fs::copy_file(folder_.path() / "primary" / "password", folder / "password");
    Command command;
    if (geteuid() == 0) {
        command.account = find_account("postgres");
        for (const fs::path& path : {folder, folder / "password"})
            if (chown(path.c_str(), command.account->user, command.account->group) != 0)
                throw std::runtime_error("the standby's folder cannot be given to its account");
    }
    fs::path bin = postgres_programs().empty() ? db::find_postgres().value() : postgres_programs();
    command.arguments = {
        bin / "pg_basebackup",   "--dbname=" + primary_->dsn(), "--pgdata=" + (folder / "data").string(),
        "--write-recovery-conf", "--checkpoint=fast",           "--no-sync"};
    command.environment = {"PATH=/usr/bin:/bin", "LC_ALL=C"};
    command.signal_on_parent_death = SIGKILL;
    auto backup = ChildProcess::start(command);
    if (!backup || backup->wait(std::chrono::minutes(1)) != 0)
        throw std::runtime_error("pg_basebackup does not make a standby");
}

void Replicas::replicate_synchronously() {
    // Only now, and in the primary's own folder alone: the standby will have nobody to wait for.
    value(primary_->dsn(), "alter system set synchronous_standby_names = '*'");
    value(primary_->dsn(), "select pg_reload_conf()");
    auto synchronous = [&] {
        return value(primary_->dsn(), "select sync_state from pg_stat_replication") == "sync";
    };
    if (!eventually(synchronous, std::chrono::minutes(1)))
        throw std::runtime_error("the standby does not follow");
}

std::string Replicas::both() const {
    std::string one = primary(), other = standby();
    auto from = one.find('@') + 1;
    return one.insert(one.find('/', from), "," + host_and_port(other));
}

std::string Replicas::address(const std::string& dsn) {
    return host_and_port(dsn);
}

void Replicas::crash_primary() {
    kill(primary_->pid(), SIGQUIT);
    primary_->stop();
}

void Replicas::promote_standby() {
    if (value(standby_->dsn(), "select pg_promote(true, 60)") != "t")
        throw std::runtime_error("the standby is not promoted");
}

}  // namespace spotter::test
