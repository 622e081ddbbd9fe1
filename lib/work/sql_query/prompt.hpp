#pragma once

#include "work/kind.hpp"
#include "work/sql_query/question.hpp"

namespace spotter::work::sql {

/// prompt.mustache for one question. The numbers it teaches are those that the rules check by. The schema is
/// shown as far as the tier has room for it; the question stands in a JSON block at the end, which no text
/// can close.
Prompt make_prompt(Tier tier, const Question& question);

}  // namespace spotter::work::sql
