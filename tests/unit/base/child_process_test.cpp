#include "base/child_process.hpp"

#include <doctest/doctest.h>
#include <signal.h>

namespace child_process_test {

using spotter::ChildProcess;
using spotter::Command;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

Command shell(const std::string& script) {
    return {.arguments = {"/bin/sh", "-c", script}};
}

}  // namespace

TEST_CASE("a program's exit code is reported, and its killer's signal as a shell does") {
    auto ended = ChildProcess::start(shell("exit 7")).value();
    CHECK(ended.wait(seconds(10)) == 7);
    CHECK(ended.wait(seconds(0)) == 7);
    CHECK(!ended.running());

    auto killed = ChildProcess::start(shell("kill -TERM $$")).value();
    CHECK(killed.wait(seconds(10)) == 128 + SIGTERM);
}

TEST_CASE("a program that cannot be run is an error and leaves no process") {
    auto child = ChildProcess::start({.arguments = {"/nowhere/program"}});
    REQUIRE(child.has_error());
    CHECK(child.error().code == "spawn_failed");
    CHECK(child.error().message.find("/nowhere/program") != std::string::npos);
}

TEST_CASE("a program gets the given environment and nothing else") {
    Command command = shell("test \"$A\" = 1 && test -z \"$HOME\"");
    command.environment = {"A=1"};
    auto child = ChildProcess::start(command).value();
    CHECK(child.wait(seconds(10)) == 0);
}

TEST_CASE("waiting has a limit, and what still runs at the end is killed") {
    pid_t pid = 0;
    {
        auto child = ChildProcess::start({.arguments = {"/bin/sleep", "1000"}}).value();
        pid = child.pid();
        CHECK(!child.wait(milliseconds(20)));
        CHECK(child.running());
    }
    CHECK(kill(pid, 0) != 0);
}

}  // namespace child_process_test
