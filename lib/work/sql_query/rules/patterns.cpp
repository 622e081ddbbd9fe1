#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "work/sql_query/functions.hpp"
#include "work/sql_query/limits.hpp"
#include "work/sql_query/rules/all.hpp"
#include "work/sql_query/tree.hpp"

namespace spotter::work::sql::rule {
namespace {

constexpr std::string_view operators[] = {"~", "~*", "!~", "!~*"};

bool is_pattern_operator(const std::vector<std::string_view>& names) {
    return !names.empty() &&
           std::find(std::begin(operators), std::end(operators), names.back()) != std::end(operators);
}

bool is_back_reference_at(std::string_view pattern, std::size_t i) {
    return pattern[i] == '\\' && i + 1 < pattern.size() && pattern[i + 1] >= '1' && pattern[i + 1] <= '9';
}

/// Postgres matches without going back, in linear time, but for back references: those can take for ever.
bool is_tame(std::string_view pattern) {
    if (pattern.size() > longest_pattern) return false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (is_back_reference_at(pattern, i)) return false;
        if (pattern[i] == '\\') ++i;
    }
    return true;
}

/// A literal, or an array of them.
bool is_tame_literal(const json::Value& value) {
    auto node = node_in(value);
    if (!node) return false;
    const auto& [type, fields] = *node;
    if (type == "TypeCast") return is_tame_literal(*json::find(fields, "arg"));
    if (type == "A_ArrayExpr") {
        const auto& elements = list_in(fields, "elements");
        return std::all_of(elements.Begin(), elements.End(), is_tame_literal);
    }
    const json::Value* text = type == "A_Const" ? json::find(fields, "sval") : nullptr;
    return text && is_tame(json::text(*text, "sval").value_or(""));
}

/// What cannot be a pattern in substring(text, …), since it is a number.
bool is_number(const json::Value& value, const Subject& subject) {
    if (subject.statement.whole_number(value)) return true;
    auto node = node_in(value);
    if (!node) return false;
    auto is_in = [](std::string_view name, std::initializer_list<std::string_view> names) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    const auto& [type, fields] = *node;
    if (type == "A_Expr") {
        auto names = names_in(fields, "name");
        return !names.empty() && is_in(names.back(), {"+", "-", "*", "/", "%"});
    }
    if (type == "FuncCall")
        return is_in(names_in(fields, "funcname").back(),
                     {"char_length", "character_length", "length", "position", "strpos"});
    return type == "TypeCast" &&
           is_in(names_in(*json::find(fields, "typeName"), "names").back(), {"int2", "int4", "int8"});
}

bool is_tame_substring(const json::Value& arguments, const Subject& subject) {
    for (rapidjson::SizeType i = 1; i < arguments.Size(); ++i)
        if (!is_number(arguments[i], subject) && !is_tame_literal(arguments[i])) return false;
    return true;
}

bool is_tame_call(const json::Value& fields, const Subject& subject) {
    std::string_view name = names_in(fields, "funcname").back();
    const auto& arguments = list_in(fields, "args");
    if (name == "substring") return is_tame_substring(arguments, subject);
    auto place = pattern_argument(name);
    if (!place) return true;
    auto at = static_cast<rapidjson::SizeType>(*place);
    return at < arguments.Size() && is_tame_literal(arguments[at]);
}

}  // namespace

void bounded_patterns(const Subject& subject, Findings& out) {
    each_node(subject.select, [&](const Node& node) {
        bool tame = true;
        if (node.type == "FuncCall") tame = is_tame_call(node.fields, subject);
        // SIMILAR TO calls a function that is looked at by itself.
        if (node.type == "A_Expr" && json::text(node.fields, "kind") != "AEXPR_SIMILAR" &&
            is_pattern_operator(names_in(node.fields, "name")))
            tame = is_tame_literal(*json::find(node.fields, "rexpr"));
        if (node.type == "SubLink") tame = !is_pattern_operator(names_in(node.fields, "operName"));
        if (!tame)
            refuse(
                out,
                fmt::format(
                    "A regular expression has to be a literal of at most {} bytes, without back references "
                    "such as \\1.",
                    longest_pattern));
    });
}

}  // namespace spotter::work::sql::rule
