#include "daemon/supervisor.hpp"

#include <systemd/sd-daemon.h>

#include <cstdint>

namespace spotter::supervisor {

void ready(const std::string& text) {
    sd_notify(0, ("READY=1\nSTATUS=" + text).c_str());
}
void status(const std::string& text) {
    sd_notify(0, ("STATUS=" + text).c_str());
}
void stopping() {
    sd_notify(0, "STOPPING=1\nSTATUS=finishing what is under way");
}
void alive() {
    sd_notify(0, "WATCHDOG=1");
}

std::optional<std::chrono::microseconds> watchdog_interval() {
    std::uint64_t microseconds = 0;
    if (sd_watchdog_enabled(0, &microseconds) <= 0) return std::nullopt;
    return std::chrono::microseconds(microseconds / 2);
}

}  // namespace spotter::supervisor
