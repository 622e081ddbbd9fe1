#include "bench/server.hpp"

#include <fmt/format.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <pqxx/pqxx>
#include <stdexcept>
#include <thread>

#include "db/migrator.hpp"

namespace spotter::bench {
namespace {

db::PrivatePostgres start(const std::filesystem::path& folder, const std::filesystem::path& programs) {
    db::PrivatePostgresSettings settings;
    settings.folder = folder / "postgres";
    settings.bin = programs;
    settings.parameters = {
        {"shared_buffers", "1GB"}, {"max_wal_size", "8GB"}, {"checkpoint_timeout", "30min"}};
    auto postgres = db::PrivatePostgres::start(settings);
    if (!postgres) throw std::runtime_error(postgres.error().message);
    return std::move(*postgres);
}

std::filesystem::path programs() {
    auto found = db::find_postgres();
    if (!found) throw std::runtime_error(found.error().message);
    return *found;
}

/// What a command prints; throws with it when the command fails.
std::string output_of(const std::string& command) {
    FILE* pipe = popen((command + " 2>&1").c_str(), "r");
    if (!pipe) throw std::runtime_error("cannot run " + command);
    std::string out;
    char part[4096];
    while (std::size_t got = std::fread(part, 1, sizeof part, pipe)) out.append(part, got);
    if (pclose(pipe) != 0) throw std::runtime_error(command + " failed: " + out);
    return out;
}

}  // namespace

Server::Server() : programs_(programs()), postgres_(start(folder_.path(), programs_)) {}

std::string Server::database(const std::string& name) {
    run(postgres_.dsn(), fmt::format("drop database if exists {} with (force)", name));
    run(postgres_.dsn(), fmt::format("create database {}", name));
    std::string dsn = postgres_.dsn(name);
    auto migrated = db::migrate(dsn);
    if (!migrated) throw std::runtime_error(migrated.error().message);
    return dsn;
}

void Server::run(const std::string& dsn, const std::string& sql) {
    pqxx::connection connection(dsn);
    pqxx::nontransaction(connection).exec(sql);
}

std::string Server::value(const std::string& dsn, const std::string& sql) {
    pqxx::connection connection(dsn);
    return pqxx::nontransaction(connection).exec1(sql)[0].c_str();
}

double Server::number(const std::string& dsn, const std::string& sql) {
    return std::stod(value(dsn, sql));
}

double Server::pgbench(const std::string& dsn, const std::string& script, const std::string& options) const {
    std::filesystem::path file = folder_.path() / "script.sql";
    std::ofstream(file) << script;
    std::string said = output_of(fmt::format("{} -n -M prepared -f {} {} '{}'", program("pgbench").string(),
                                             file.string(), options, dsn));
    constexpr std::string_view before = "tps = ";
    auto at = said.find(before);
    if (at == said.npos) throw std::runtime_error("pgbench says no tps: " + said);
    return std::stod(said.substr(at + before.size()));
}

test::Process serve(const std::string& dsn, const test::Environment& more) {
    test::Environment environment = more;
    environment.insert({{"SPOTTER_DATABASE_URL", dsn}, {"SPOTTER_HTTP_LISTEN", "127.0.0.1:0"}});
    test::Process process({"serve"}, environment);
    if (!process.says("info ready")) throw std::runtime_error("the daemon did not start: " + process.err());
    return process;
}

void stop(test::Process& process) {
    process.signal(SIGTERM);
    if (!process.wait(std::chrono::minutes(2)))
        throw std::runtime_error("a process did not stop: " + process.err());
}

void wait_until_settled(const std::string& dsn) {
    constexpr auto pause = std::chrono::milliseconds(500);
    for (auto waited = pause; waited < std::chrono::minutes(10); waited += pause) {
        std::this_thread::sleep_for(pause);
        if (Server::value(dsn,
                          "select not exists (select from public.training_programs "
                          "where generation_status in ('pending', 'processing'))") == "t")
            return;
    }
    throw std::runtime_error("the rows were not settled within ten minutes");
}

double finished_a_second(const std::string& dsn, const std::string& after) {
    return Server::number(dsn, fmt::format("select count(*) / extract(epoch from max(generation_finished_at) "
                                           "- min(generation_finished_at)) from public.training_programs "
                                           "where generation_queued_at > '{}'",
                                           after));
}

std::string replaced(std::string text, const std::string& name, const std::string& value) {
    for (auto at = text.find(name); at != text.npos; at = text.find(name, at + value.size()))
        text.replace(at, name.size(), value);
    return text;
}

}  // namespace spotter::bench
