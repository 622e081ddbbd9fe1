#pragma once

#include "work/findings.hpp"
#include "work/sql_query/names.hpp"
#include "work/sql_query/statement.hpp"

/// Every rule by theme, in the order in which they are asked.
namespace spotter::work::sql {

/// What a rule looks at.
struct Subject {
    const Statement& statement;
    const json::Value& select;  ///< the fields of its SELECT
    const Schema& schema;
    const Names& names;
};

using ShapeRule = void (*)(const Statement& statement, Findings& out);
using Rule = void (*)(const Subject& subject, Findings& out);

namespace rule {

/// Every violation stands in the answer's one text that is checked.
inline void refuse(Findings& out, std::string message) {
    out.reject("/sql", std::move(message));
}

// shape.cpp. These must pass before anything else is walked.
void one_statement(const Statement& statement, Findings& out);
void select_only(const Statement& statement, Findings& out);
void no_writing(const Statement& statement, Findings& out);
void no_into(const Statement& statement, Findings& out);
void no_locking(const Statement& statement, Findings& out);
void no_parameters(const Statement& statement, Findings& out);
void no_sampling(const Statement& statement, Findings& out);
void accepted_syntax(const Statement& statement, Findings& out);

// tables.cpp
void no_catalogue(const Subject& subject, Findings& out);
void known_tables(const Subject& subject, Findings& out);
void known_columns(const Subject& subject, Findings& out);
void no_system_columns(const Subject& subject, Findings& out);
void no_whole_rows(const Subject& subject, Findings& out);
void no_field_selection(const Subject& subject, Findings& out);

// functions.cpp
void accepted_functions(const Subject& subject, Findings& out);
void no_session_values(const Subject& subject, Findings& out);
void accepted_operators(const Subject& subject, Findings& out);
void accepted_types(const Subject& subject, Findings& out);

// What could grow without bound: lengths.cpp, series.cpp, patterns.cpp, paths.cpp, recursion.cpp
void bounded_lengths(const Subject& subject, Findings& out);
void bounded_expansion(const Subject& subject, Findings& out);
void bounded_series(const Subject& subject, Findings& out);
void bounded_patterns(const Subject& subject, Findings& out);
void bounded_paths(const Subject& subject, Findings& out);
void bounded_recursion(const Subject& subject, Findings& out);

// text.cpp
void visible_text(const Subject& subject, Findings& out);

}  // namespace rule
}  // namespace spotter::work::sql
