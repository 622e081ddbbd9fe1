#include "support/process.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

#include "support/wait.hpp"

namespace spotter::test {
namespace {

// The child appends at the offset that it shares with our descriptor; pread leaves that alone.
std::string content(const File& file) {
    std::string out;
    char part[16384];
    ssize_t got = 0;
    while ((got = pread(file.descriptor(), part, sizeof part, static_cast<off_t>(out.size()))) > 0)
        out.append(part, static_cast<size_t>(got));
    return out;
}

void fill(const File& file, const std::string& text) {
    bool filled = pwrite(file.descriptor(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
    if (!filled) throw std::runtime_error("the input could not be written");
}

// What a sanitizer is told from outside must reach the binary too.
void pass_on(const char* name, std::vector<std::string>& environment) {
    if (const char* value = std::getenv(name)) environment.push_back(std::string(name) + "=" + value);
}

}  // namespace

std::filesystem::path Process::built() {
    return SPOTTER_BINARY;
}

Process::Process(std::vector<std::string> arguments, const Environment& environment,
                 const ProcessOptions& options)
    : in_(memfd_create("stdin", MFD_CLOEXEC)),
      out_(memfd_create("stdout", MFD_CLOEXEC)),
      err_(memfd_create("stderr", MFD_CLOEXEC)) {
    fill(in_, options.input);
    Command command;
    command.account = options.account;
    command.arguments = std::move(arguments);
    command.arguments.insert(command.arguments.begin(), options.binary.empty() ? built() : options.binary);
    if (!options.network.empty())
        command.arguments.insert(command.arguments.begin(),
                                 {"/usr/sbin/ip", "netns", "exec", options.network});
    command.environment = {"PATH=/usr/bin:/bin", "HOME=/tmp"};
    for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
        pass_on(name, command.environment);
    for (const auto& [name, value] : environment) command.environment.push_back(name + "=" + value);
    command.input = in_.descriptor();
    command.output = out_.descriptor();
    command.errors = err_.descriptor();
    command.signal_on_parent_death = SIGKILL;
    auto child = ChildProcess::start(command);
    if (!child) throw std::runtime_error(child.error().message);
    child_.emplace(std::move(*child));
}

std::string Process::out() const {
    return content(out_);
}
std::string Process::err() const {
    return content(err_);
}

bool Process::says(const std::string& text, std::chrono::milliseconds limit) {
    auto said = [&] {
        return out().find(text) != std::string::npos || err().find(text) != std::string::npos;
    };
    eventually([&] { return said() || !running(); }, limit);
    return said();
}

}  // namespace spotter::test
