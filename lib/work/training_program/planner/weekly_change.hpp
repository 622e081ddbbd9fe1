#pragma once

#include "work/training_program/planner/draft.hpp"
#include "work/training_program/planner/targets.hpp"

/// What becomes of a week's sets in the weeks after it.
namespace spotter::work::training::planning {

/// The next week of an accumulation: up to `more` sets on exercises that are there, no muscle above its most
/// nor more than 20 % over `before`, no session over its time.
Draft grown(Draft draft, int more, const Profile& profile, const Style& style, const Targets& targets);

/// A heavier, shorter week: up to `fewer` sets less, none of an anchor's, no muscle under what it must have.
Draft shed(Draft draft, int fewer, const Targets& targets);

/// A deload: half the sets of every exercise, one at least.
Draft halved(Draft draft);

}  // namespace spotter::work::training::planning
