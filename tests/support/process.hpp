#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/child_process.hpp"
#include "base/file.hpp"

namespace spotter::test {

using Environment = std::map<std::string, std::string>;

struct ProcessOptions {
    std::string input;               ///< what it reads from stdin
    std::optional<Account> account;  ///< whom it runs as; only root may say
    std::filesystem::path binary;    ///< a copy of it; empty: where it was built
    std::string network;             ///< the network namespace it runs in; empty: ours
};

/// The real binary, run as a user would run it. Killed at the end when it still runs.
class Process {
  public:
    /// Its environment is PATH, HOME=/tmp, and what is given; nothing of the test's own.
    Process(std::vector<std::string> arguments, const Environment& environment = {},
            const ProcessOptions& options = {});

    /// Where the binary was built.
    static std::filesystem::path built();

    /// What it has written so far. Lives in memory; can be read while it runs and after.
    std::string out() const;
    std::string err() const;

    pid_t pid() const { return child_->pid(); }
    void signal(int number) { child_->signal(number); }
    bool running() { return child_->running(); }

    /// Its exit code, or 128 + the signal that killed it; nullopt when it still runs after `limit`.
    std::optional<int> wait(std::chrono::milliseconds limit = std::chrono::seconds(30)) {
        return child_->wait(limit);
    }

    /// True as soon as `text` stands in out() or err(); false when it ends without, or after `limit`.
    bool says(const std::string& text, std::chrono::milliseconds limit = std::chrono::seconds(30));

  private:
    File in_;
    File out_;
    File err_;
    std::optional<ChildProcess> child_;
};

}  // namespace spotter::test
