#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

/// Log lines are events with fields, one line each, on stderr:
///   text  2026-01-31T10:00:00.123Z info settled row=… attempt=2 ms=41210
///   json  {"ts":"…","level":"info","event":"settled","row":"…","attempt":2,"ms":41210}
/// An event is a short snake_case name. A field's value never holds a secret, a prompt or a user's text.
namespace spotter::log {

enum class Level { debug, info, warn, error };
enum class Format { text, json };

/// A name and a value; numbers and booleans stay bare in JSON.
class Field {
  public:
    Field(std::string_view name, std::string_view value) : name_(name), value_(value), quoted_(true) {}
    Field(std::string_view name, const char* value) : Field(name, std::string_view(value)) {}
    Field(std::string_view name, const std::string& value) : Field(name, std::string_view(value)) {}
    template <class T>
        requires std::is_arithmetic_v<T>
    Field(std::string_view name, T value) : name_(name), value_(fmt::format("{}", value)), quoted_(false) {}

    std::string_view name() const { return name_; }
    const std::string& value() const { return value_; }
    bool quoted() const { return quoted_; }

  private:
    std::string_view name_;
    std::string value_;
    bool quoted_;
};

using Fields = std::initializer_list<Field>;

/// Once, at start. Lines below `level` cost a comparison.
void configure(Level level, Format format);

void debug(std::string_view event, Fields fields = {});
void info(std::string_view event, Fields fields = {});
void warn(std::string_view event, Fields fields = {});
void error(std::string_view event, Fields fields = {});

/// The line without its time, as both formats write it; pure, for tests.
std::string line(Format format, Level level, std::string_view event, Fields fields);

}  // namespace spotter::log
