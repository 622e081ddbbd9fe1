#include <algorithm>
#include <iterator>

#include "work/sql_query/names/resolver.hpp"
#include "work/sql_query/tree.hpp"

namespace spotter::work::sql {
namespace {

constexpr std::string_view system_columns[] = {"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"};

bool is_system_column(std::string_view name) {
    return std::find(std::begin(system_columns), std::end(system_columns), name) != std::end(system_columns);
}

}  // namespace

Weight Resolver::read_expression(const json::Value& value, Scope& scope) {
    if (const json::Value* select = fields_of(value, "SelectStmt")) return read(*select, &scope).weight;
    if (const json::Value* column = fields_of(value, "ColumnRef")) return read_column(*column, scope);
    auto read_part = [&](const json::Value& part) { return read_expression(part, scope); };
    Weight weight;
    if (auto node = node_in(value)) {
        weight = weigh(*node, read_part);
    } else if (value.IsArray()) {
        for (const json::Value& item : value.GetArray()) weight += read_part(item);
    } else if (value.IsObject()) {
        for (const auto& member : value.GetObject()) weight += read_part(member.value);
    }
    names_.longest = std::max(names_.longest, weight.bytes);
    return weight;
}

/// "total", "orders.total", "shop.orders.total", or a star where no list of columns can take it.
Weight Resolver::read_column(const json::Value& fields, Scope& scope) {
    auto names = names_in(fields, "fields");
    const std::string name(names.back());
    if (names.size() == 1) return read_bare_column(name, scope);
    if (names.size() > 3) {
        names_.unknown_columns.push_back({std::string(names[0]), name, {}, true});
        return {};
    }
    const Source* source = find_source(names.size() == 3 ? names[0] : "", names[names.size() - 2], &scope);
    if (!source) return {};  // the database says so itself
    if (ends_with_star(fields, "fields")) {
        if (source->is_table) names_.whole_rows.push_back(source->name);
        return weight_of(source->columns);
    }
    if (const Visible* column = find_column(source->columns, name)) return column->weight;
    if (source->is_table && is_system_column(name))
        names_.system_columns.push_back(name);
    else if (source->columns || !source->is_table)  // of a table that is unknown something else is said
        names_.unknown_columns.push_back({source->name, name, names_of(source->columns)});
    return {};
}

/// A name that no column has is that of a row, or of what Postgres adds to every table.
Weight Resolver::read_bare_column(const std::string& name, const Scope& scope) {
    Weight heaviest{1, 1};
    for (const Scope* level = &scope; level; level = level->outer) {
        Weight weight;
        for (const Source& source : level->sources) {
            if (const Visible* column = find_column(source.columns, name)) weight += column->weight;
            if (source.columns)
                for (const Visible& column : *source.columns) heaviest = heavier(heaviest, column.weight);
        }
        if (weight.nodes > 0) return weight;
    }
    const Source* source = find_source("", name, &scope);
    if (source && source->is_table) names_.whole_rows.push_back(name);
    if (!source && is_system_column(name)) names_.system_columns.push_back(name);
    return source ? weight_of(source->columns) : heaviest;
}

Columns Resolver::star(const std::vector<std::string_view>& names, const Scope& scope) const {
    if (names.size() == 1) return scope.star;
    const Source* source = find_source(names.size() == 3 ? names[0] : "", names[names.size() - 2], &scope);
    return source ? source->columns : std::nullopt;
}

}  // namespace spotter::work::sql
