#include <algorithm>
#include <iterator>

#include "work/sql_query/names/label.hpp"
#include "work/sql_query/names/resolver.hpp"
#include "work/sql_query/tree.hpp"

namespace spotter::work::sql {

Columns Resolver::read(const json::Value& select, Scope* outer, Cte* defined) {
    Scope with{outer};
    if (const json::Value* clause = json::find(select, "withClause")) read_with(*clause, with);
    if (json::text(select, "op").value_or("SETOP_NONE") != "SETOP_NONE")
        return read_set_operation(select, with, defined);
    if (!list_in(select, "valuesLists").Empty()) return read_values(select, with);
    return read_plain(select, with);
}

void Resolver::read_with(const json::Value& with, Scope& scope) {
    const auto& queries = list_in(with, "ctes");
    auto add = [&](const json::Value& fields) -> Cte& {
        std::string name(json::text(fields, "ctename").value_or(""));
        return scope.ctes.emplace_back(
            Cte{name, names_in(fields, "aliascolnames"), std::nullopt, Cte::unread, {.name = name}});
    };
    auto fields = [&](rapidjson::SizeType i) -> const json::Value& {
        return *fields_of(queries[i], "CommonTableExpr");
    };
    if (json::boolean(with, "recursive").value_or(false)) {
        // Each sees itself and those that follow.
        for (rapidjson::SizeType i = 0; i < queries.Size(); ++i) add(fields(i));
        for (rapidjson::SizeType i = 0; i < queries.Size(); ++i) read_cte(scope.ctes[i], fields(i), scope);
    } else {
        for (rapidjson::SizeType i = 0; i < queries.Size(); ++i) {
            Scope before{scope.outer, scope.ctes};
            read_cte(add(fields(i)), fields(i), before);
        }
    }
}

void Resolver::read_cte(Cte& cte, const json::Value& fields, Scope& scope) {
    const json::Value* query = json::find(fields, "ctequery");
    const json::Value* select = query ? fields_of(*query, "SelectStmt") : nullptr;
    if (!select) return;
    cte.state = Cte::open;
    cte.columns = read(*select, &scope, &cte);
    rename(cte.columns, cte.aliases);
    cte.state = Cte::read;
    if (cte.recursion.references == 0 && !cte.recursion.before_it_is_written) return;
    cte.recursion.query = query;
    if (cte.columns) cte.recursion.columns = *cte.columns;
    names_.recursions.push_back(cte.recursion);
}

Columns Resolver::read_set_operation(const json::Value& select, Scope& with, Cte* defined) {
    Columns columns = read(*json::find(select, "larg"), &with);
    if (defined) {
        defined->columns = columns;  // as the second half of a recursive query sees them
        rename(defined->columns, defined->aliases);
    }
    read(*json::find(select, "rarg"), &with);
    Scope scope{&with};
    read_clauses(select, scope, columns);
    return columns;
}

Columns Resolver::read_values(const json::Value& select, Scope& with) {
    Scope scope{&with};
    const auto& rows = list_in(select, "valuesLists");
    read_expression(rows, scope);
    const json::Value* first = fields_of(rows[0], "List");
    Columns columns{std::in_place};
    for (rapidjson::SizeType i = 0; first && i < list_in(*first, "items").Size(); ++i)
        columns->push_back("column" + std::to_string(i + 1));
    read_clauses(select, scope, columns);
    return columns;
}

Columns Resolver::read_plain(const json::Value& select, Scope& with) {
    Scope scope{&with};
    for (const json::Value& item : list_in(select, "fromClause").GetArray()) {
        auto sources = read_from(item, scope);
        std::move(sources.begin(), sources.end(), std::back_inserter(scope.sources));
    }
    Columns outputs = read_targets(select, scope);
    read_clauses(select, scope, outputs);
    return outputs;
}

Columns Resolver::read_targets(const json::Value& select, Scope& scope) {
    Columns outputs{std::in_place};
    for (const json::Value& item : list_in(select, "targetList").GetArray()) {
        const json::Value* target = fields_of(item, "ResTarget");
        const json::Value* value = target ? json::find(*target, "val") : nullptr;
        if (!value) continue;
        const json::Value* column = fields_of(*value, "ColumnRef");
        auto names = column ? names_in(*column, "fields") : std::vector<std::string_view>{};
        if (!names.empty() && names.back() == "*") {
            append(outputs, star(names, scope));
            continue;
        }
        auto label = json::text(*target, "name");
        if (outputs) outputs->push_back(label ? std::string(*label) : implied_label(*value));
        read_expression(*value, scope);
    }
    return outputs;
}

void Resolver::read_clauses(const json::Value& select, Scope& scope, const Columns& outputs) {
    for (std::string_view clause :
         {"whereClause", "havingClause", "windowClause", "limitCount", "limitOffset"})
        if (const json::Value* value = json::find(select, clause)) read_expression(*value, scope);
    for (std::string_view clause : {"groupClause", "sortClause", "distinctClause"})
        for (const json::Value& item : list_in(select, clause).GetArray()) read_by(item, scope, outputs);
}

/// ORDER BY, GROUP BY and DISTINCT ON take the name of an output where it stands alone.
void Resolver::read_by(const json::Value& item, Scope& scope, const Columns& outputs) {
    if (const json::Value* sort = fields_of(item, "SortBy"))
        return read_by(*json::find(*sort, "node"), scope, outputs);
    if (const json::Value* set = fields_of(item, "GroupingSet")) {
        for (const json::Value& member : list_in(*set, "content").GetArray()) read_by(member, scope, outputs);
        return;
    }
    const json::Value* column = fields_of(item, "ColumnRef");
    auto names = column ? names_in(*column, "fields") : std::vector<std::string_view>{};
    if (names.size() == 1 && has(outputs, names[0])) return;
    read_expression(item, scope);
}

}  // namespace spotter::work::sql
