#include "db/private_postgres.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <random>

namespace spotter::db {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr uint16_t port_without_tcp = 5432;  // it only names the socket's file

Error failed(std::string message) {
    return {"postgres_failed", std::move(message)};
}
Error not_found(std::string message) {
    return {"postgres_not_found", std::move(message)};
}

// For a URI: all that could end a path or a query's value becomes %XX.
std::string encoded(std::string_view text) {
    std::string out;
    for (unsigned char c : text) {
        bool plain = std::isalnum(c) || std::strchr("/-._~", c) != nullptr;
        out += plain ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02X}", c);
    }
    return out;
}

std::string random_password() {
    std::random_device random;  // the system's generator
    std::string out;
    for (int i = 0; i < 4; ++i) out += fmt::format("{:08x}", random());
    return out;
}

uint16_t free_port() {
    File socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    bool bound = bind(socket.descriptor(), generic, size) == 0 &&
                 getsockname(socket.descriptor(), generic, &size) == 0;
    return bound ? ntohs(address.sin_port) : 0;
}

Result<fs::path> programs(const PrivatePostgresSettings& settings, const PostgresFolder& folder) {
    fs::path bin = settings.bin;
    if (bin.empty()) {
        auto found = find_postgres(leading_number(read_file(folder.data() / "PG_VERSION")));
        if (!found) return found.error();
        bin = *found;
    }
    for (const char* program : {"initdb", "postgres"})
        if (access((bin / program).c_str(), X_OK) != 0)
            return not_found(fmt::format("There is no {} in {}.", program, bin.string()));
    if (auto closed = folder.closed_part(bin))
        return not_found(fmt::format(
            "The account that Postgres runs as cannot enter {}, where its programs are.", closed->string()));
    return fs::absolute(bin);
}

// `signal_on_parent_death` tells it to stop when we are gone.
Result<ChildProcess> run(const PostgresFolder& folder, std::vector<std::string> arguments,
                         int signal_on_parent_death) {
    auto log = folder.create(folder.log());
    if (!log) return log.error();
    Command command;
    command.arguments = std::move(arguments);
    command.environment = {"PATH=/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"};
    command.account = folder.account();
    command.output = command.errors = log->descriptor();
    command.signal_on_parent_death = signal_on_parent_death;
    return ChildProcess::start(command);
}

// Under another name at first, so that an initdb cut short is never taken for a cluster.
std::optional<Error> make_cluster(const PostgresFolder& folder, const fs::path& bin,
                                  const PrivatePostgresSettings& settings) {
    std::error_code ec;
    if (fs::exists(folder.data(), ec)) return {};
    fs::remove_all(folder.unfinished_data(), ec);

    auto password = folder.create(folder.password());
    if (!password) return password.error();
    std::string text = random_password() + "\n";
    if (write(password->descriptor(), text.data(), text.size()) < 0)
        return failed(fmt::format("Cannot write {}: {}.", folder.password().string(), std::strerror(errno)));

    std::vector<std::string> arguments = {
        bin / "initdb",        "--pgdata=" + folder.unfinished_data().string(),
        "--username=postgres", "--pwfile=" + folder.password().string(),
        "--encoding=UTF8",     "--locale=C.UTF-8",
        "--auth-local=trust",  "--auth-host=scram-sha-256",
        "--no-instructions"};
    // Who does without fsync later does without it now.
    for (const auto& [name, value] : settings.parameters)
        if (name == "fsync" && value == "off") arguments.push_back("--no-sync");
    auto initdb = run(folder, std::move(arguments), SIGTERM);
    if (!initdb) return initdb.error();
    if (initdb->wait(settings.patience) != 0)
        return failed(fmt::format("initdb cannot make a cluster in {}. It says:\n{}", folder.data().string(),
                                  folder.log_tail()));
    fs::rename(folder.unfinished_data(), folder.data(), ec);
    if (ec) return failed(fmt::format("Cannot make {}: {}.", folder.data().string(), ec.message()));
    return {};
}

Result<ChildProcess> launch(const PostgresFolder& folder, const fs::path& bin, const fs::path& socket,
                            uint16_t port, const PrivatePostgresSettings& settings) {
    std::vector<std::string> arguments = {bin / "postgres", "-D", folder.data(),       "-k",
                                          socket,           "-p", std::to_string(port)};
    auto set = [&](const std::string& name, const std::string& value) {
        arguments.push_back("-c");
        arguments.push_back(name + "=" + value);
    };
    set("listen_addresses", settings.tcp ? "127.0.0.1" : "");
    for (const auto& [name, value] : settings.parameters) set(name, value);
    return run(folder, std::move(arguments), SIGINT);
}

// The server keeps its state in the eighth line of postmaster.pid, for pg_ctl and for us.
std::optional<Error> wait_until_ready(const PostgresFolder& folder, ChildProcess& server,
                                      std::chrono::seconds patience) {
    auto deadline = Clock::now() + patience;
    while (Clock::now() < deadline) {
        if (auto status = server.wait(milliseconds(10)))
            return failed(fmt::format("Postgres ended with status {} instead of starting. Its log says:\n{}",
                                      *status, folder.log_tail()));
        auto state = read_file(folder.data() / "postmaster.pid");
        if (leading_number(state) == server.pid() && state->find("\nready") != std::string::npos) return {};
    }
    return failed(fmt::format("Postgres does not accept connections after {} s. Its log says:\n{}",
                              patience.count(), folder.log_tail()));
}

}  // namespace

Result<fs::path> find_postgres(std::optional<int> version, const fs::path& root) {
    constexpr int oldest = 14;
    int best = 0;
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(root, ec)) {
        int number = leading_number(entry.path().filename().string()).value_or(0);
        if (number < oldest || access((entry.path() / "bin/postgres").c_str(), X_OK) != 0) continue;
        if (number == version) return entry.path() / "bin";
        best = std::max(best, number);
    }
    if (best > 0) return root / std::to_string(best) / "bin";
    return not_found(
        fmt::format("There is no Postgres server of version {} or later in {}. Install the Debian "
                    "package postgresql, or name the folder that holds initdb and postgres.",
                    oldest, root.string()));
}

Result<PrivatePostgres> PrivatePostgres::start(const PrivatePostgresSettings& settings) {
    auto folder = PostgresFolder::open(settings.folder, settings.patience);
    if (!folder) return folder.error();
    auto bin = programs(settings, *folder);
    if (!bin) return bin.error();
    if (auto error = make_cluster(*folder, *bin, settings)) return std::move(*error);

    uint16_t port = settings.tcp ? free_port() : port_without_tcp;
    auto socket = folder->make_socket_folder(port);
    if (!socket) return socket.error();
    auto server = launch(*folder, *bin, socket->folder, port, settings);
    if (!server) return server.error();

    PrivatePostgres postgres(std::move(*folder), std::move(*socket), std::move(*server), port);
    if (auto error = wait_until_ready(*postgres.folder_, postgres.server_, settings.patience))
        return std::move(*error);
    return postgres;
}

PrivatePostgres::PrivatePostgres(PostgresFolder folder, PostgresFolder::Socket socket, ChildProcess server,
                                 uint16_t port)
    : folder_(std::move(folder)), socket_(std::move(socket)), server_(std::move(server)), port_(port) {
    std::string password = read_file(folder_->password()).value_or("");
    password_ = Secret(password.substr(0, password.find('\n')));
}

PrivatePostgres::~PrivatePostgres() {
    stop();
}

void PrivatePostgres::stop(std::chrono::seconds patience) {
    constexpr auto grace = std::chrono::seconds(5);
    if (!folder_) return;
    server_.signal(SIGINT);  // fast: sessions are ended and a checkpoint is written
    if (!server_.wait(patience)) {
        server_.signal(SIGQUIT);  // immediate: the next start recovers from the log
        if (!server_.wait(grace)) server_.signal(SIGKILL);
        server_.wait(grace);
    }
    std::error_code ignored;
    if (socket_.temporary) fs::remove_all(socket_.folder, ignored);
    folder_.reset();
}

std::string PrivatePostgres::dsn(std::string_view database) const {
    // The usual port is left out, so that the address can be pasted into a shell without quotes.
    std::string port = port_ == 5432 ? "" : fmt::format("&port={}", port_);
    return fmt::format("postgresql://postgres@/{}?host={}{}", encoded(database),
                       encoded(socket_.folder.string()), port);
}

Secret PrivatePostgres::tcp_dsn(std::string_view database) const {
    return Secret(fmt::format("postgresql://postgres:{}@127.0.0.1:{}/{}", password_.reveal(), port_,
                              encoded(database)));
}

}  // namespace spotter::db
