#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "work/sql_query/identifier.hpp"
#include "work/sql_query/rules/all.hpp"
#include "work/sql_query/tree.hpp"

namespace spotter::work::sql::rule {
namespace {

constexpr std::size_t most_listed = 20;  ///< columns in a message

/// Postgres' own schemas and the daemon's, whoever may read them.
bool is_catalogue(const TableUse& use) {
    if (use.schema.empty()) return use.name.starts_with("pg_");
    return use.schema.starts_with("pg_") || use.schema == "information_schema" || use.schema == "spotter";
}

std::string folded(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

/// The table that was most likely meant: the same name in other letters or in another schema, one on the
/// search path before others.
const Table* meant(const TableUse& use, const Schema& schema) {
    const Table* found = nullptr;
    for (const Table& table : schema.tables()) {
        if (folded(table.name) != folded(use.name)) continue;
        if (schema.find(table.name) == &table) return &table;
        if (!found) found = &table;
    }
    return found;
}

std::string listed(const std::vector<std::string>& columns) {
    std::vector<std::string> names;
    for (const std::string& column : columns) {
        if (names.size() == most_listed) {
            names.emplace_back("…");
            break;
        }
        names.push_back(quoted_identifier(column));
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string told(const UnknownColumn& unknown) {
    if (unknown.misnamed)
        return fmt::format("{}.….{} names more than a column. Write an alias and the column's name.",
                           unknown.source, unknown.name);
    if (unknown.columns.empty())
        return fmt::format(
            "It cannot be told whether {0} has a column {1}. Name its columns where it stands in FROM: AS "
            "{0}(…).",
            unknown.source, unknown.name);
    return fmt::format("{} has no column {}. It has {}.", unknown.source, unknown.name,
                       listed(unknown.columns));
}

}  // namespace

void no_catalogue(const Subject& subject, Findings& out) {
    for (const TableUse& use : subject.names.tables)
        if (is_catalogue(use))
            refuse(out,
                   fmt::format(
                       "{} belongs to the database's own catalogue. Read only the tables of the schema "
                       "that you were given{}.",
                       use.name, use.schema.empty() ? ", with their schema if they are called pg_…" : ""));
}

void known_tables(const Subject& subject, Findings& out) {
    for (const TableUse& use : subject.names.tables) {
        if (is_catalogue(use) || (use.table && use.catalog.empty())) continue;
        std::string written = use.schema.empty() ? use.name : use.schema + "." + use.name;
        const Table* other = meant(use, subject.schema);
        refuse(out, fmt::format("There is no table {} that may be read. {}.", written,
                                other ? fmt::format("Write {}", table_reference(*other, subject.schema))
                                      : "Use only the tables of the schema that you were given"));
    }
}

/// Where a row has no column of that name, Postgres calls a function of that name with the row.
void known_columns(const Subject& subject, Findings& out) {
    for (const UnknownColumn& unknown : subject.names.unknown_columns) refuse(out, told(unknown));
}

void no_system_columns(const Subject& subject, Findings& out) {
    for (const std::string& name : subject.names.system_columns)
        refuse(out, fmt::format("{} is a column of the system's. Leave it out.", name));
}

/// A table's whole row holds columns that the asker was not shown.
void no_whole_rows(const Subject& subject, Findings& out) {
    for (const std::string& name : subject.names.whole_rows)
        refuse(out, fmt::format("{} stands for a whole row here. Name the columns that are wanted.", name));
}

/// `(value).name` calls the function `name` where the value has no such field.
void no_field_selection(const Subject& subject, Findings& out) {
    each_node(subject.select, [&](const Node& node) {
        if (node.type != "A_Indirection") return;
        for (std::string_view name : names_in(node.fields, "indirection"))
            refuse(out,
                   fmt::format(
                       "(…).{} takes a field out of a value. Name a column of a table or subquery instead.",
                       name));
    });
}

}  // namespace spotter::work::sql::rule
