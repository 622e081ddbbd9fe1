#include "db/private_postgres.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <pqxx/pqxx>

#include "support/cluster.hpp"
#include "support/temporary_folder.hpp"
#include "support/wait.hpp"

namespace private_postgres_test {

namespace fs = std::filesystem;
using spotter::db::find_postgres;
using spotter::db::PrivatePostgres;
using spotter::db::PrivatePostgresSettings;
using spotter::test::eventually;
using spotter::test::TemporaryFolder;

namespace {

PrivatePostgresSettings throwaway(const fs::path& folder) {
    PrivatePostgresSettings settings;
    settings.folder = folder;
    settings.bin = spotter::test::postgres_programs();
    settings.parameters = spotter::test::throwaway_parameters();
    return settings;
}

std::string ask(const std::string& dsn, const std::string& question) {
    pqxx::connection connection(dsn);
    return pqxx::nontransaction(connection).exec(question)[0][0].as<std::string>();
}

void pretend_program(const fs::path& path, const std::string& script) {
    fs::create_directories(path.parent_path());
    std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
    chmod(path.c_str(), 0755);
}

}  // namespace

TEST_CASE("a private Postgres answers over its socket, in UTF-8 and without a locale of the machine") {
    TemporaryFolder folder;
    auto server = PrivatePostgres::start(throwaway(folder.path() / "postgres")).value();

    CHECK(ask(server.dsn(), "show server_encoding") == "UTF8");
    CHECK(ask(server.dsn(), "select datcollate from pg_database where datname = 'template1'") == "C.UTF-8");
    CHECK(ask(server.dsn(), "show timezone") == "UTC");
    CHECK(ask(server.dsn(), "show listen_addresses") == "");
    CHECK(ask(server.dsn(), "show fsync") == "off");
    CHECK(server.dsn().find(' ') == std::string::npos);
}

TEST_CASE("a private Postgres never runs as root, and nobody else may enter its folder") {
    TemporaryFolder folder;
    auto server = PrivatePostgres::start(throwaway(folder.path() / "postgres")).value();

    struct stat process{};
    REQUIRE(stat(("/proc/" + std::to_string(server.pid())).c_str(), &process) == 0);
    CHECK(process.st_uid != 0);
    struct stat entry{};
    REQUIRE(stat((folder.path() / "postgres").c_str(), &entry) == 0);
    CHECK((entry.st_mode & 0777) == 0700);
}

TEST_CASE("what was written stands after a stop and a start, at the same address") {
    TemporaryFolder folder;
    auto settings = throwaway(folder.path() / "postgres");
    std::string address;
    {
        auto server = PrivatePostgres::start(settings).value();
        address = server.dsn();
        ask(server.dsn(), "create table kept as select 42 as n; select 1");
    }
    auto server = PrivatePostgres::start(settings).value();
    CHECK(server.dsn() == address);
    CHECK(ask(server.dsn(), "select n from kept") == "42");
}

TEST_CASE("stopping ends the server though sessions are open") {
    TemporaryFolder folder;
    auto server = PrivatePostgres::start(throwaway(folder.path() / "postgres")).value();
    pqxx::connection session(server.dsn());
    pid_t pid = server.pid();

    server.stop();
    CHECK(kill(pid, 0) != 0);
    server.stop();  // and again does nothing
}

TEST_CASE("a folder in use is refused with the id of the process that uses it") {
    TemporaryFolder folder;
    auto settings = throwaway(folder.path() / "postgres");
    auto server = PrivatePostgres::start(settings).value();

    auto second = PrivatePostgres::start(settings);
    REQUIRE(second.has_error());
    CHECK(second.error().code == "already_running");
    CHECK(second.error().message.find(std::to_string(server.pid())) != std::string::npos);
    CHECK(ask(server.dsn(), "select 1") == "1");
}

TEST_CASE("the server of a killed owner stops by itself, and the next start waits for it") {
    TemporaryFolder folder;
    auto settings = throwaway(folder.path() / "postgres");
    pid_t owner = fork();
    if (owner == 0) {
        auto server = PrivatePostgres::start(settings);
        std::ofstream(folder.path() / "started") << (server ? "yes" : server.error().message);
        raise(SIGKILL);
    }
    REQUIRE(waitpid(owner, nullptr, 0) == owner);
    REQUIRE(spotter::read_file(folder.path() / "started") == "yes");

    auto next = PrivatePostgres::start(settings);
    REQUIRE_MESSAGE(next.has_value(), next.error().message);
    CHECK(ask(next->dsn(), "select 1") == "1");
}

TEST_CASE("a postmaster.pid that a crash left does not keep the server from starting") {
    TemporaryFolder folder;
    auto settings = throwaway(folder.path() / "postgres");
    {
        auto server = PrivatePostgres::start(settings).value();
        kill(server.pid(), SIGKILL);
    }
    // As after a reboot, the id in the file belongs to a process that has nothing to do with Postgres.
    auto pid_file = settings.folder / "data/postmaster.pid";
    REQUIRE(fs::exists(pid_file));
    std::ofstream(pid_file) << getpid() << "\n" << (settings.folder / "data").string() << "\n";

    auto server = PrivatePostgres::start(settings);
    REQUIRE_MESSAGE(server.has_value(), server.error().message);
    CHECK(ask(server->dsn(), "select 1") == "1");
}

TEST_CASE("an initdb that was cut short is begun again") {
    TemporaryFolder folder;
    auto settings = throwaway(folder.path() / "postgres");
    fs::create_directories(settings.folder / "data.new/base");

    auto server = PrivatePostgres::start(settings);
    REQUIRE_MESSAGE(server.has_value(), server.error().message);
    CHECK(!fs::exists(settings.folder / "data.new"));
}

TEST_CASE("a folder too deep for a socket works, with its socket elsewhere and nothing left of it") {
    TemporaryFolder folder;
    auto settings = throwaway(folder.path() / std::string(90, 'd') / "postgres");
    fs::path socket;
    {
        auto server = PrivatePostgres::start(settings).value();
        socket = ask(server.dsn(), "show unix_socket_directories");
        CHECK(socket.string().size() < 90);
    }
    CHECK(!fs::exists(socket));
}

TEST_CASE("over TCP the server takes its password and nothing else") {
    TemporaryFolder folder;
    auto settings = throwaway(folder.path() / "postgres");
    settings.tcp = true;
    auto server = PrivatePostgres::start(settings).value();
    std::string address = server.tcp_dsn().reveal();

    CHECK(ask(address, "select host(inet_server_addr())") == "127.0.0.1");
    std::string wrong = address;
    wrong.replace(wrong.find("postgres:") + 9, 4, "nope");
    CHECK_THROWS_AS(pqxx::connection{wrong}, pqxx::broken_connection);
}

TEST_CASE("a server that does not start says why, with the end of its log") {
    TemporaryFolder folder;
    auto settings = throwaway(folder.path() / "postgres");
    settings.parameters.emplace_back("no_such_setting", "1");

    auto server = PrivatePostgres::start(settings);
    REQUIRE(server.has_error());
    CHECK(server.error().code == "postgres_failed");
    CHECK(server.error().message.find("no_such_setting") != std::string::npos);
}

TEST_CASE("a server that hangs is given up after the time it was given") {
    TemporaryFolder folder;
    auto settings = throwaway(folder.path() / "postgres");
    settings.bin = folder.path() / "bin";
    settings.patience = std::chrono::seconds(1);
    pretend_program(settings.bin / "initdb",
                    "for a; do case $a in --pgdata=*) mkdir \"${a#--pgdata=}\";; esac; done");
    pretend_program(settings.bin / "postgres", "echo 'waiting for the moon' >&2; exec sleep 1000");

    auto server = PrivatePostgres::start(settings);
    REQUIRE(server.has_error());
    CHECK(server.error().code == "postgres_failed");
    CHECK(server.error().message.find("waiting for the moon") != std::string::npos);
}

TEST_CASE("a machine without Postgres is told which package to install") {
    TemporaryFolder empty;
    auto found = find_postgres({}, empty.path());
    REQUIRE(found.has_error());
    CHECK(found.error().code == "postgres_not_found");
    CHECK(found.error().message.find("Debian package postgresql") != std::string::npos);
}

TEST_CASE("the newest installation is taken, or the one of the data's version") {
    TemporaryFolder root;
    for (const char* version : {"9.6", "13", "15", "17"})
        pretend_program(root.path() / version / "bin/postgres", "exit 1");
    fs::create_directories(root.path() / "18/bin");  // no server in it

    CHECK(find_postgres({}, root.path()).value() == root.path() / "17/bin");
    CHECK(find_postgres(15, root.path()).value() == root.path() / "15/bin");
    CHECK(find_postgres(16, root.path()).value() == root.path() / "17/bin");
}

TEST_CASE("a folder that the server's account cannot reach is named" * doctest::skip(geteuid() != 0)) {
    TemporaryFolder folder;
    auto hidden = folder.path() / "hidden";
    fs::create_directory(hidden);
    chmod(hidden.c_str(), 0700);

    auto server = PrivatePostgres::start(throwaway(hidden / "postgres"));
    REQUIRE(server.has_error());
    CHECK(server.error().code == "folder_unusable");
    CHECK(server.error().message.find(hidden.string()) != std::string::npos);
}

}  // namespace private_postgres_test
