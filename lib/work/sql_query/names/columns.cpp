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

void Resolver::read_expression(const json::Value& value, Scope& scope) {
    if (const json::Value* select = fields_of(value, "SelectStmt")) {
        read(*select, &scope);
    } else if (const json::Value* column = fields_of(value, "ColumnRef")) {
        read_column(*column, scope);
    } else if (value.IsArray()) {
        for (const json::Value& item : value.GetArray()) read_expression(item, scope);
    } else if (value.IsObject()) {
        for (const auto& member : value.GetObject()) read_expression(member.value, scope);
    }
}

/// "total", "orders.total", "shop.orders.total", or a star where no list of columns can take it.
void Resolver::read_column(const json::Value& fields, Scope& scope) {
    auto names = names_in(fields, "fields");
    const std::string name(names.back());
    if (names.size() == 1) return read_bare_column(name, scope);
    if (names.size() > 3) {
        names_.unknown_columns.push_back({std::string(names[0]), name, {}});
        return;
    }
    const Source* source = find_source(names.size() == 3 ? names[0] : "", names[names.size() - 2], &scope);
    if (!source) return;  // the database says so itself
    if (name == "*") {
        if (source->is_table) names_.whole_rows.push_back(source->name);
    } else if (source->columns && !has(source->columns, name)) {
        if (source->is_table && is_system_column(name))
            names_.system_columns.push_back(name);
        else
            names_.unknown_columns.push_back({source->name, name, *source->columns});
    }
}

/// A name that no column has is that of a row, or of what Postgres adds to every table.
void Resolver::read_bare_column(const std::string& name, const Scope& scope) {
    for (const Scope* level = &scope; level; level = level->outer)
        for (const Source& source : level->sources)
            if (!source.columns || has(source.columns, name)) return;
    const Source* source = find_source("", name, &scope);
    if (source && source->is_table) names_.whole_rows.push_back(name);
    if (!source && is_system_column(name)) names_.system_columns.push_back(name);
}

Columns Resolver::star(const std::vector<std::string_view>& names, const Scope& scope) const {
    Columns columns{std::in_place};
    if (names.size() == 1) {
        for (const Source& source : scope.sources) append(columns, source.columns);
        return columns;
    }
    const Source* source = find_source(names.size() == 3 ? names[0] : "", names[names.size() - 2], &scope);
    return source ? source->columns : std::nullopt;
}

}  // namespace spotter::work::sql
