#include "base/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <linux/close_range.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <thread>
#include <utility>

namespace spotter {
namespace {

std::vector<char*> pointers(const std::vector<std::string>& strings) {
    std::vector<char*> out;
    for (const std::string& string : strings) out.push_back(const_cast<char*>(string.c_str()));
    out.push_back(nullptr);
    return out;
}

bool become(const Account& account) {
    return setgroups(1, &account.group) == 0 && setgid(account.group) == 0 && setuid(account.user) == 0;
}

bool redirect(int from, int to) {
    if (from < 0) from = open("/dev/null", to == STDIN_FILENO ? O_RDONLY : O_WRONLY);
    return dup2(from, to) == to;
}

// What an ignored or blocked signal of the parent would otherwise leave to the program.
void reset_signals() {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    for (int number : {SIGPIPE, SIGCHLD, SIGINT, SIGQUIT, SIGTERM, SIGHUP}) ::signal(number, SIG_DFL);
}

// Between fork and exec, where only async-signal-safe calls are allowed: other threads may hold any lock.
[[noreturn]] void run_child(const Command& command, char* const* argv, char* const* envp, pid_t parent,
                            int failure_pipe) {
    reset_signals();
    bool ready = setpgid(0, 0) == 0 && redirect(command.input, STDIN_FILENO) &&
                 redirect(command.output, STDOUT_FILENO) && redirect(command.errors, STDERR_FILENO) &&
                 close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) == 0 &&
                 (!command.account || become(*command.account));
    // After the change of user, which clears it. The parent may have died before: then nobody would tell us.
    if (ready && command.signal_on_parent_death != 0)
        ready = prctl(PR_SET_PDEATHSIG, command.signal_on_parent_death) == 0 && getppid() == parent;
    if (ready) execve(argv[0], argv, envp);
    int reason = errno;
    [[maybe_unused]] ssize_t told = write(failure_pipe, &reason, sizeof reason);
    _exit(127);
}

// False at the end of the pipe.
bool read_all(int pipe, void* into, size_t size) {
    ssize_t got = 0;
    do got = read(pipe, into, size);
    while (got < 0 && errno == EINTR);
    return got == static_cast<ssize_t>(size);
}

std::optional<int> status_of(int status) {
    if (WIFEXITED(status)) return WEXITSTATUS(status);
    if (WIFSIGNALED(status)) return 128 + WTERMSIG(status);
    return std::nullopt;
}

}  // namespace

std::optional<Account> find_account(const std::string& name) {
    const passwd* entry = getpwnam(name.c_str());
    if (entry == nullptr) return std::nullopt;
    return Account{entry->pw_uid, entry->pw_gid};
}

Result<ChildProcess> ChildProcess::start(const Command& command) {
    // Made before the fork: the child must not allocate.
    std::vector<char*> argv = pointers(command.arguments);
    std::vector<char*> envp = pointers(command.environment);
    pid_t parent = getpid();

    // Closed by a successful exec, so that an empty pipe means the program runs.
    int failure_pipe[2];
    if (pipe2(failure_pipe, O_CLOEXEC) != 0)
        return Error{"spawn_failed", fmt::format("Cannot make a pipe: {}.", std::strerror(errno))};
    pid_t pid = fork();
    if (pid == 0) run_child(command, argv.data(), envp.data(), parent, failure_pipe[1]);
    int fork_error = errno;
    close(failure_pipe[1]);
    int reason = pid < 0 ? fork_error : 0;
    if (pid > 0 && read_all(failure_pipe[0], &reason, sizeof reason)) waitpid(pid, nullptr, 0);
    close(failure_pipe[0]);
    if (reason != 0)
        return Error{"spawn_failed",
                     fmt::format("Cannot run {}: {}.", command.arguments.front(), std::strerror(reason))};
    return ChildProcess(pid);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), status_(other.status_) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
    std::swap(pid_, other.pid_);
    std::swap(status_, other.status_);
    return *this;
}

ChildProcess::~ChildProcess() {
    if (pid_ < 0 || !running()) return;
    signal(SIGKILL);
    waitpid(pid_, nullptr, 0);
}

void ChildProcess::signal(int number) {
    if (!status_ && pid_ > 0) kill(pid_, number);
}

std::optional<int> ChildProcess::wait(std::chrono::milliseconds limit) {
    constexpr auto pause = std::chrono::milliseconds(5);
    auto deadline = std::chrono::steady_clock::now() + limit;
    while (!status_ && pid_ > 0) {
        int status = 0;
        if (waitpid(pid_, &status, WNOHANG) == pid_) status_ = status_of(status);
        if (status_ || std::chrono::steady_clock::now() >= deadline) break;
        std::this_thread::sleep_for(pause);
    }
    return status_;
}

}  // namespace spotter
