#pragma once

#include <string>

#include "base/json.hpp"

namespace spotter::work::sql {

/// The name that Postgres gives to a column of a SELECT's list that has none of its own. Source:
/// FigureColname in Postgres' parse_target.c.
std::string implied_label(const json::Value& expression);

}  // namespace spotter::work::sql
