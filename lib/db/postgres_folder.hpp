#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/file.hpp"

/// The folder that a private Postgres lives in: who owns it, who holds it, what is in it.
namespace spotter::db {

class PostgresFolder {
  public:
    /// Makes the folder where it is missing, finds the account that works in it, and holds it for this
    /// process. Waits at most `patience` for a server whose owner was killed to end. Error codes as in
    /// PrivatePostgres::start.
    static Result<PostgresFolder> open(const std::filesystem::path& path, std::chrono::seconds patience);

    std::filesystem::path data() const { return path_ / "data"; }
    std::filesystem::path unfinished_data() const { return path_ / "data.new"; }
    std::filesystem::path log() const { return path_ / "server.log"; }
    std::filesystem::path password() const { return path_ / "password"; }

    /// Whom the server runs as; nullopt for ourselves.
    const std::optional<Account>& account() const { return account_; }

    /// The part of `path` that keeps the account out, or nullopt when it can reach it.
    std::optional<std::filesystem::path> closed_part(const std::filesystem::path& path) const;

    /// Opens a file in the folder, emptied and given to the account. Error code "folder_unusable".
    Result<File> create(const std::filesystem::path& path) const;

    struct Socket {
        std::filesystem::path folder;
        bool temporary = false;  ///< outside of ours, to be removed by who uses it
    };
    /// An empty folder for a socket that nobody else can enter. In /tmp where ours is too deep: the path of a
    /// Unix socket has at most 107 bytes.
    Result<Socket> make_socket_folder(uint16_t port) const;

    /// The server's last lines.
    std::string log_tail() const;

  private:
    explicit PostgresFolder(std::filesystem::path path) : path_(std::move(path)) {}

    std::optional<Error> choose_account();
    std::optional<Error> make();
    std::optional<Error> take_lock();
    std::optional<Error> wait_for_orphan(std::chrono::seconds patience);
    std::optional<pid_t> running_server() const;
    bool give(const std::filesystem::path& path) const;

    std::filesystem::path path_;
    std::optional<Account> account_;
    File lock_;
};

/// The number that `text` begins with.
std::optional<int> leading_number(const std::optional<std::string>& text);

}  // namespace spotter::db
