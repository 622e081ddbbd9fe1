#pragma once

#include <chrono>
#include <optional>
#include <string>

/// The service manager that started us, if one did: systemd's notify protocol. Without one nothing happens.
namespace spotter::supervisor {

void ready(const std::string& status);
void status(const std::string& status);
void stopping();
void alive();

/// How often `alive` is wanted: half of what the manager waits for; nullopt when it does not watch.
std::optional<std::chrono::microseconds> watchdog_interval();

}  // namespace spotter::supervisor
