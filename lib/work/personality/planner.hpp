#pragma once

#include <span>

#include "work/personality/analysis.hpp"
#include "work/personality/input.hpp"

namespace spotter::work::persona {

/// An analysis of `posts` by counting alone: the same one for the same posts, at any time and on any machine.
/// It measures how they are written and says so; it does not understand them. It keeps to everything that
/// check_rules holds at the full tier against `all`, which `posts` are some of.
Analysis plan_analysis(std::span<const Post> posts, std::span<const Post> all);

}  // namespace spotter::work::persona
