#pragma once

#include <span>

#include "work/personality/analysis.hpp"
#include "work/personality/planner/features.hpp"

namespace spotter::work::persona {

enum class Wording {
    full,
    terse,  ///< no text of more than eight words
};

/// Puts into words what was measured: the summary, what explains each trait, and the style's description.
void describe(Wording wording, const Features& features, std::span<const Post> posts, Analysis& analysis);

}  // namespace spotter::work::persona
