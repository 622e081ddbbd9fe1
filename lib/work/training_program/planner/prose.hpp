#pragma once

#include <string>
#include <vector>

#include "work/training_program/analysis.hpp"
#include "work/training_program/planner/periods.hpp"
#include "work/training_program/planner/split.hpp"
#include "work/training_program/planner/style.hpp"
#include "work/training_program/program.hpp"

/// The words around the sets: for the user, in plain English.
namespace spotter::work::training::planning {

/// Fills in the program's texts, its tags and its interventions.
void describe(Program& program, const Profile& profile, const Analysis& analysis, const Split& split);

void describe(Phase& phase, const Period& period, const Style& style);

/// What a week is for; `in_phase` counts from 1.
void describe(Week& week, const Period& period, int in_phase);

/// What to watch in doing an exercise; may be empty. `loaded`: a weight is prescribed.
std::string cue(const Exercise& exercise, Role role, double rpe, bool loaded, bool in_bouts);

}  // namespace spotter::work::training::planning
