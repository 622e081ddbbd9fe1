#pragma once

#include <cstddef>

/// How much a statement may be and do. What the prompt teaches is what the rules check by.
namespace spotter::work::sql {

/// Bytes of a statement. Postgres' parser and what writes its tree recurse: a text of this length takes less
/// than 2 MB of stack, whatever it says.
inline constexpr std::size_t longest_statement = 20'000;

/// Levels of a parse tree. Whoever walks it recurses, and libpg_query most greedily when it writes SQL from
/// it; an honest query has sixty.
inline constexpr int deepest_tree = 400;

inline constexpr long long most_rows = 1000;           ///< that a stored statement yields
inline constexpr long long longest_padding = 1000;     ///< characters that repeat, lpad and rpad make
inline constexpr long long longest_value = 1'000'000;  ///< bytes that literals and such functions can come to
inline constexpr long long heaviest_query = 10'000;    ///< nodes that a planner gets for a query
inline constexpr long long most_series_rows = 100'000;  ///< that generate_series yields
inline constexpr std::size_t longest_pattern = 200;     ///< bytes of a regular expression
inline constexpr long long deepest_recursion = 100;     ///< rounds of a recursive query

}  // namespace spotter::work::sql
