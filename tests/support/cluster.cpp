#include "support/cluster.hpp"

#include <fmt/format.h>

#include <atomic>
#include <cstdlib>
#include <optional>
#include <pqxx/pqxx>
#include <stdexcept>

#include "db/migrator.hpp"
#include "db/private_postgres.hpp"
#include "support/temporary_folder.hpp"

namespace spotter::test {
namespace {

constexpr const char* template_name = "spotter_template";

class Cluster {
  public:
    static Cluster& instance() {
        static Cluster cluster;
        return cluster;
    }

    std::string dsn(const std::string& database) const { return server_->dsn(database); }

    // Statements about databases take no parameters and run in no transaction; names are our own.
    void run(const std::string& statement) {
        pqxx::connection connection(dsn("postgres"));
        pqxx::nontransaction(connection).exec(statement);
    }

    const char* migrated_template() {
        if (!migrated_) {
            run(fmt::format("create database {}", template_name));
            db::migrate(dsn(template_name)).value();
            migrated_ = true;
        }
        return template_name;
    }

  private:
    Cluster() {
        db::PrivatePostgresSettings settings;
        settings.folder = folder_.path() / "postgres";
        settings.bin = postgres_programs();
        settings.parameters = throwaway_parameters();
        auto started = db::PrivatePostgres::start(settings);
        if (!started) throw std::runtime_error(started.error().message);
        server_.emplace(std::move(*started));
    }

    TemporaryFolder folder_;  // outlives the server
    std::optional<db::PrivatePostgres> server_;
    bool migrated_ = false;
};

std::string new_name() {
    static std::atomic<int> count = 0;
    return fmt::format("test_{}", ++count);
}

}  // namespace

Database::Database(std::string name) : name_(std::move(name)), dsn_(Cluster::instance().dsn(name_)) {}

Database::~Database() {
    if (name_.empty()) return;
    try {
        Cluster::instance().run(fmt::format("drop database {} with (force)", name_));
    } catch (const std::exception& error) {
        fmt::print(stderr, "{} is not dropped: {}\n", name_, error.what());
    }
}

Database empty_database() {
    std::string name = new_name();
    Cluster::instance().run(fmt::format("create database {}", name));
    return Database(std::move(name));
}

Database fresh_database() {
    std::string name = new_name();
    const char* from = Cluster::instance().migrated_template();
    Cluster::instance().run(fmt::format("create database {} template {}", name, from));
    return Database(std::move(name));
}

int postgres_version() {
    pqxx::connection connection(Cluster::instance().dsn("postgres"));
    return connection.server_version() / 10000;
}

std::filesystem::path postgres_programs() {
    const char* folder = std::getenv("SPOTTER_TEST_PG_BIN");
    return folder != nullptr ? folder : "";
}

std::vector<std::pair<std::string, std::string>> throwaway_parameters() {
    return {{"fsync", "off"},
            {"synchronous_commit", "off"},
            {"full_page_writes", "off"},
            {"max_connections", "200"}};
}

}  // namespace spotter::test
