#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "work/sql_query/functions.hpp"
#include "work/sql_query/limits.hpp"
#include "work/sql_query/rules/all.hpp"
#include "work/sql_query/tree.hpp"
#include "work/sql_query/type_name.hpp"

namespace spotter::work::sql::rule {
namespace {

bool is_more_than_once_in(std::string_view text, std::string_view part) {
    auto at = text.find(part);
    return at != text.npos && text.find(part, at + 1) != text.npos;
}

/// Neither regular expressions, nor what could spell one otherwise, nor what multiplies its results at each
/// step: a list of subscripts, `**` or keyvalue() upon another.
bool is_tame_path(std::string_view path) {
    std::string text(path);
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text.size() <= longest_pattern && text.find("like_regex") == text.npos &&
           text.find_first_of("\\,") == text.npos && !is_more_than_once_in(text, "**") &&
           !is_more_than_once_in(text, "keyvalue");
}

/// A literal, or an array of them.
bool is_tame_path_literal(const json::Value& value) {
    if (const json::Value* cast = fields_of(value, "TypeCast"))
        return is_tame_path_literal(*json::find(*cast, "arg"));
    if (const json::Value* array = fields_of(value, "A_ArrayExpr")) {
        const auto& elements = list_in(*array, "elements");
        return std::all_of(elements.Begin(), elements.End(), is_tame_path_literal);
    }
    const json::Value* constant = fields_of(value, "A_Const");
    if (!constant) return false;
    const json::Value* text = json::find(*constant, "sval");
    return !text || is_tame_path(json::text(*text, "sval").value_or(""));
}

bool has_column_of_paths(const Schema& schema) {
    for (const Table& table : schema.tables())
        for (const Column& column : table.columns)
            if (parts_of_type(column.type).back() == "jsonpath") return true;
    return false;
}

/// `@@` compares with a text search's query more often than with a path: an untyped literal may be either,
/// and what is no literal is a path where it was cast to one, or where a table has one.
bool is_tame_operand(std::string_view name, const json::Value& operand, const Schema& schema) {
    if (name == "@?" || fields_of(operand, "A_Const")) return is_tame_path_literal(operand);
    return name != "@@" || !has_column_of_paths(schema);
}

bool is_tame(const Node& node, const Schema& schema) {
    if (node.type == "FuncCall") {
        auto place = path_argument(names_in(node.fields, "funcname").back());
        const auto& arguments = list_in(node.fields, "args");
        auto at = static_cast<rapidjson::SizeType>(place.value_or(0));
        return !place || (at < arguments.Size() && is_tame_path_literal(arguments[at]));
    }
    if (node.type == "TypeCast") {
        auto names = names_in(*json::find(node.fields, "typeName"), "names");
        return names.empty() || names.back() != "jsonpath" ||
               is_tame_path_literal(*json::find(node.fields, "arg"));
    }
    auto is_path_operator = [](const std::vector<std::string_view>& names) {
        return !names.empty() && (names.back() == "@?" || names.back() == "@@");
    };
    if (node.type == "A_Expr") {
        auto names = names_in(node.fields, "name");
        return !is_path_operator(names) ||
               is_tame_operand(names.back(), *json::find(node.fields, "rexpr"), schema);
    }
    return node.type != "SubLink" || !is_path_operator(names_in(node.fields, "operName"));
}

}  // namespace

/// A jsonpath is a language of its own, with regular expressions of its own.
void bounded_paths(const Subject& subject, Findings& out) {
    each_node(subject.select, [&](const Node& node) {
        if (!is_tame(node, subject.schema))
            refuse(out, fmt::format("A jsonpath has to be a literal of at most {} bytes, without like_regex, "
                                    "backslashes and commas, and with at most one ** and one keyvalue().",
                                    longest_pattern));
    });
}

}  // namespace spotter::work::sql::rule
