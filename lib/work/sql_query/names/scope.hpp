#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "work/sql_query/names.hpp"
#include "work/sql_query/names/weight.hpp"

/// What is visible where, while the names of a statement are resolved.
namespace spotter::work::sql {

/// A column of something in a FROM clause.
struct Visible {
    std::string name;  ///< empty where it is not known
    Weight weight{1, 1};
};

/// nullopt where the columns cannot be known: nothing may be asked of those by a qualified name.
using Columns = std::optional<std::vector<Visible>>;

/// nullptr where there is none of that name.
const Visible* find_column(const Columns& columns, std::string_view name);
bool has(const Columns& columns, std::string_view name);
/// Unknown when either is, or when there are more than anybody asks for.
void append(Columns& columns, const Columns& more);
/// The first columns take the names that an alias lists.
void rename(Columns& columns, const std::vector<std::string_view>& names);
Columns columns_named(const std::vector<std::string>& names);
/// Those that are known.
std::vector<std::string> names_of(const Columns& columns);
Weight weight_of(const Columns& columns);

/// What a FROM clause makes visible under one name.
struct Source {
    std::string name;
    std::string schema;     ///< of a table without an alias
    bool is_table = false;  ///< its rows are those of a table, or of tables joined
    Columns columns;
};

/// An item of a FROM clause: a table, a query, a function, or a join.
struct Item {
    std::vector<Source> sources;
    Columns columns;  ///< that a plain * stands for
    Weight weight;
};

/// A query as those who read it see it.
struct Query {
    Columns columns{std::in_place};
    Weight weight;  ///< of everything in it
};

/// A query of a WITH clause.
struct Cte {
    std::string name;
    std::vector<std::string_view> aliases;  ///< what its columns are called from outside
    Query query;
    enum State { unread, open, read } state = unread;
    Recursion recursion;
};

/// What is visible at one place. Inner scopes hide outer ones.
struct Scope {
    Scope* outer = nullptr;
    std::deque<Cte> ctes = {};
    std::vector<Source> sources = {};
    Columns star = Columns(std::in_place);  ///< what a plain * stands for
};

Cte* find_cte(std::string_view name, Scope* scope);

/// `schema` is empty where none is written.
const Source* find_source(std::string_view schema, std::string_view name, const Scope* scope);

}  // namespace spotter::work::sql
