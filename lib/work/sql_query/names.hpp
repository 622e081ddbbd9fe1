#pragma once

#include <string>
#include <vector>

#include "work/sql_query/schema.hpp"

/// What the names in a statement stand for, by Postgres' rules of scope: which are tables and which are
/// queries of a WITH clause, and what a FROM clause makes visible where.
namespace spotter::work::sql {

/// A table that a FROM clause names.
struct TableUse {
    std::string catalog, schema, name;  ///< the first two empty where they are not written
    const Table* table;                 ///< nullptr when it is none that the asker may read
};

/// A column that is asked of something in a FROM clause, and is not known to be there. Where there is none of
/// that name, Postgres goes on to look for a function to call with the row.
struct UnknownColumn {
    std::string source, name;
    std::vector<std::string> columns;  ///< what `source` is known to have
    bool misnamed = false;             ///< more is written in front of the column than one name of a source
};

/// A query of WITH RECURSIVE that reads itself.
struct Recursion {
    std::string name;
    std::vector<std::string> columns;
    const json::Value* query;           ///< a node
    int references = 0;                 ///< to itself
    bool before_it_is_written = false;  ///< an earlier query of the clause reads it
};

struct Names {
    std::vector<TableUse> tables;
    std::vector<UnknownColumn> unknown_columns;
    std::vector<std::string> whole_rows;      ///< tables whose rows are taken as one value
    std::vector<std::string> system_columns;  ///< "ctid"
    std::vector<Recursion> recursions;
    double heaviest = 0;  ///< the most nodes that the planner gets for a query in it (see names/weight.hpp)
    double longest = 0;   ///< bytes that a value in it may get
};

/// `select`: the fields of a SELECT whose nodes are all accepted.
Names resolve(const json::Value& select, const Schema& schema);

}  // namespace spotter::work::sql
