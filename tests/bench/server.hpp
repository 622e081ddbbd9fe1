#pragma once

#include <filesystem>
#include <string>

#include "db/private_postgres.hpp"
#include "support/process.hpp"
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
    static double number(const std::string& dsn, const std::string& sql);
    std::filesystem::path program(const std::string& name) const { return programs_ / name; }

    /// Transactions a second of a pgbench script; `options` as on its command line.
    double pgbench(const std::string& dsn, const std::string& script, const std::string& options) const;

  private:
    std::filesystem::path programs_;
    test::TemporaryFolder folder_;
    db::PrivatePostgres postgres_;
};

/// `spotter serve` on a database, with the builtin planner unless `more` names a model; ready for rows.
test::Process serve(const std::string& dsn, const test::Environment& more = {});
/// SIGTERM and its end; throws with its log when it does not come.
void stop(test::Process& process);

/// Waits until no row is left to do. Looks seldom, because a look costs what is measured. Throws after ten
/// minutes.
void wait_until_settled(const std::string& dsn);

/// Rows a second, from the first of them that was finished to the last, by the database's clock; of those
/// that were inserted after a time.
double finished_a_second(const std::string& dsn, const std::string& after = "-infinity");

std::string replaced(std::string text, const std::string& name, const std::string& value);

}  // namespace spotter::bench
