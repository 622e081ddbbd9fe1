#include "work/sql_query/names/scope.hpp"

#include <algorithm>

namespace spotter::work::sql {

bool has(const Columns& columns, std::string_view name) {
    return columns && std::find(columns->begin(), columns->end(), name) != columns->end();
}

void append(Columns& columns, const Columns& more) {
    if (columns && more)
        columns->insert(columns->end(), more->begin(), more->end());
    else
        columns.reset();
}

void rename(Columns& columns, const std::vector<std::string_view>& names) {
    if (!columns) return;
    for (std::size_t i = 0; i < std::min(names.size(), columns->size()); ++i) (*columns)[i] = names[i];
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
