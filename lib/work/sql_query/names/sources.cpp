#include <algorithm>

#include "work/sql_query/functions.hpp"
#include "work/sql_query/names/label.hpp"
#include "work/sql_query/names/resolver.hpp"
#include "work/sql_query/tree.hpp"

namespace spotter::work::sql {
namespace {

/// The columns of one function of a FROM clause. One that yields plain values names its column after the
/// alias, when it is the only function, or else after itself.
std::vector<std::string> columns_of_call(const json::Value& call, const std::string& alias) {
    const json::Value* fields = fields_of(call, "FuncCall");
    const std::string name = implied_label(call);
    if (auto named = columns_of_function(name); !named.empty()) return {named.begin(), named.end()};
    std::size_t arguments = fields ? list_in(*fields, "args").Size() : 0;
    if (name == "unnest" && arguments > 1) return std::vector<std::string>(arguments, name);
    return {alias.empty() ? name : alias};
}

}  // namespace

std::vector<Source> Resolver::read_from(const json::Value& item, Scope& before) {
    if (const json::Value* join = fields_of(item, "JoinExpr")) return read_join(*join, before);
    if (const json::Value* range = fields_of(item, "RangeVar")) return {read_table(*range, before)};
    if (const json::Value* range = fields_of(item, "RangeSubselect")) return {read_subquery(*range, before)};
    if (const json::Value* range = fields_of(item, "RangeFunction")) return {read_function(*range, before)};
    return {};
}

std::vector<Source> Resolver::read_join(const json::Value& join, Scope& before) {
    std::vector<Source> both = read_from(*json::find(join, "larg"), before);
    Scope left{before.outer, {}, before.sources};
    left.sources.insert(left.sources.end(), both.begin(), both.end());
    auto right = read_from(*json::find(join, "rarg"), left);
    both.insert(both.end(), right.begin(), right.end());
    if (const json::Value* condition = json::find(join, "quals")) {
        Scope scope{before.outer, {}, both};
        read_expression(*condition, scope);
    }
    if (const json::Value* merged = json::find(join, "join_using_alias")) {
        auto names = names_in(join, "usingClause");
        both.push_back({std::string(json::text(*merged, "aliasname").value_or("")), "", false,
                        std::vector<std::string>(names.begin(), names.end())});
    }
    const json::Value* alias = json::find(join, "alias");
    if (!alias) return both;
    Source joined{std::string(json::text(*alias, "aliasname").value_or("")), "", false,
                  std::vector<std::string>{}};
    for (const Source& source : both) append(joined.columns, source.columns);
    rename(joined.columns, names_in(*alias, "colnames"));
    joined.is_table =
        std::any_of(both.begin(), both.end(), [](const Source& source) { return source.is_table; });
    return {std::move(joined)};
}

Source Resolver::read_table(const json::Value& range, Scope& before) {
    TableUse use{std::string(json::text(range, "catalogname").value_or("")),
                 std::string(json::text(range, "schemaname").value_or("")),
                 std::string(json::text(range, "relname").value_or("")), nullptr};
    Source source{use.name, "", false, std::nullopt};
    if (Cte* cte = use.schema.empty() ? find_cte(use.name, &before) : nullptr) {
        source.columns = cte->columns;
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
            for (const Column& column : use.table->columns) source.columns->push_back(column.name);
        }
        names_.tables.push_back(use);
    }
    if (const json::Value* alias = json::find(range, "alias")) {
        source.name = json::text(*alias, "aliasname").value_or("");
        source.schema.clear();
        rename(source.columns, names_in(*alias, "colnames"));
    }
    return source;
}

Source Resolver::read_subquery(const json::Value& range, Scope& before) {
    bool lateral = json::boolean(range, "lateral").value_or(false);
    const json::Value* select = fields_of(*json::find(range, "subquery"), "SelectStmt");
    Source source;
    if (select) source.columns = read(*select, lateral ? &before : before.outer);
    if (const json::Value* alias = json::find(range, "alias")) {
        source.name = json::text(*alias, "aliasname").value_or("");
        rename(source.columns, names_in(*alias, "colnames"));
    }
    return source;
}

Source Resolver::read_function(const json::Value& range, Scope& before) {
    read_expression(range, before);
    Source source;
    source.columns.emplace();
    const json::Value* alias = json::find(range, "alias");
    if (alias) source.name = json::text(*alias, "aliasname").value_or("");
    const auto& functions = list_in(range, "functions");
    const std::string naming = functions.Size() == 1 ? source.name : "";
    for (const json::Value& item : functions.GetArray()) {
        const json::Value* list = fields_of(item, "List");
        if (!list || list_in(*list, "items").Empty()) continue;
        const json::Value& call = list_in(*list, "items")[0];
        if (source.name.empty()) source.name = implied_label(call);
        if (list_in(range, "coldeflist").Empty()) append(source.columns, columns_of_call(call, naming));
    }
    each_node(range, [&](const Node& node) {
        if (node.type == "ColumnDef")
            source.columns->emplace_back(json::text(node.fields, "colname").value_or(""));
    });
    if (json::boolean(range, "ordinality").value_or(false)) source.columns->emplace_back("ordinality");
    if (alias) rename(source.columns, names_in(*alias, "colnames"));
    return source;
}

}  // namespace spotter::work::sql
