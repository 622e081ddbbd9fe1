#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "work/personality/input.hpp"
#include "work/personality/planner/lexicon.hpp"

namespace spotter::work::persona {

/// The words of posts, each distinct one looked up once.
struct Corpus {
    struct Lexeme {
        std::string_view word;  ///< a view into the post where it came first
        Signs signs;
        int uses = 0;  ///< in all posts
    };
    using Place = std::uint32_t;  ///< in `lexemes`

    std::vector<Lexeme> lexemes;
    std::vector<std::vector<Place>> posts;  ///< each post's words

    const Lexeme& at(Place place) const { return lexemes[place]; }
};

/// The posts must outlive the corpus.
Corpus corpus_of(std::span<const Post> posts);

}  // namespace spotter::work::persona
