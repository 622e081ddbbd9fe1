#include "work/sql_query/names/scope.hpp"

#include <algorithm>

namespace spotter::work::sql {

namespace {

constexpr std::size_t most_columns = 10'000;

}  // namespace

const Visible* find_column(const Columns& columns, std::string_view name) {
    if (!columns || name.empty()) return nullptr;
    auto found = std::find_if(columns->begin(), columns->end(),
                              [&](const Visible& column) { return column.name == name; });
    return found == columns->end() ? nullptr : &*found;
}

bool has(const Columns& columns, std::string_view name) {
    return find_column(columns, name) != nullptr;
}

void append(Columns& columns, const Columns& more) {
    if (columns && more && columns->size() + more->size() <= most_columns)
        columns->insert(columns->end(), more->begin(), more->end());
    else
        columns.reset();
}

void rename(Columns& columns, const std::vector<std::string_view>& names) {
    if (!columns) return;
    for (std::size_t i = 0; i < std::min(names.size(), columns->size()); ++i) (*columns)[i].name = names[i];
}

Columns columns_named(const std::vector<std::string>& names) {
    Columns columns{std::in_place};
    for (const std::string& name : names) columns->push_back({name});
    return columns;
}

std::vector<std::string> names_of(const Columns& columns) {
    std::vector<std::string> names;
    if (columns)
        for (const Visible& column : *columns)
            if (!column.name.empty()) names.push_back(column.name);
    return names;
}

Weight weight_of(const Columns& columns) {
    Weight weight;
    if (columns)
        for (const Visible& column : *columns) weight += column.weight;
    return weight;
}

Cte* find_cte(std::string_view name, Scope* scope) {
    for (; scope; scope = scope->outer)
        for (Cte& cte : scope->ctes)
            if (cte.name == name) return &cte;
    return nullptr;
}

const Source* find_source(std::string_view schema, std::string_view name, const Scope* scope) {
    for (; scope; scope = scope->outer)
        for (const Source& source : scope->sources)
            if (source.name == name && (schema.empty() || source.schema == schema)) return &source;
    return nullptr;
}

}  // namespace spotter::work::sql
