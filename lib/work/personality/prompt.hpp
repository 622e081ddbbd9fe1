#pragma once

#include <span>
#include <string_view>

#include "work/kind.hpp"
#include "work/personality/input.hpp"

namespace spotter::work::persona {

/// prompt.mustache for some of a user's posts. They stand in one JSON block at the end, in which no text can
/// close the block; simpler tiers show less of each.
Prompt make_prompt(Tier tier, std::string_view username, std::span<const Post> posts);

/// What a model is told before it sees any post; the same for every user.
std::string_view instructions_text();

}  // namespace spotter::work::persona
