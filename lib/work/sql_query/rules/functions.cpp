#include "work/sql_query/functions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <unordered_set>

#include "work/sql_query/rules/all.hpp"
#include "work/sql_query/tree.hpp"
#include "work/sql_query/type_name.hpp"

namespace spotter::work::sql::rule {
namespace {

/// Postgres' own thing: without a schema, or with its catalogue's.
bool is_own(const std::vector<std::string_view>& names) {
    return names.size() == 1 || (names.size() == 2 && names[0] == "pg_catalog");
}

/// Enums, domains and types of extensions that a column of a shown table has.
bool is_type_of_column(const std::vector<std::string_view>& names, const Schema& schema) {
    if (is_catalogue_type(names.back())) return false;
    for (const Table& table : schema.tables())
        for (const Column& column : table.columns) {
            auto parts = parts_of_type(column.type);
            if (std::equal(parts.begin(), parts.end(), names.begin(), names.end())) return true;
        }
    return false;
}

void refuse_overloaded(std::string_view name, std::string_view remedy, Findings& out) {
    refuse(out, fmt::format("There is another {0} than Postgres' own in this database. {1}.", name, remedy));
}

/// The operators that a node uses, of which only `=` and the like have no name there.
std::vector<std::string_view> operators_of(const Node& node) {
    auto has_list = [&](std::string_view field) { return !list_in(node.fields, field).Empty(); };
    if (node.type == "A_Expr") {
        auto names = names_in(node.fields, "name");
        std::string_view kind = json::text(node.fields, "kind").value_or("");
        if (kind.find("BETWEEN") != kind.npos) return {"<", ">", "<=", ">="};
        if (names.size() == 1) return names;
    }
    if (node.type == "SubLink") {
        auto names = names_in(node.fields, "operName");
        if (names.size() == 1) return names;
        if (names.empty() && json::text(node.fields, "subLinkType") == "ANY_SUBLINK") return {"="};
    }
    if (node.type == "SortBy" && names_in(node.fields, "useOp").size() == 1)
        return names_in(node.fields, "useOp");
    if (node.type == "CaseExpr" && json::find(node.fields, "arg")) return {"="};
    if (node.type == "JoinExpr" &&
        (json::boolean(node.fields, "isNatural").value_or(false) || has_list("usingClause")))
        return {"="};
    return {};
}

}  // namespace

void accepted_functions(const Subject& subject, Findings& out) {
    std::unordered_set<std::string> refused;
    each_node(subject.select, [&](const Node& node) {
        if (node.type != "FuncCall") return;
        auto names = names_in(node.fields, "funcname");
        if (is_own(names) && is_accepted_function(names.back())) {
            if (names.size() == 1 && subject.schema.is_overloaded(names[0]))
                refuse_overloaded(names[0], fmt::format("Write pg_catalog.{}", names[0]), out);
            return;
        }
        std::string name = fmt::format("{}", fmt::join(names, "."));
        if (refused.insert(name).second)
            refuse(out,
                   fmt::format(
                       "The function {} may not be called. Use Postgres' own functions for numbers, text, "
                       "dates, arrays, JSON and aggregates, and no others.",
                       name));
    });
}

/// CURRENT_USER and the like tell of the session, not of the data.
void no_session_values(const Subject& subject, Findings& out) {
    each_node(subject.select, [&](const Node& node) {
        if (node.type != "SQLValueFunction") return;
        std::string_view name = json::text(node.fields, "op").value_or("");
        if (name.find("DATE") == name.npos && name.find("TIME") == name.npos)
            refuse(out, "Who is connected, and to what, may not be asked. Only the date and the time may.");
    });
}

/// Operators and collations of other schemas are functions of other schemas.
void accepted_operators(const Subject& subject, Findings& out) {
    each_node(subject.select, [&](const Node& node) {
        for (std::string_view field : {"name", "operName", "useOp", "collname"}) {
            auto names = names_in(node.fields, field);
            if (!names.empty() && !is_own(names))
                refuse(out, fmt::format("{} is not Postgres' own. Write the plain operator or collation.",
                                        fmt::join(names, ".")));
        }
        for (std::string_view name : operators_of(node))
            if (subject.schema.is_overloaded(name))
                refuse_overloaded(name, fmt::format("Write OPERATOR(pg_catalog.{})", name), out);
    });
}

void accepted_types(const Subject& subject, Findings& out) {
    std::unordered_set<std::string> refused;
    each_node(subject.select, [&](const Node& node) {
        if (node.type != "TypeName") return;
        auto names = names_in(node.fields, "names");
        bool plain =
            !json::find(node.fields, "setof") && !json::find(node.fields, "pct_type") && !names.empty();
        if (plain && is_own(names) && is_accepted_type(names.back())) return;
        if (plain && is_type_of_column(names, subject.schema)) return;
        std::string name = fmt::format("{}", fmt::join(names, "."));
        if (refused.insert(name).second)
            refuse(out,
                   fmt::format(
                       "Nothing may be cast to the type {}. Use numbers, text, dates, JSON, or a type that "
                       "a column of the schema has.",
                       name));
    });
}

}  // namespace spotter::work::sql::rule
