#include <algorithm>
#include <iterator>
#include <unordered_set>

#include "work/sql_query/functions.hpp"
#include "work/sql_query/names/label.hpp"
#include "work/sql_query/names/resolver.hpp"
#include "work/sql_query/tree.hpp"

namespace spotter::work::sql {
namespace {

/// Whether a function of a FROM clause may yield rows of several fields, by the types of its arguments: their
/// names are then not the alias's.
bool may_have_fields(const json::Value& call) {
    const json::Value* fields = fields_of(call, "FuncCall");
    if (!fields) return true;
    std::string_view name = names_in(*fields, "funcname").back();
    return name == "unnest" || name == "lower" || name == "upper";
}

/// The names of the columns of one function of a FROM clause. One that yields plain values names its column
/// after the alias, when it is the only function, or else after itself.
std::vector<std::string> columns_of_call(const json::Value& call, const std::string& alias) {
    if (may_have_fields(call)) {
        const json::Value* fields = fields_of(call, "FuncCall");
        return std::vector<std::string>(fields ? list_in(*fields, "args").Size() : 1);
    }
    const std::string name = implied_label(call);
    if (auto named = columns_of_function(name); !named.empty()) return {named.begin(), named.end()};
    return {alias.empty() ? name : alias};
}

/// AS x(sku text, n integer).
std::vector<std::string> defined_columns(const json::Value& definitions) {
    std::vector<std::string> names;
    for (const json::Value& item : definitions.GetArray())
        if (const json::Value* column = fields_of(item, "ColumnDef"))
            names.emplace_back(json::text(*column, "colname").value_or(""));
    return names;
}

/// What both sides of a join call alike and are to have alike.
std::vector<std::string> merged_names(const json::Value& join, const Columns& left, const Columns& right) {
    if (!json::boolean(join, "isNatural").value_or(false)) {
        auto names = names_in(join, "usingClause");
        return {names.begin(), names.end()};
    }
    auto others = names_of(right);
    const std::unordered_set<std::string> of_right(others.begin(), others.end());
    std::vector<std::string> names = names_of(left);
    std::erase_if(names, [&](const std::string& name) { return !of_right.contains(name); });
    return names;
}

/// Of a join: what USING and NATURAL merge comes first, then the rest of the left side, then that of the
/// right.
Columns joined_columns(const std::vector<std::string>& merged, const Columns& left, const Columns& right) {
    if (!left || !right) return std::nullopt;
    Columns columns{std::in_place}, rest{std::in_place};
    for (const std::string& name : merged) columns->push_back({name, {0, 0}});
    for (const Columns* side : {&left, &right})
        for (const Visible& column : **side) {
            auto same = std::find(merged.begin(), merged.end(), column.name);
            if (same == merged.end())
                rest->push_back(column);
            else
                (*columns)[static_cast<std::size_t>(same - merged.begin())].weight += column.weight;
        }
    append(columns, rest);
    return columns;
}

Item item_of(Source source, Weight weight) {
    Columns columns = source.columns;
    return {{std::move(source)}, std::move(columns), weight};
}

}  // namespace

Item Resolver::read_from(const json::Value& item, Scope& before) {
    if (const json::Value* join = fields_of(item, "JoinExpr")) return read_join(*join, before);
    if (const json::Value* range = fields_of(item, "RangeVar")) return read_table(*range, before);
    if (const json::Value* range = fields_of(item, "RangeSubselect")) return read_subquery(*range, before);
    if (const json::Value* range = fields_of(item, "RangeFunction")) return read_function(*range, before);
    return {};
}

Item Resolver::read_join(const json::Value& join, Scope& before) {
    Item both = read_from(*json::find(join, "larg"), before);
    Scope seen{before.outer, {}, before.sources};
    seen.sources.insert(seen.sources.end(), both.sources.begin(), both.sources.end());
    Item right = read_from(*json::find(join, "rarg"), seen);
    const auto merged = merged_names(join, both.columns, right.columns);
    both.columns = joined_columns(merged, both.columns, right.columns);
    std::move(right.sources.begin(), right.sources.end(), std::back_inserter(both.sources));
    both.weight += right.weight;
    if (both.columns && !merged.empty())
        for (const std::string& name : merged) both.weight += find_column(both.columns, name)->weight;
    if (const json::Value* condition = json::find(join, "quals")) {
        Scope scope{before.outer, {}, both.sources};
        both.weight += read_expression(*condition, scope);
    }
    if (const json::Value* alias = json::find(join, "join_using_alias"))
        both.sources.push_back(
            {std::string(json::text(*alias, "aliasname").value_or("")), "", false, columns_named(merged)});
    const json::Value* alias = json::find(join, "alias");
    if (!alias) return both;
    rename(both.columns, names_in(*alias, "colnames"));
    bool is_table = std::any_of(both.sources.begin(), both.sources.end(),
                                [](const Source& source) { return source.is_table; });
    return item_of({std::string(json::text(*alias, "aliasname").value_or("")), "", is_table, both.columns},
                   both.weight);
}

Item Resolver::read_table(const json::Value& range, Scope& before) {
    TableUse use{std::string(json::text(range, "catalogname").value_or("")),
                 std::string(json::text(range, "schemaname").value_or("")),
                 std::string(json::text(range, "relname").value_or("")), nullptr};
    Source source{use.name, "", false, std::nullopt};
    Weight weight{1, 0};
    if (Cte* cte = use.schema.empty() ? find_cte(use.name, &before) : nullptr) {
        source.columns = cte->query.columns;
        weight += cte->query.weight;
        if (cte->state == Cte::open) ++cte->recursion.references;
        if (cte->state == Cte::unread) cte->recursion.before_it_is_written = true;
    } else {
        use.table = use.schema.empty() ? schema_.find(use.name) : schema_.find(use.schema, use.name);
        // Postgres looks into its catalogue before it follows the search path.
        if (use.schema.empty() && use.name.starts_with("pg_")) use.table = nullptr;
        source.is_table = true;
        if (use.table) {
            source.schema = use.table->schema;
            source.columns.emplace();
            for (const Column& column : use.table->columns) source.columns->push_back({column.name});
        }
        names_.tables.push_back(use);
    }
    if (const json::Value* alias = json::find(range, "alias")) {
        source.name = json::text(*alias, "aliasname").value_or("");
        source.schema.clear();
        rename(source.columns, names_in(*alias, "colnames"));
    }
    return item_of(std::move(source), weight);
}

Item Resolver::read_subquery(const json::Value& range, Scope& before) {
    bool lateral = json::boolean(range, "lateral").value_or(false);
    const json::Value* select = fields_of(*json::find(range, "subquery"), "SelectStmt");
    if (!select) return {};
    Query query = read(*select, lateral ? &before : before.outer);
    Source source{"", "", false, std::move(query.columns)};
    if (const json::Value* alias = json::find(range, "alias")) {
        source.name = json::text(*alias, "aliasname").value_or("");
        rename(source.columns, names_in(*alias, "colnames"));
    }
    return item_of(std::move(source), query.weight);
}

Item Resolver::read_function(const json::Value& range, Scope& before) {
    const Weight weight = read_expression(range, before);
    Source source;
    const json::Value* alias = json::find(range, "alias");
    if (alias) source.name = json::text(*alias, "aliasname").value_or("");
    const auto& functions = list_in(range, "functions");
    const std::string naming = functions.Size() == 1 ? source.name : "";
    std::vector<std::string> names = defined_columns(list_in(range, "coldeflist"));
    for (const json::Value& item : functions.GetArray()) {
        const json::Value* list = fields_of(item, "List");
        if (!list || list_in(*list, "items").Empty()) continue;
        const auto& parts = list_in(*list, "items");  // the call, and its AS (…) in ROWS FROM
        if (source.name.empty()) source.name = implied_label(parts[0]);
        if (!list_in(range, "coldeflist").Empty()) continue;
        const json::Value* definitions = parts.Size() > 1 ? fields_of(parts[1], "List") : nullptr;
        auto more =
            definitions ? defined_columns(list_in(*definitions, "items")) : columns_of_call(parts[0], naming);
        names.insert(names.end(), more.begin(), more.end());
    }
    if (json::boolean(range, "ordinality").value_or(false)) names.emplace_back("ordinality");
    source.columns = columns_named(names);
    for (Visible& column : *source.columns) column.weight = weight;
    // AS x(n numeric) makes numbers of what a JSON text has.
    if (!list_in(range, "coldeflist").Empty())
        for (Visible& column : *source.columns) column.weight.bytes = bytes_as_number(weight.bytes);
    if (alias) rename(source.columns, names_in(*alias, "colnames"));
    return item_of(std::move(source), weight);
}

}  // namespace spotter::work::sql
