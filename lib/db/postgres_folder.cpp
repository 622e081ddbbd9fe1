#include "db/postgres_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <cstring>
#include <thread>

namespace spotter::db {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr size_t longest_socket_path = 107;  // sun_path, without its NUL

Error unusable(std::string message) {
    return {"folder_unusable", std::move(message)};
}

std::string reason() {
    return std::strerror(errno);
}

}  // namespace

std::optional<int> leading_number(const std::optional<std::string>& text) {
    if (!text) return {};
    int number = 0;
    auto ec = std::from_chars(text->data(), text->data() + text->size(), number).ec;
    return ec == std::errc() ? std::optional(number) : std::nullopt;
}

Result<PostgresFolder> PostgresFolder::open(const fs::path& path, std::chrono::seconds patience) {
    PostgresFolder folder(fs::absolute(path));
    std::optional<Error> error = folder.choose_account();
    if (!error) error = folder.make();
    if (!error) error = folder.take_lock();
    if (!error) error = folder.wait_for_orphan(patience);
    if (error) return std::move(*error);
    return folder;
}

// Postgres refuses to run as root.
std::optional<Error> PostgresFolder::choose_account() {
    if (geteuid() != 0) return {};
    struct stat owner{};
    if (stat(path_.c_str(), &owner) == 0 && owner.st_uid != 0)
        account_ = Account{owner.st_uid, owner.st_gid};
    else
        account_ = find_account("postgres");
    if (account_) return {};
    return Error{"postgres_not_found",
                 "Postgres does not run as root, and this machine has no account named postgres. Install the "
                 "Debian package postgresql, or start this as an ordinary user."};
}

std::optional<Error> PostgresFolder::make() {
    std::error_code ec;
    fs::create_directories(path_, ec);
    if (ec || chmod(path_.c_str(), 0700) != 0 || !give(path_))
        return unusable(fmt::format("Cannot make the folder {} for Postgres: {}.", path_.string(),
                                    ec ? ec.message() : reason()));
    auto closed = closed_part(path_);
    if (!closed) return {};
    return unusable(fmt::format(
        "The account that Postgres runs as cannot enter {}. Choose a folder elsewhere.", closed->string()));
}

// The system takes the lock from its holder when that dies, however that happens.
std::optional<Error> PostgresFolder::take_lock() {
    lock_ = File::open(path_ / "lock", O_RDWR | O_CREAT | O_NOFOLLOW);
    if (!lock_ || !give(path_ / "lock"))
        return unusable(fmt::format("Cannot write in {}: {}.", path_.string(), reason()));
    if (flock(lock_.descriptor(), LOCK_EX | LOCK_NB) == 0) return {};
    auto pid = running_server();
    return Error{"already_running",
                 fmt::format("{} is in use by another process{}. Stop that one, or choose another folder.",
                             path_.string(), pid ? fmt::format("; its Postgres is process {}", *pid) : "")};
}

// We hold the lock, so the server's owner is dead and the server was told to stop: it needs a moment.
std::optional<Error> PostgresFolder::wait_for_orphan(std::chrono::seconds patience) {
    auto deadline = Clock::now() + patience;
    while (auto pid = running_server()) {
        if (Clock::now() >= deadline)
            return Error{"already_running",
                         fmt::format("The Postgres of an earlier run, process {}, still works in {}. Stop it "
                                     "with: kill -INT {}",
                                     *pid, data().string(), *pid)};
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    std::error_code ignored;
    fs::remove(data() / "postmaster.pid", ignored);
    return {};
}

// The process that postmaster.pid names, when it is alive and works in our data folder: the id in a file that
// a crash left may be anybody's by now.
std::optional<pid_t> PostgresFolder::running_server() const {
    auto pid = leading_number(read_file(data() / "postmaster.pid"));
    if (!pid) return {};
    std::error_code ec;
    bool ours = fs::equivalent(fmt::format("/proc/{}/cwd", *pid), data(), ec);
    return ours && !ec ? pid : std::nullopt;
}

bool PostgresFolder::give(const fs::path& path) const {
    return !account_ || lchown(path.c_str(), account_->user, account_->group) == 0;
}

std::optional<fs::path> PostgresFolder::closed_part(const fs::path& path) const {
    if (!account_) return {};
    fs::path walked;
    for (const fs::path& part : fs::absolute(path)) {
        walked /= part;
        struct stat entry{};
        if (stat(walked.c_str(), &entry) != 0) return walked;
        mode_t needed = S_IXOTH;
        if (entry.st_gid == account_->group) needed = S_IXGRP;
        if (entry.st_uid == account_->user) needed = S_IXUSR;
        if (!(entry.st_mode & needed)) return walked;
    }
    return {};
}

Result<File> PostgresFolder::create(const fs::path& path) const {
    File file = File::open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_NOFOLLOW);
    if (!file || !give(path)) return unusable(fmt::format("Cannot write {}: {}.", path.string(), reason()));
    return file;
}

Result<PostgresFolder::Socket> PostgresFolder::make_socket_folder(uint16_t port) const {
    Socket socket{.folder = path_ / "socket"};
    std::string longest_name = (socket.folder / fmt::format(".s.PGSQL.{}", port)).string();
    std::error_code ec;
    if (longest_name.size() <= longest_socket_path) {
        fs::remove_all(socket.folder, ec);  // what a crash left there
        fs::create_directory(socket.folder, ec);
    } else {
        std::string name = "/tmp/spotter-XXXXXX";
        if (mkdtemp(name.data()) == nullptr) ec.assign(errno, std::generic_category());
        socket = {.folder = name, .temporary = true};
    }
    if (!ec && chmod(socket.folder.c_str(), 0700) == 0 && give(socket.folder)) return socket;
    return unusable(fmt::format("Cannot make {} for the server's socket.", socket.folder.string()));
}

std::string PostgresFolder::log_tail() const {
    constexpr int lines = 12;
    std::string text = read_file(log()).value_or("");
    size_t begin = text.size();
    for (int i = 0; i <= lines && begin != std::string::npos && begin > 0; ++i)
        begin = text.rfind('\n', begin - 1);
    return begin == std::string::npos || begin == 0 ? text : text.substr(begin + 1);
}

}  // namespace spotter::db
