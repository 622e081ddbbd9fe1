#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"
#include "db/postgres_folder.hpp"

/// A Postgres of our own, for `spotter dev`, tests and benchmarks. It never touches the system's service.
namespace spotter::db {

/// The folder with `initdb` and `postgres` of Debian's packages: the newest from 14 on, or `version` where
/// that is installed. Error code "postgres_not_found"; the message names the package to install.
Result<std::filesystem::path> find_postgres(std::optional<int> version = {},
                                            const std::filesystem::path& root = "/usr/lib/postgresql");

struct PrivatePostgresSettings {
    /// Holds all it writes: `data/` (made when absent), `server.log` of this run, `socket/`, `password`,
    /// `lock`. When root starts it, the server runs as the account that owns the folder, or as `postgres`
    /// where root owns it: then the folder is given to that account, which must be able to reach it.
    std::filesystem::path folder;
    std::filesystem::path bin;  ///< empty: found by find_postgres, in the version of the data
    std::vector<std::pair<std::string, std::string>> parameters;  ///< as in postgresql.conf
    /// Also listens on a free port of 127.0.0.1, with a password. Without, on its socket alone, in a folder
    /// that nobody but its account and root can enter.
    bool tcp = false;
    /// How long it may take until it accepts connections, crash recovery included.
    std::chrono::seconds patience{60};
};

/// A running server. Its functions block: call them at start and at the end. It is told to stop when the
/// thread that started it ends, so that it does not outlive a killed daemon: start it from the main thread.
class PrivatePostgres {
  public:
    /// Makes the cluster where there is none, starts it and waits until it accepts connections. Error codes:
    /// "postgres_not_found"; "folder_unusable"; "already_running", whose message names the process; and
    /// "postgres_failed", whose message ends with the last lines of the server's log.
    static Result<PrivatePostgres> start(const PrivatePostgresSettings& settings);

    PrivatePostgres(PrivatePostgres&&) noexcept = default;
    PrivatePostgres& operator=(PrivatePostgres&&) = delete;
    ~PrivatePostgres();

    /// A URI without blanks that connects as the superuser `postgres` over the socket.
    std::string dsn(std::string_view database = "postgres") const;

    /// The same over TCP, with the password; only when started with `tcp`.
    Secret tcp_dsn(std::string_view database = "postgres") const;

    pid_t pid() const { return server_.pid(); }

    /// Ends all sessions, stops the server and waits for it; harsher when it does not obey within `patience`.
    /// The data is safe either way. Does nothing when it has stopped.
    void stop(std::chrono::seconds patience = std::chrono::seconds(20));

  private:
    PrivatePostgres(PostgresFolder folder, PostgresFolder::Socket socket, ChildProcess server, uint16_t port);

    std::optional<PostgresFolder> folder_;  ///< held while the server runs
    PostgresFolder::Socket socket_;
    ChildProcess server_;
    uint16_t port_ = 0;
    Secret password_;
};

}  // namespace spotter::db
