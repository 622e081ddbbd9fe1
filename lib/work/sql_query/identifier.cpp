#include "work/sql_query/identifier.hpp"

#include <algorithm>
#include <unordered_set>

#include "base/assets.hpp"
#include "base/json.hpp"

namespace spotter::work::sql {
namespace {

/// Words that cannot stand for a table or a column without quotes.
bool is_reserved(std::string_view name) {
    static const json::Document file =
        json::parse(assets::read("lib/work/sql_query/reserved_words.json")).value();
    static const auto words = [] {
        std::unordered_set<std::string_view> out;
        for (const json::Value& word : file.GetArray()) out.insert(json::view(word));
        return out;
    }();
    return words.contains(name);
}

bool is_plain(std::string_view name) {
    auto starts = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
    auto goes_on = [&](char c) { return starts(c) || (c >= '0' && c <= '9'); };
    return !name.empty() && starts(name.front()) && std::all_of(name.begin(), name.end(), goes_on);
}

std::string enclosed(std::string_view text, char quote) {
    std::string out(1, quote);
    for (char c : text) {
        if (c == quote) out += quote;
        out += c;
    }
    return out + quote;
}

}  // namespace

std::string quoted_identifier(std::string_view name) {
    return is_plain(name) && !is_reserved(name) ? std::string(name) : enclosed(name, '"');
}

std::string table_reference(const Table& table, const Schema& schema) {
    std::string name = quoted_identifier(table.name);
    // A bare pg_… is looked for in the catalogue first.
    bool found = schema.find(table.name) == &table && !table.name.starts_with("pg_");
    return found ? name : quoted_identifier(table.schema) + "." + name;
}

std::string string_literal(std::string_view text) {
    if (text.find('\\') == text.npos) return enclosed(text, '\'');
    std::string doubled;
    for (char c : text) {
        if (c == '\\') doubled += c;
        doubled += c;
    }
    return "E" + enclosed(doubled, '\'');
}

}  // namespace spotter::work::sql
