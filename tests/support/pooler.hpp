#pragma once

#include <optional>
#include <string>

#include "base/child_process.hpp"
#include "support/cluster.hpp"
#include "support/temporary_folder.hpp"

namespace spotter::test {

/// Debian's PgBouncer before the database of a test, on a Unix socket of its own. Ended with this.
class Pooler {
  public:
    struct Settings {
        std::string mode = "transaction";
        /// Settings that a session asks for are dropped; else such a session is refused, as by default.
        bool drops_options = false;
        int port = 6432;     ///< which only names the socket
        int servers = 20;    ///< sessions with the database at most
        std::string more{};  ///< further lines of its configuration
    };
    Pooler(const Database& db, const Settings& settings);

    const std::string& dsn() const { return dsn_; }

    /// It dies, and all sessions through it; another takes its place.
    void restart();

  private:
    void start();

    TemporaryFolder folder_;
    std::optional<ChildProcess> process_;
    std::string dsn_;
};

}  // namespace spotter::test
