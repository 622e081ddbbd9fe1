#pragma once

#include <span>
#include <vector>

#include "work/personality/analysis.hpp"
#include "work/personality/input.hpp"

namespace spotter::work::persona {

/// What was said of some of the posts.
struct Part {
    Analysis analysis;
    int posts = 0;  ///< at least 1
};

/// One analysis of several, for whole numbers of posts as weights:
/// * a trait, by its key, has the mean of its scores, rounded half up, over the parts that tell it. Name and
///   texts come from the part whose score is nearest to that mean. Traits stand by the posts that tell them,
///   then by their mean place; at most `limits::most_traits` of them;
/// * interests and topics stand by posts in the same way; at most `limits::most_listed`;
/// * the style's figures are means too, the description that of the part nearest to them;
/// * the tone is that of most posts; mixed where two have as many;
/// * the summary is that of the part nearest to the merged scores, and a sentence on what differs by two
///   points or more, unless one of `posts` has it: whoever posts an analysis of ours is not to lose the next.
/// Ties go to more posts and then to the text that sorts first, so the order of the parts does not matter.
/// One part merges to itself. `parts` is not empty.
Analysis merge(const std::vector<Part>& parts, std::span<const Post> posts);

}  // namespace spotter::work::persona
