#include "bench/server.hpp"

#include <fmt/format.h>

#include <fstream>
#include <pqxx/pqxx>
#include <stdexcept>

#include "base/json.hpp"
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

void Report::add(std::string what, double ours, double theirs, std::string unit, std::string target) {
    lines_.push_back({std::move(what), ours, theirs, std::move(unit), std::move(target)});
}

std::string Report::table() const {
    std::string out = fmt::format("{:<46} {:>10} {:>10} {:>7}  {:<8} {}\n", "what", "spotter", "beside",
                                  "ratio", "unit", "target");
    for (const Line& line : lines_)
        out +=
            fmt::format("{:<46} {:>10.1f} {:>10.1f} {:>7.2f}  {:<8} {}\n", line.what, line.ours, line.theirs,
                        line.theirs > 0 ? line.ours / line.theirs : 0, line.unit, line.target);
    return out;
}

void Report::write_json(const std::string& path) const {
    std::ofstream file(path);
    file << "[";
    for (std::size_t i = 0; i < lines_.size(); ++i)
        file << fmt::format(
            "{}\n  {{\"what\":{},\"spotter\":{:.3f},\"beside\":{:.3f},\"unit\":{},\"target\":{}}}",
            i ? "," : "", json::quoted(lines_[i].what), lines_[i].ours, lines_[i].theirs,
            json::quoted(lines_[i].unit), json::quoted(lines_[i].target));
    file << "\n]\n";
}

}  // namespace spotter::bench
