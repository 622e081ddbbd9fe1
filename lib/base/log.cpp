#include "base/log.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>

#include "base/json.hpp"

namespace spotter::log {
namespace {

std::atomic<Format> current_format = Format::text;

constexpr std::string_view level_name(Level level) {
    switch (level) {
        case Level::debug:
            return "debug";
        case Level::info:
            return "info";
        case Level::warn:
            return "warn";
        case Level::error:
            return "error";
    }
    return "error";
}

spdlog::level::level_enum native(Level level) {
    switch (level) {
        case Level::debug:
            return spdlog::level::debug;
        case Level::info:
            return spdlog::level::info;
        case Level::warn:
            return spdlog::level::warn;
        case Level::error:
            return spdlog::level::err;
    }
    return spdlog::level::err;
}

spdlog::logger& logger() {
    static auto instance = spdlog::stderr_logger_mt("spotter");
    return *instance;
}

bool needs_quotes(std::string_view value) {
    return value.empty() || value.find_first_of(" \"=\n\t\\") != std::string_view::npos;
}

void write(Level level, std::string_view event, Fields fields) {
    if (!logger().should_log(native(level))) return;
    // The payload is an argument, never the format: a brace in a value means nothing to fmt.
    logger().log(native(level), "{}", line(current_format, level, event, fields));
}

}  // namespace

void configure(Level level, Format format) {
    current_format = format;
    logger().set_level(native(level));
    const char* pattern =
        format == Format::json ? R"({"ts":"%Y-%m-%dT%H:%M:%S.%eZ",%v)" : "%Y-%m-%dT%H:%M:%S.%eZ %v";
    logger().set_formatter(
        std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc));
    logger().flush_on(spdlog::level::trace);
}

std::string line(Format format, Level level, std::string_view event, Fields fields) {
    std::string out;
    if (format == Format::json) {
        // Starts after the opening brace and the time, which the sink's pattern writes.
        out = fmt::format(R"("level":"{}","event":{})", level_name(level), json::quoted(event));
        for (const Field& field : fields)
            out += fmt::format(",{}:{}", json::quoted(field.name()),
                               field.quoted() ? json::quoted(field.value()) : field.value());
        return out + "}";
    }
    out = fmt::format("{} {}", level_name(level), event);
    for (const Field& field : fields) {
        bool quotes = field.quoted() && needs_quotes(field.value());
        out += fmt::format(" {}={}", field.name(), quotes ? json::quoted(field.value()) : field.value());
    }
    return out;
}

void debug(std::string_view event, Fields fields) {
    write(Level::debug, event, fields);
}
void info(std::string_view event, Fields fields) {
    write(Level::info, event, fields);
}
void warn(std::string_view event, Fields fields) {
    write(Level::warn, event, fields);
}
void error(std::string_view event, Fields fields) {
    write(Level::error, event, fields);
}

}  // namespace spotter::log
