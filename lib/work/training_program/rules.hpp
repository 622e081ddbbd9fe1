#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "work/kind.hpp"
#include "work/training_program/analysis.hpp"
#include "work/training_program/limits.hpp"
#include "work/training_program/program.hpp"

/// What an answer must keep to beyond its schema.
namespace spotter::work::training {

/// Every violation of `program` at `tier`, warnings among them. A program whose shape is wrong is judged by
/// its shape alone: the other rules walk only what is bounded. At most a hundred of either severity are
/// listed.
std::vector<Violation> check_rules(Tier tier, const Program& program, const Profile& profile,
                                   const Analysis& analysis, const Limits& limits = {});

}  // namespace spotter::work::training
