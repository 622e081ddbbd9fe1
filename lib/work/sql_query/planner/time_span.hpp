#pragma once

#include <optional>
#include <string>

#include "work/sql_query/planner/cursor.hpp"

namespace spotter::work::sql::planner {

/// A stretch of time, from its first moment to the one behind its last. The moments are SQL; an empty one is
/// open.
struct TimeSpan {
    std::string from, to;
};

/// Reads "last week", "in the last 7 days", "since 2024", "before 2024-03-01", "between March and May 2024",
/// "yesterday" and the like; reads nothing otherwise.
std::optional<TimeSpan> read_time_span(Cursor& in);

/// Reads "month" or "monthly": a unit that date_trunc knows.
std::optional<std::string> read_time_unit(Cursor& in);

}  // namespace spotter::work::sql::planner
