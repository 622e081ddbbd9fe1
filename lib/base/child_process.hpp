#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

/// Programs that we run: started, watched, signalled and reaped by their own process id.
namespace spotter {

/// An account of this machine, to run a program as.
struct Account {
    uid_t user = 0;
    gid_t group = 0;
};

/// The account called `name`, or nullopt.
std::optional<Account> find_account(const std::string& name);

struct Command {
    std::vector<std::string> arguments = {};    ///< the first is the program's path; PATH is not searched
    std::vector<std::string> environment = {};  ///< "NAME=value", and nothing else
    std::optional<Account> account = {};        ///< only root may name one; its other groups are dropped
    int input = -1;                             ///< file descriptor for stdin; -1 is /dev/null
    int output = -1;                            ///< file descriptor for stdout; -1 is /dev/null
    int errors = -1;                            ///< file descriptor for stderr; -1 is /dev/null
    /// Sent to the program when the *thread* that started it ends, however that happens; 0 for never.
    int signal_on_parent_death = 0;
};

/// A running program in a process group of its own, so that a Ctrl-C at the terminal is not sent to it. The
/// destructor kills what still runs.
class ChildProcess {
  public:
    /// Error code "spawn_failed" when the program cannot be executed.
    static Result<ChildProcess> start(const Command& command);

    ChildProcess(ChildProcess&& other) noexcept;
    ChildProcess& operator=(ChildProcess&& other) noexcept;
    ~ChildProcess();

    pid_t pid() const { return pid_; }

    /// Nothing when it has ended: its id may belong to another process by then.
    void signal(int number);

    /// Waits at most `limit` for the end. The exit code, or 128 + the signal that ended it, as a shell has
    /// it; nullopt when it still runs. Blocks.
    std::optional<int> wait(std::chrono::milliseconds limit);

    bool running() { return !wait(std::chrono::milliseconds(0)); }

  private:
    explicit ChildProcess(pid_t pid) : pid_(pid) {}

    pid_t pid_ = -1;
    std::optional<int> status_;
};

}  // namespace spotter
