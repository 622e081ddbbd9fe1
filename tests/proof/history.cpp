#include "proof/history.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace spotter::proof {
namespace {

constexpr std::array<std::string_view, 5> status_names = {"none", "pending", "processing", "completed",
                                                          "failed"};

/// Seconds of the hour, which is enough to tell events of one story apart.
std::string time_of(double at) {
    return fmt::format("{:02}:{:06.3f}", static_cast<int>(std::fmod(at, 3600) / 60), std::fmod(at, 60));
}

void add(std::string& line, std::string_view what, const std::string& value) {
    if (!value.empty()) line += fmt::format(" {}={}", what, value);
}

void add(std::string& line, std::string_view what, std::optional<std::int64_t> value) {
    if (value) line += fmt::format(" {}={}", what, *value);
}

}  // namespace

Status status_named(std::string_view name) {
    for (std::size_t i = 0; i < status_names.size(); ++i)
        if (status_names[i] == name) return static_cast<Status>(i);
    return Status::none;
}

std::string_view name(Status status) {
    return status_names[static_cast<std::size_t>(status)];
}

std::string describe(const RowEvent& event) {
    std::string line = fmt::format("{} #{} tx={} {} {}->{}", time_of(event.at), event.place,
                                   event.transaction, event.by, name(event.was), name(event.is));
    add(line, "token", event.token);
    add(line, "worker", event.worker);
    line += fmt::format(" attempts={} crashes={} calls={} retries={}", event.attempts, event.crashes,
                        event.calls, event.retries);
    if (event.waiting) line += " waiting";
    add(line, "code", event.code);
    add(line, "reason", event.reason);
    add(line, "key", event.key.substr(0, 8));
    add(line, "marker", event.marker);
    add(line, "content", event.content.substr(0, 8));
    add(line, "answer", event.answer);
    add(line, "source", event.source);
    return line;
}

std::string describe(const Call& call) {
    return fmt::format("{} the model is asked for {}: {} ({})", time_of(call.at), call.marker, call.given,
                       call.answer);
}

std::string story(const History& history, const std::string& row) {
    std::string told;
    std::set<std::string> markers;
    for (const RowEvent& event : history.rows) {
        if (event.row != row) continue;
        told += "    " + describe(event) + "\n";
        markers.insert(event.marker);
    }
    for (const Call& call : history.calls)
        if (markers.contains(call.marker)) told += "    " + describe(call) + "\n";
    return told;
}

}  // namespace spotter::proof
