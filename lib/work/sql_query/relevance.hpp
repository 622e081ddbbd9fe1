#pragma once

#include <string_view>
#include <vector>

#include "work/sql_query/schema.hpp"

namespace spotter::work::sql {

/// The tables in the order in which they are likely to matter for the question: those that share words with
/// it, in their name, columns, listed values and comments, then those that a foreign key joins to them, then
/// the rest; of equals the one that comes first in the schema.
std::vector<const Table*> by_relevance(const Schema& schema, std::string_view question);

/// The columns likewise, for tables that are too wide to show; keys count as relevant.
std::vector<const Column*> by_relevance(const Table& table, std::string_view question);

}  // namespace spotter::work::sql
