#pragma once

#include <rapidjson/document.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

/// JSON by RapidJSON, with the bounds that input from outside needs.
namespace spotter::json {

using Document = rapidjson::Document;
using Value = rapidjson::Value;

/// Deeper nesting than this is refused: no honest document has it, and readers of a tree recurse.
inline constexpr int max_depth = 64;

/// Parses one JSON text. Never recurses, checks UTF-8, and refuses what Postgres' jsonb cannot hold (NUL in a
/// string, lone surrogates) or no reader should walk (depth over `deepest`). Error code "invalid_json"; the
/// message gives the byte offset.
Result<Document> parse(std::string_view text, int deepest = max_depth);

/// The shortest text of `value`.
std::string write(const Value& value);

/// `text` as a JSON string literal with its quotes.
std::string quoted(std::string_view text);

/// `texts` as a JSON array of string literals.
std::string quoted(const std::vector<std::string>& texts);

/// The member `key` of an object, or nullptr when `value` is no object or has no such member.
const Value* find(const Value& value, std::string_view key);

/// Typed members; nullopt when absent, null or of another type. `integer` wants a whole number that fits.
std::optional<std::string_view> text(const Value& value, std::string_view key);
std::optional<double> number(const Value& value, std::string_view key);
std::optional<int> integer(const Value& value, std::string_view key);
std::optional<bool> boolean(const Value& value, std::string_view key);

inline std::string_view view(const Value& string) {
    return {string.GetString(), string.GetStringLength()};
}

}  // namespace spotter::json
