#include <fmt/format.h>

#include <algorithm>

#include "work/sql_query/limits.hpp"
#include "work/sql_query/rules/all.hpp"
#include "work/sql_query/tree.hpp"

namespace spotter::work::sql::rule {
namespace {

/// The step of a recursion: what reads the query itself, and under which name.
struct Step {
    const json::Value& select;
    std::string_view alias;
    bool alone;  ///< nothing else is read, so that a bare name is one of its columns
};

/// The item of a FROM clause that reads the table `name`, and how many items there are.
const json::Value* find_range(const json::Value& item, std::string_view name, int& items) {
    if (const json::Value* join = fields_of(item, "JoinExpr")) {
        if (json::find(*join, "alias")) return ++items, nullptr;
        const json::Value* left = find_range(*json::find(*join, "larg"), name, items);
        const json::Value* right = find_range(*json::find(*join, "rarg"), name, items);
        return left ? left : right;
    }
    ++items;
    const json::Value* range = fields_of(item, "RangeVar");
    return range && !json::find(*range, "schemaname") && json::text(*range, "relname") == name ? range
                                                                                               : nullptr;
}

std::optional<Step> step_of(const json::Value& select, std::string_view name) {
    if (json::text(select, "op") != "SETOP_NONE" || json::find(select, "withClause")) return std::nullopt;
    const json::Value* range = nullptr;
    int items = 0;
    for (const json::Value& item : list_in(select, "fromClause").GetArray())
        if (const json::Value* found = find_range(item, name, items)) range = found;
    if (!range) return std::nullopt;
    const json::Value* alias = json::find(*range, "alias");
    if (alias && !list_in(*alias, "colnames").Empty()) return std::nullopt;
    return Step{select, alias ? json::text(*alias, "aliasname").value_or("") : name, items == 1};
}

bool is_column(const json::Value* value, std::string_view column, const Step& step) {
    const json::Value* reference = value ? fields_of(*value, "ColumnRef") : nullptr;
    if (!reference) return false;
    auto names = names_in(*reference, "fields");
    if (names.size() == 1) return step.alone && names[0] == column;
    return names.size() == 2 && names[0] == step.alias && names[1] == column;
}

/// The value of the column at `place` in a SELECT's list; nullptr where a star may have moved it.
const json::Value* value_at(const json::Value& select, std::size_t place) {
    const auto& targets = list_in(select, "targetList");
    for (rapidjson::SizeType i = 0; i < targets.Size(); ++i) {
        const json::Value* value = json::find(*fields_of(targets[i], "ResTarget"), "val");
        const json::Value* column = fields_of(*value, "ColumnRef");
        if (column && names_in(*column, "fields").back() == "*") return nullptr;
        if (i == place) return value;
    }
    return nullptr;
}

std::optional<long long> number(const json::Value* value, const Statement& statement) {
    return value ? statement.whole_number(*value) : std::nullopt;
}

/// `column + 1`.
bool counts_up(const json::Value* value, std::string_view column, const Step& step,
               const Statement& statement) {
    const json::Value* sum = value ? fields_of(*value, "A_Expr") : nullptr;
    return sum && names_in(*sum, "name") == std::vector<std::string_view>{"+"} &&
           is_column(json::find(*sum, "lexpr"), column, step) &&
           number(json::find(*sum, "rexpr"), statement) == 1;
}

/// `column < 20`, alone or with other conditions that must hold as well.
bool ends(const json::Value* condition, std::string_view column, const Step& step,
          const Statement& statement) {
    if (!condition) return false;
    if (const json::Value* all = fields_of(*condition, "BoolExpr")) {
        const auto& parts = list_in(*all, "args");
        return json::text(*all, "boolop") == "AND_EXPR" &&
               std::any_of(parts.Begin(), parts.End(),
                           [&](const json::Value& part) { return ends(&part, column, step, statement); });
    }
    const json::Value* comparison = fields_of(*condition, "A_Expr");
    if (!comparison || json::text(*comparison, "kind") != "AEXPR_OP") return false;
    auto names = names_in(*comparison, "name");
    auto bound = number(json::find(*comparison, "rexpr"), statement);
    return names.size() == 1 && (names[0] == "<" || names[0] == "<=") &&
           is_column(json::find(*comparison, "lexpr"), column, step) && bound && *bound <= deepest_recursion;
}

/// `base UNION [ALL] step`, where a column begins with a number in the base, counts up in the step, and ends
/// it.
bool is_bounded(const Recursion& recursion, const Statement& statement) {
    const json::Value* whole = fields_of(*recursion.query, "SelectStmt");
    if (!whole || json::text(*whole, "op") != "SETOP_UNION" || json::find(*whole, "withClause") ||
        recursion.references != 1 || recursion.before_it_is_written)
        return false;
    const json::Value &base = *json::find(*whole, "larg"), &select = *json::find(*whole, "rarg");
    auto step = step_of(select, recursion.name);
    if (!step) return false;
    for (std::size_t i = 0; i < recursion.columns.size(); ++i) {
        const std::string& column = recursion.columns[i];
        if (number(value_at(base, i), statement).value_or(-1) >= 0 &&
            counts_up(value_at(select, i), column, *step, statement) &&
            ends(json::find(select, "whereClause"), column, *step, statement))
            return true;
    }
    return false;
}

}  // namespace

/// A recursion ends by its own count, and not by whatever the data say.
void bounded_recursion(const Subject& subject, Findings& out) {
    for (const Recursion& recursion : subject.names.recursions)
        if (!is_bounded(recursion, subject.statement))
            refuse(
                out,
                fmt::format(
                    "The recursive query {0} needs a column that counts its depth: 1 AS depth in its first "
                    "SELECT, {0}.depth + 1 in its second, and there WHERE {0}.depth < 20 (at most {1}).",
                    recursion.name, deepest_recursion));
}

}  // namespace spotter::work::sql::rule
