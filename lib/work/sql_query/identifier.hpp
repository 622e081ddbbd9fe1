#pragma once

#include <string>
#include <string_view>

#include "work/sql_query/schema.hpp"

/// Writing SQL.
namespace spotter::work::sql {

/// `name` as SQL has to write it: in double quotes where it is a reserved word or anything but small letters,
/// digits and underscores.
std::string quoted_identifier(std::string_view name);

/// A table as a statement has to write it: with its schema where the search path does not lead to it.
std::string table_reference(const Table& table, const Schema& schema);

/// `text` as a string literal; E'…' where it holds a backslash, so that no setting of a server reads it
/// otherwise.
std::string string_literal(std::string_view text);

}  // namespace spotter::work::sql
