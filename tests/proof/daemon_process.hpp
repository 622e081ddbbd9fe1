#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/child_process.hpp"
#include "support/process.hpp"
#include "support/tcp_proxy.hpp"

namespace spotter::proof {

/// A `spotter serve` that is ended and started again many times. Its log goes to one file; it reaches the
/// database through a proxy of its own. Start it from the main thread: it does not outlive that.
class DaemonProcess {
  public:
    DaemonProcess(std::string name, test::Environment environment, std::filesystem::path log);

    const std::string& name() const { return name_; }
    /// Variables that count from the next start on.
    test::Environment& environment() { return environment_; }

    void start();
    void signal(int number);
    bool running();
    /// Whether it has said so since it was started.
    bool ready() const;
    /// SIGTERM; its exit code, or nullopt when it does not end in time, upon which it is killed.
    std::optional<int> stop(std::chrono::seconds patience);
    void kill();

    /// Resident memory; 0 when it does not run.
    int kilobytes() const;
    /// Since it was started.
    std::chrono::seconds age() const;
    std::string log() const;

  private:
    std::string name_;
    test::Environment environment_;
    std::filesystem::path log_;
    std::size_t said_before_ = 0;  ///< bytes of the log
    std::optional<ChildProcess> child_;
    std::chrono::steady_clock::time_point started_{};
};

}  // namespace spotter::proof
