#include "proof/daemon_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include "base/file.hpp"

namespace spotter::proof {

DaemonProcess::DaemonProcess(std::string name, test::Environment environment, std::filesystem::path log)
    : name_(std::move(name)), environment_(std::move(environment)), log_(std::move(log)) {}

void DaemonProcess::start() {
    std::error_code absent;
    const auto size = std::filesystem::file_size(log_, absent);
    said_before_ = absent ? 0 : size;
    File log = File::open(log_, O_WRONLY | O_CREAT | O_APPEND);
    Command command;
    command.arguments = {test::Process::built(), "serve"};
    command.environment = {"PATH=/usr/bin:/bin", "HOME=/tmp"};
    for (const auto& [name, value] : environment_) command.environment.push_back(name + "=" + value);
    for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
        if (const char* value = std::getenv(name))
            command.environment.push_back(fmt::format("{}={}", name, value));
    command.output = command.errors = log.descriptor();
    command.signal_on_parent_death = SIGKILL;
    auto child = ChildProcess::start(command);
    if (!child) throw std::runtime_error(child.error().message);
    child_.emplace(std::move(*child));
    started_ = std::chrono::steady_clock::now();
}

void DaemonProcess::signal(int number) {
    if (child_) child_->signal(number);
}

bool DaemonProcess::running() {
    return child_ && child_->running();
}

bool DaemonProcess::ready() const {
    return log().find("info ready", said_before_) != std::string::npos;
}

std::optional<int> DaemonProcess::stop(std::chrono::seconds patience) {
    if (!child_) return std::nullopt;
    child_->signal(SIGTERM);
    auto code = child_->wait(patience);
    if (!code) child_->signal(SIGABRT);  // its core, where one is kept, says what it waits for
    child_.reset();
    return code;
}

void DaemonProcess::kill() {
    if (!child_) return;
    child_->signal(SIGKILL);
    child_->wait(std::chrono::seconds(10));
    child_.reset();
}

int DaemonProcess::kilobytes() const {
    if (!child_) return 0;
    const std::string status = read_file(fmt::format("/proc/{}/status", child_->pid())).value_or("");
    auto at = status.find("VmRSS:");
    return at == status.npos ? 0 : std::atoi(status.c_str() + at + 6);
}

std::chrono::seconds DaemonProcess::age() const {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - started_);
}

std::string DaemonProcess::log() const {
    return read_file(log_).value_or("");
}

}  // namespace spotter::proof
