#pragma once

#include <optional>
#include <string_view>
#include <vector>

/// The functions and types of Postgres that a statement may use: functions.json. All of the functions read
/// nothing but their arguments and the clock, change nothing, and end in a time that their arguments bound;
/// `random` alone is volatile.
namespace spotter::work::sql {

/// A function or aggregate of pg_catalog, by its name without a schema.
bool is_accepted_function(std::string_view name);

/// What a function that yields rows calls their columns; empty where it leaves that to the statement.
std::vector<std::string_view> columns_of_function(std::string_view name);

/// Which argument, from 0, says how long the result gets; nullopt when none does.
std::optional<int> length_argument(std::string_view function);

/// Which argument, from 0, is a regular expression; nullopt when none is.
std::optional<int> pattern_argument(std::string_view function);

/// Which argument, from 0, is a jsonpath; nullopt when none is.
std::optional<int> path_argument(std::string_view function);

/// A type of pg_catalog, "int4", that reads nothing but the value that is cast.
bool is_accepted_type(std::string_view name);

/// A type whose values are looked up in the catalogue by their name, "regclass".
bool is_catalogue_type(std::string_view name);

}  // namespace spotter::work::sql
