#pragma once

#include "e2e/app_database.hpp"

/// Many rows, and the proof that each was settled once.
namespace spotter::test {

/// From now on the database writes down every change of a row's status.
void record_transitions(AppDatabase& app);

/// So many new users ask for a program each, as the default onboarding has it, in one statement.
void ask_for_many(AppDatabase& app, int rows);

inline constexpr const char* all_completed =
    "select not exists (select from public.training_programs where generation_status <> 'completed')";

/// Rows that became completed any other number of times than once.
inline constexpr const char* completions_that_are_not_one =
    "select count(*) from public.training_programs p where (select count(*) from transition t "
    "where t.id = p.id and t.became = 'completed') <> 1";

}  // namespace spotter::test
