#include "work/sql_query/row_limit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "work/sql_query/limits.hpp"
#include "work/sql_query/tree.hpp"

namespace spotter::work::sql {
namespace {

constexpr std::string_view limit_fields[] = {"limitCount", "limitOption"};

/// The limit's node; nullptr where there is none.
const json::Value* limit_of(const json::Value& select) {
    return json::find(select, "limitCount");
}

bool with_ties(const json::Value& select) {
    return json::text(select, "limitOption") == "LIMIT_OPTION_WITH_TIES";
}

bool is_low(const json::Value& limit, const Statement& statement) {
    auto number = statement.whole_number(limit);
    return number && *number >= 0 && *number <= most_rows;
}

/// Where a limit stands that can be replaced by a number: a number or ALL.
std::optional<std::size_t> place_of_literal(const json::Value& limit, const Statement& statement) {
    const json::Value* constant = fields_of(limit, "A_Const");
    if (!constant || json::find(*constant, "sval")) return std::nullopt;
    auto place = json::integer(*constant, "location");
    if (!place || *place < 0 || static_cast<std::size_t>(*place) >= statement.text().size())
        return std::nullopt;
    return static_cast<std::size_t>(*place);
}

std::string inside_of_limit(const std::string& text) {
    return fmt::format("SELECT * FROM ({}) AS answer LIMIT {}", text, most_rows);
}

std::string limited_text(const Statement& statement) {
    const json::Value& select = *statement.select();
    const std::string& text = statement.text();
    const json::Value* limit = limit_of(select);
    if (!limit) return fmt::format("{} LIMIT {}", text, most_rows);
    if (with_ties(select)) return inside_of_limit(text);
    if (is_low(*limit, statement)) return text;
    auto place = place_of_literal(*limit, statement);
    if (!place) return inside_of_limit(text);
    std::size_t end = std::min(text.find_first_of(" )", *place), text.size());
    return text.substr(0, *place) + std::to_string(most_rows) + text.substr(end);
}

/// The query that stands inside of the limit, when there is one.
const json::Value* inner_select(const json::Value& select) {
    const auto& from = list_in(select, "fromClause");
    const json::Value* range = from.Size() == 1 ? fields_of(from[0], "RangeSubselect") : nullptr;
    return range ? fields_of(*json::find(*range, "subquery"), "SelectStmt") : nullptr;
}

bool is_same_but_for_limit(const Statement& limited, const Statement& original) {
    const json::Value* select = limited.select();
    if (!select || !limit_of(*select) || with_ties(*select) || !is_low(*limit_of(*select), limited))
        return false;
    if (same_fields(*select, *original.select(), limit_fields)) return true;
    const json::Value* inner = inner_select(*select);
    return inner && same_fields(*inner, *original.select());
}

}  // namespace

Result<Statement> with_row_limit(const Statement& statement) {
    auto limited = Statement::parse(limited_text(statement));
    if (limited) limited = limited->rewritten();
    if (limited && !is_same_but_for_limit(*limited, statement))
        return Error{
            "syntax",
            fmt::format("the number of rows cannot be limited; end the statement with LIMIT {}", most_rows)};
    return limited;
}

}  // namespace spotter::work::sql
