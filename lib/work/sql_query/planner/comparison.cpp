#include "work/sql_query/planner/comparison.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "work/sql_query/identifier.hpp"
#include "work/sql_query/type_name.hpp"

namespace spotter::work::sql::planner {
namespace {

/// A pattern of LIKE that means `text` itself.
std::string escaped(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (c == '%' || c == '_' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        bool hex = std::string_view("0123456789abcdefABCDEF").find(text[i]) != std::string_view::npos;
        if (dash ? text[i] != '-' : !hex) return false;
    }
    return true;
}

}  // namespace

std::string within(const std::string& column, const TimeSpan& span) {
    std::string text;
    if (!span.from.empty()) text = fmt::format("{} >= {}", column, span.from);
    if (!span.to.empty()) text += fmt::format("{}{} < {}", text.empty() ? "" : " AND ", column, span.to);
    return text;
}

std::string one_of(const std::string& column, const std::vector<std::string>& values, bool negated) {
    if (values.size() == 1) return fmt::format("{} {} {}", column, negated ? "<>" : "=", values[0]);
    return fmt::format("{} {} ({})", column, negated ? "NOT IN" : "IN", fmt::join(values, ", "));
}

std::string like_text(const std::string& column, std::string_view before, std::string_view text,
                      std::string_view after) {
    return fmt::format("{} ILIKE {}", column,
                       string_literal(fmt::format("{}{}{}", before, escaped(text), after)));
}

std::string equal_text(const std::string& column, std::string_view text) {
    return like_text(column, "", text, "");
}

std::optional<std::string> equal_value(const std::string& column, const Column& described,
                                       const std::string& text) {
    switch (sql::class_of(described.type, !described.labels.empty())) {
        case ValueClass::text:
            return equal_text(column, text);
        case ValueClass::uuid:
            if (!is_uuid(text)) return std::nullopt;
            return fmt::format("{} = {}", column, string_literal(text));
        case ValueClass::array:
            if (!described.type.starts_with("text[") && !described.type.starts_with("character varying"))
                return std::nullopt;
            return fmt::format("{} = ANY ({})", string_literal(text), column);
        case ValueClass::boolean:
            if (text == "true" || text == "yes") return column;
            return text == "false" || text == "no" ? std::optional("NOT " + column) : std::nullopt;
        default:
            return std::nullopt;
    }
}

}  // namespace spotter::work::sql::planner
