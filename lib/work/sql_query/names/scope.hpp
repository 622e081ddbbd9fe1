#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "work/sql_query/names.hpp"

/// What is visible where, while the names of a statement are resolved.
namespace spotter::work::sql {

/// Names of columns; nullopt where they cannot be known, and nothing is to be said of them.
using Columns = std::optional<std::vector<std::string>>;

bool has(const Columns& columns, std::string_view name);
void append(Columns& columns, const Columns& more);
/// The first columns take the names that an alias lists.
void rename(Columns& columns, const std::vector<std::string_view>& names);

/// What a FROM clause makes visible under one name.
struct Source {
    std::string name;
    std::string schema;     ///< of a table without an alias
    bool is_table = false;  ///< its rows are those of a table, or of tables joined
    Columns columns;
};

/// A query of a WITH clause.
struct Cte {
    std::string name;
    std::vector<std::string_view> aliases;  ///< what its columns are called from outside
    Columns columns;
    enum State { unread, open, read } state = unread;
    Recursion recursion;
};

/// What is visible at one place. Inner scopes hide outer ones.
struct Scope {
    Scope* outer = nullptr;
    std::deque<Cte> ctes = {};
    std::vector<Source> sources = {};
};

Cte* find_cte(std::string_view name, Scope* scope);

/// `schema` is empty where none is written.
const Source* find_source(std::string_view schema, std::string_view name, const Scope* scope);

}  // namespace spotter::work::sql
