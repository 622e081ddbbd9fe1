#pragma once

#include <vector>

#include "work/kind.hpp"
#include "work/sql_query/schema.hpp"
#include "work/sql_query/statement.hpp"

/// What a statement must keep to. All of it is safety: no tier relaxes any of it.
namespace spotter::work::sql {

/// What makes `statement` other than a lone SELECT that is built of accepted parts.
std::vector<Violation> check_shape(const Statement& statement);

/// Every violation of `statement` by somebody who may read `schema`. A statement that is no lone SELECT, or
/// that is built of other than the accepted parts, is judged by that alone.
std::vector<Violation> check_rules(const Statement& statement, const Schema& schema);

}  // namespace spotter::work::sql
