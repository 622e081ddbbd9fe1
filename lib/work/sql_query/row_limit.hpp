#pragma once

#include "work/sql_query/statement.hpp"

namespace spotter::work::sql {

/// `statement`, a lone SELECT as Statement::rewritten gives it, with a LIMIT of at most `most_rows`; what is
/// asked for stays the same otherwise, its order too. A limit that is no number is kept inside of one that
/// is.
Result<Statement> with_row_limit(const Statement& statement);

}  // namespace spotter::work::sql
