#include "work/sql_query/names/label.hpp"

#include <algorithm>
#include <optional>

#include "work/sql_query/tree.hpp"

namespace spotter::work::sql {
namespace {

/// A name, and whether it is a good one: a type or CASE names its value only where nothing in it does better.
struct Label {
    std::string name;
    bool good = false;
};

Label label_of(const json::Value& expression);

Label member_label(const json::Value& fields, std::string_view member) {
    const json::Value* value = json::find(fields, member);
    return value ? label_of(*value) : Label{};
}

Label last_name(const json::Value& fields, std::string_view list) {
    auto names = names_in(fields, list);
    return names.empty() ? Label{} : Label{std::string(names.back()), true};
}

Label or_else(Label label, std::string_view weak) {
    return label.good ? std::move(label) : Label{std::string(weak), false};
}

Label cast_label(const json::Value& fields) {
    Label inner = member_label(fields, "arg");
    const json::Value* type = json::find(fields, "typeName");
    return type ? or_else(std::move(inner), last_name(*type, "names").name) : inner;
}

Label subquery_label(const json::Value& fields) {
    std::string_view kind = json::text(fields, "subLinkType").value_or("");
    if (kind == "EXISTS_SUBLINK") return {"exists", true};
    if (kind == "ARRAY_SUBLINK") return {"array", true};
    const json::Value* select = json::find(fields, "subselect");
    select = select ? fields_of(*select, "SelectStmt") : nullptr;
    if (kind != "EXPR_SUBLINK" || !select) return {};
    while (const json::Value* first = json::find(*select, "larg")) select = first;
    if (!list_in(*select, "valuesLists").Empty()) return {"column1", true};
    if (list_in(*select, "targetList").Empty()) return {};
    const json::Value* target = fields_of(list_in(*select, "targetList")[0], "ResTarget");
    if (!target) return {};
    if (auto name = json::text(*target, "name")) return {std::string(*name), true};
    const json::Value* column = fields_of(*json::find(*target, "val"), "ColumnRef");
    if (column && ends_with_star(*column, "fields")) return {"", true};  // what a column of that is called
    return {member_label(*target, "val").name, true};
}

/// "SVFOP_CURRENT_DATE" as "current_date".
Label value_function_label(const json::Value& fields) {
    std::string name(json::text(fields, "op").value_or(""));
    if (name.starts_with("SVFOP_")) name.erase(0, 6);
    if (name.ends_with("_N")) name.resize(name.size() - 2);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    return {name, true};
}

Label label_of(const json::Value& expression) {
    auto node = node_in(expression);
    if (!node) return {};
    const auto& [type, fields] = *node;
    if (type == "ColumnRef") return last_name(fields, "fields");
    if (type == "FuncCall") return last_name(fields, "funcname");
    if (type == "A_Indirection" || type == "CollateClause") return member_label(fields, "arg");
    if (type == "TypeCast") return cast_label(fields);
    if (type == "SubLink") return subquery_label(fields);
    if (type == "CaseExpr") return or_else(member_label(fields, "defresult"), "case");
    if (type == "A_Expr" && json::text(fields, "kind") == "AEXPR_NULLIF") return {"nullif", true};
    if (type == "MinMaxExpr") return {json::text(fields, "op") == "IS_LEAST" ? "least" : "greatest", true};
    if (type == "SQLValueFunction") return value_function_label(fields);
    if (type == "CoalesceExpr") return {"coalesce", true};
    if (type == "GroupingFunc") return {"grouping", true};
    if (type == "A_ArrayExpr") return {"array", true};
    if (type == "RowExpr") return {"row", true};
    return {};
}

}  // namespace

std::string implied_label(const json::Value& expression) {
    Label label = label_of(expression);
    return label.name.empty() ? "?column?" : label.name;
}

}  // namespace spotter::work::sql
