#pragma once

#include <span>
#include <vector>

#include "work/kind.hpp"
#include "work/personality/analysis.hpp"
#include "work/personality/input.hpp"

/// What an answer must keep to beyond its schema.
namespace spotter::work::persona {

/// Every violation of `analysis` at `tier`. `posts` are all that the row gives, so that no part of them is
/// quoted. `merged` says that the analysis was made of parts, each of which has passed these rules. An
/// analysis that is out of bounds is judged by them alone.
std::vector<Violation> check_rules(Tier tier, const Analysis& analysis, std::span<const Post> posts,
                                   bool merged);

}  // namespace spotter::work::persona
