#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "db/private_postgres.hpp"
#include "support/temporary_folder.hpp"

namespace spotter::bench {

/// A Postgres as an operator would run it: it syncs, and has memory enough for what is measured.
class Server {
  public:
    Server();

    /// A new migrated database; gives its DSN.
    std::string database(const std::string& name);
    /// Runs statements; throws when one fails.
    static void run(const std::string& dsn, const std::string& sql);
    /// The first column of the first row.
    static std::string value(const std::string& dsn, const std::string& sql);
    std::filesystem::path program(const std::string& name) const { return programs_ / name; }

  private:
    std::filesystem::path programs_;
    test::TemporaryFolder folder_;
    db::PrivatePostgres postgres_;
};

/// What was measured, with what it is held against.
class Report {
  public:
    void add(std::string what, double ours, double theirs, std::string unit, std::string target);
    std::string table() const;
    void write_json(const std::string& path) const;

  private:
    struct Line {
        std::string what;
        double ours, theirs;
        std::string unit, target;
    };
    std::vector<Line> lines_;
};

}  // namespace spotter::bench
