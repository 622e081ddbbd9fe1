#include <algorithm>
#include <iterator>
#include <utility>

#include "work/sql_query/names/label.hpp"
#include "work/sql_query/names/resolver.hpp"
#include "work/sql_query/tree.hpp"

namespace spotter::work::sql {

Query Resolver::read(const json::Value& select, Scope* outer, Cte* defined) {
    Scope with{outer};
    Weight kept;
    if (const json::Value* clause = json::find(select, "withClause")) kept = read_with(*clause, with);
    Query query = read_body(select, with, defined);
    query.weight += kept;
    names_.heaviest = std::max(names_.heaviest, query.weight.nodes);
    return query;
}

Query Resolver::read_body(const json::Value& select, Scope& with, Cte* defined) {
    if (json::text(select, "op").value_or("SETOP_NONE") != "SETOP_NONE")
        return read_set_operation(select, with, defined);
    if (!list_in(select, "valuesLists").Empty()) return read_values(select, with);
    return read_plain(select, with);
}

/// What is planned once and kept weighs here, and what may be planned anew for who reads it, there.
Weight Resolver::read_with(const json::Value& with, Scope& scope) {
    const auto& queries = list_in(with, "ctes");
    auto add = [&](const json::Value& fields) -> Cte& {
        std::string name(json::text(fields, "ctename").value_or(""));
        return scope.ctes.emplace_back(Cte{
            name, names_in(fields, "aliascolnames"), Query{std::nullopt, {}}, Cte::unread, {.name = name}});
    };
    auto fields = [&](rapidjson::SizeType i) -> const json::Value& {
        return *fields_of(queries[i], "CommonTableExpr");
    };
    Weight kept;
    if (json::boolean(with, "recursive").value_or(false)) {
        // Each sees itself and those that follow.
        for (rapidjson::SizeType i = 0; i < queries.Size(); ++i) add(fields(i));
        for (rapidjson::SizeType i = 0; i < queries.Size(); ++i)
            kept += read_cte(scope.ctes[i], fields(i), scope);
    } else {
        for (rapidjson::SizeType i = 0; i < queries.Size(); ++i) {
            Scope before{scope.outer, scope.ctes};
            kept += read_cte(add(fields(i)), fields(i), before);
        }
    }
    return kept;
}

Weight Resolver::read_cte(Cte& cte, const json::Value& fields, Scope& scope) {
    const json::Value* query = json::find(fields, "ctequery");
    const json::Value* select = query ? fields_of(*query, "SelectStmt") : nullptr;
    if (!select) return {};
    cte.state = Cte::open;
    cte.query = read(*select, &scope, &cte);
    rename(cte.query.columns, cte.aliases);
    cte.state = Cte::read;
    Weight kept;
    if (json::text(fields, "ctematerialized") == "CTEMaterializeAlways") {
        kept = std::exchange(cte.query.weight, {});
        if (cte.query.columns)
            for (Visible& column : *cte.query.columns) column.weight.nodes = 1;
    }
    if (cte.recursion.references == 0 && !cte.recursion.before_it_is_written) return kept;
    cte.recursion.query = query;
    cte.recursion.columns = names_of(cte.query.columns);
    names_.recursions.push_back(cte.recursion);
    return kept;
}

Query Resolver::read_set_operation(const json::Value& select, Scope& with, Cte* defined) {
    Query query = read(*json::find(select, "larg"), &with);
    if (defined) {
        defined->query.columns = query.columns;  // as the second half of a recursive query sees them
        rename(defined->query.columns, defined->aliases);
    }
    Query right = read(*json::find(select, "rarg"), &with);
    if (query.columns && right.columns)
        for (std::size_t i = 0; i < std::min(query.columns->size(), right.columns->size()); ++i)
            (*query.columns)[i].weight += (*right.columns)[i].weight;
    query.weight += right.weight;
    Scope scope{&with};
    query.weight += read_clauses(select, scope, query.columns);
    return query;
}

/// One row is put in wherever its columns are named, and several are read as a table is.
Query Resolver::read_values(const json::Value& select, Scope& with) {
    Scope scope{&with};
    const auto& rows = list_in(select, "valuesLists");
    Query query;
    for (const json::Value& row : rows.GetArray()) {
        const json::Value* list = fields_of(row, "List");
        const json::Value& items = list ? list_in(*list, "items") : rows;
        for (rapidjson::SizeType i = 0; list && i < items.Size(); ++i) {
            Weight weight = read_expression(items[i], scope);
            query.weight += weight;
            if (rows.Size() > 1) weight.nodes = 1;
            if (query.columns->size() <= i) query.columns->push_back({"column" + std::to_string(i + 1)});
            Visible& column = (*query.columns)[i];
            column.weight = heavier(column.weight, weight);
        }
    }
    query.weight += read_clauses(select, scope, query.columns);
    return query;
}

Query Resolver::read_plain(const json::Value& select, Scope& with) {
    Scope scope{&with};
    Query query;
    for (const json::Value& from : list_in(select, "fromClause").GetArray()) {
        Item item = read_from(from, scope);
        std::move(item.sources.begin(), item.sources.end(), std::back_inserter(scope.sources));
        append(scope.star, item.columns);
        query.weight += item.weight;
    }
    read_targets(select, scope, query);
    query.weight += read_clauses(select, scope, query.columns);
    return query;
}

void Resolver::read_targets(const json::Value& select, Scope& scope, Query& query) {
    for (const json::Value& item : list_in(select, "targetList").GetArray()) {
        const json::Value* target = fields_of(item, "ResTarget");
        const json::Value* value = target ? json::find(*target, "val") : nullptr;
        if (!value) continue;
        const json::Value* column = fields_of(*value, "ColumnRef");
        if (column && ends_with_star(*column, "fields")) {
            Columns columns = star(names_in(*column, "fields"), scope);
            query.weight += weight_of(columns);
            append(query.columns, columns);
            continue;
        }
        auto label = json::text(*target, "name");
        const Weight weight = read_expression(*value, scope);
        query.weight += weight;
        if (query.columns)
            query.columns->push_back({label ? std::string(*label) : implied_label(*value), weight});
    }
}

Weight Resolver::read_clauses(const json::Value& select, Scope& scope, const Columns& outputs) {
    Weight weight;
    for (std::string_view clause :
         {"whereClause", "havingClause", "windowClause", "limitCount", "limitOffset"})
        if (const json::Value* value = json::find(select, clause)) weight += read_expression(*value, scope);
    for (std::string_view clause : {"groupClause", "sortClause", "distinctClause"})
        for (const json::Value& item : list_in(select, clause).GetArray())
            weight += read_by(item, scope, outputs);
    return weight;
}

/// ORDER BY, GROUP BY and DISTINCT ON take the name of an output where it stands alone.
Weight Resolver::read_by(const json::Value& item, Scope& scope, const Columns& outputs) {
    if (const json::Value* sort = fields_of(item, "SortBy"))
        return read_by(*json::find(*sort, "node"), scope, outputs);
    if (const json::Value* set = fields_of(item, "GroupingSet")) {
        Weight weight;
        for (const json::Value& member : list_in(*set, "content").GetArray())
            weight += read_by(member, scope, outputs);
        return weight;
    }
    const json::Value* column = fields_of(item, "ColumnRef");
    auto names = column ? names_in(*column, "fields") : std::vector<std::string_view>{};
    if (names.size() == 1 && has(outputs, names[0])) return {};
    return read_expression(item, scope);
}

}  // namespace spotter::work::sql
