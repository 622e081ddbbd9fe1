#pragma once

#include <string>

#include "work/sql_query/question.hpp"

namespace spotter::work::sql {

/// The builtin's answer: a query for the common forms of question in English, and in Spanish for the most
/// common of these. Every word of the question is accounted for; where one is not understood there is no
/// query but an explanation of what was not. Deterministic.
std::string plan_answer(const Question& question);

}  // namespace spotter::work::sql
