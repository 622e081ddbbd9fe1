#pragma once

#include "work/kind.hpp"
#include "work/sql_query/question.hpp"

/// What is asked of a model, and what comes of its answer.
namespace spotter::work::sql {

/// The schema of an answer, JSON text of static storage.
std::string_view schema_text();

/// An answer in that shape. Where there is no statement, `sql` is empty and `explanation` tells the asker
/// why.
std::string write_answer(std::string_view sql, std::string_view explanation);

/// Checks a model's answer to `question`. The content is {"sql", "validated", "schema_version",
/// "explanation"}; its statement is what the database has to plan. An answer without a statement breaks the
/// rule `cannot_answer`, whose message is for the asker.
Verdict check_answer(std::string_view answer, const Question& question);

}  // namespace spotter::work::sql
