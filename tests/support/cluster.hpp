#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

/// One throwaway Postgres a test run, started when it is first asked for and gone at the end. Its programs
/// are those of the folder SPOTTER_TEST_PG_BIN, else Debian's.
namespace spotter::test {

/// A database of a test's own, dropped at the end with all its sessions.
class Database {
  public:
    explicit Database(std::string name);
    Database(Database&& other) noexcept
        : name_(std::exchange(other.name_, {})), dsn_(std::move(other.dsn_)) {}
    Database& operator=(Database&&) = delete;
    ~Database();

    const std::string& name() const { return name_; }
    const std::string& dsn() const { return dsn_; }

  private:
    std::string name_;
    std::string dsn_;
};

/// A new database with nothing in it.
Database empty_database();

/// A new database that is a copy of the template: migrated once a run, copied in milliseconds.
Database fresh_database();

/// The cluster's major version, 15.
int postgres_version();

/// The folder of the Postgres programs under test; empty for Debian's.
std::filesystem::path postgres_programs();

/// Settings for a server whose data nobody will miss.
std::vector<std::pair<std::string, std::string>> throwaway_parameters();

}  // namespace spotter::test
