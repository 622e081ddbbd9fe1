#pragma once

#include <string>
#include <vector>

#include "work/personality/planner/corpus.hpp"

namespace spotter::work::persona {

/// A word, or two that keep coming together, that posts return to.
struct Topic {
    std::string text;  ///< as it is written, in small letters
    int posts = 0;     ///< that have it, at least 2
    int praised = 0;   ///< of them, those with more praise than complaint
};

/// What posts of a known language are about, what most of them have first; at most `most`. Nothing that an
/// analysis may not speak of. Empty for other languages, whose common words we could not tell from topics.
std::vector<Topic> topics_of(std::span<const Post> posts, const Corpus& corpus, std::size_t most);

}  // namespace spotter::work::persona
