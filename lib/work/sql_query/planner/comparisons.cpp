#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "work/sql_query/identifier.hpp"
#include "work/sql_query/planner/comparison.hpp"
#include "work/sql_query/planner/reader.hpp"
#include "work/sql_query/planner/time_span.hpp"

namespace spotter::work::sql::planner {
namespace {

constexpr std::pair<std::string_view, std::string_view> signs_of_senses[] = {
    {"at_least", ">="}, {"at_most", "<="}, {"greater", ">"}, {"less", "<"}};

struct Pattern {
    std::string_view sense, before, after;
};
constexpr Pattern patterns[] = {{"contains", "%", "%"}, {"starts", "", "%"}, {"ends", "%", ""}};

}  // namespace

/// What comes behind a column's name: "is over 20", "contains phone", "last week", "pending or paid".
bool Reader::read_comparison(Place& place, const Column& column, const Lead& lead) {
    const std::string sql = place.column(column);
    const ValueClass values = class_of(column);
    std::optional<std::string> condition;
    if (in_.take("not_null"))
        condition = sql + " IS NOT NULL";
    else if (in_.take("null"))
        condition = sql + " IS NULL";
    else if (values == ValueClass::time)
        condition = comparison_of_time(sql);
    else if (values == ValueClass::number)
        condition = comparison_of_number(sql);
    else if (values == ValueClass::choice)
        condition = comparison_of_choice(sql, column);
    else
        condition = comparison_of_text(sql, column, lead);
    // "users with an email", and nothing more is said of it
    bool alone = lead.with && (in_.at_end() || in_.sees("and"));
    if (!condition && alone && values != ValueClass::boolean) condition = sql + " IS NOT NULL";
    if (!condition) return false;
    place.conditions.push_back(lead.negated ? "NOT (" + *condition + ")" : *condition);
    return true;
}

std::optional<std::string> Reader::comparison_of_time(const std::string& column) {
    in_.take("equal");
    auto span = read_time_span(in_);
    return span ? std::optional(within(column, *span)) : std::nullopt;
}

std::optional<std::string> Reader::read_number() {
    if (!in_.next_is(Token::number)) return std::nullopt;
    std::string digits = in_.peek()->said;
    in_.skip(1);
    in_.take_all("currency");
    return digits;
}

bool Reader::sees_number_comparison() const {
    return in_.sees("between") || std::any_of(std::begin(signs_of_senses), std::end(signs_of_senses),
                                              [&](const auto& sign) { return in_.sees(sign.first); });
}

std::optional<std::string> Reader::comparison_of_number(const std::string& column) {
    bool unequal = in_.take("not_equal");
    if (!unequal) in_.take("equal");
    if (in_.take("between")) {
        auto low = read_number();
        auto high = low && in_.take("and") ? read_number() : std::nullopt;
        return high ? std::optional(fmt::format("{} BETWEEN {} AND {}", column, *low, *high)) : std::nullopt;
    }
    for (auto [sense, sign] : signs_of_senses)
        if (in_.take(sense)) {
            auto bound = read_number();
            return bound ? std::optional(fmt::format("{} {} {}", column, sign, *bound)) : std::nullopt;
        }
    std::vector<std::string> values;
    while (auto value = read_number()) {
        values.push_back(*value);
        if (!in_.take("or")) break;
    }
    return values.empty() ? std::nullopt : std::optional(one_of(column, values, unequal));
}

/// "pending", "pending or paid", "pending, paid and shipped": a row has only one of them.
std::vector<std::string> Reader::read_labels(const Column& column) {
    std::vector<std::string> labels;
    auto behind = in_.place();
    for (auto found = match_label(column, in_.tokens(), behind); found.tokens > 0;
         found = match_label(column, in_.tokens(), in_.place())) {
        labels.push_back(string_literal(found.label));
        in_.skip(found.tokens);
        behind = in_.place();
        while (in_.take("or") || in_.take("and")) {
        }
        if (in_.place() == behind) break;
    }
    in_.move_to(behind);
    return labels;
}

std::optional<std::string> Reader::comparison_of_choice(const std::string& sql, const Column& column) {
    bool unequal = in_.take("not_equal");
    bool said = unequal || in_.take("equal");
    auto labels = read_labels(column);
    if (!labels.empty()) return one_of(sql, labels, unequal);
    if (said && in_.peek())
        fail(fmt::format("{} cannot be \"{}\". It is one of: {}.", column.name, in_.peek()->said,
                         fmt::join(column.labels, ", ")));
    return std::nullopt;
}

std::optional<std::string> Reader::comparison_of_text(const std::string& sql, const Column& column,
                                                      const Lead& lead) {
    if (class_of(column) == ValueClass::text)
        for (auto [sense, before, after] : patterns)
            if (in_.take(sense)) {
                auto text = read_text();
                return text ? std::optional(like_text(sql, before, *text, after)) : std::nullopt;
            }
    bool word = (lead.with || lead.of) && is_singular() && sees_word();  // "of kind login"
    bool unequal = in_.take("not_equal");
    bool said = unequal || in_.take("equal") || in_.take("contains");
    std::vector<std::string> parts;
    while (said || word || class_of(column) == ValueClass::array || sees_text()) {
        auto text = read_text();
        auto part = text ? equal_value(sql, column, *text) : std::nullopt;
        if (!part) return std::nullopt;
        parts.push_back(*part);
        if (!in_.take("or")) break;
    }
    if (parts.empty()) return std::nullopt;
    return fmt::format("{}({})", unequal ? "NOT " : "", fmt::join(parts, " OR "));
}

bool Reader::sees_text() const {
    const Token* next = in_.peek();
    return next && (next->kind == Token::quoted || (next->kind == Token::word && next->capital));
}

/// A word that can only be a value, since nothing begins with it.
bool Reader::sees_word() const {
    if (!in_.next_is(Token::word)) return false;
    constexpr std::string_view beginnings[] = {
        "structural", "sorted",     "per",  "where", "with",    "without", "of",     "limit",
        "named",      "comparison", "and",  "or",    "top",     "newest",  "oldest", "most",
        "past",       "last",       "this", "since", "between", "before",  "after",  "until"};
    return std::none_of(std::begin(beginnings), std::end(beginnings),
                        [&](std::string_view sense) { return in_.sees(sense); });
}

/// Quoted text, a number, "Ana Lopez", or one word.
std::optional<std::string> Reader::read_text() {
    const Token* token = in_.peek();
    if (!token) return std::nullopt;
    in_.skip(1);
    std::string text = token->said;
    if (token->kind != Token::word) return text;
    while (token->capital && in_.next_is(Token::word) && in_.peek()->capital) {
        text += " " + in_.peek()->said;
        in_.skip(1);
    }
    return text;
}

}  // namespace spotter::work::sql::planner
