#pragma once

#include <optional>
#include <span>

#include "work/personality/planner/corpus.hpp"

/// What can be measured of how somebody writes.
namespace spotter::work::persona {

/// nullopt where the posts' script or language does not let a figure be measured. But for `vocabulary`, which
/// looks at words that follow each other, no figure depends on the order of the posts.
struct Features {
    using Figure = std::optional<double>;

    double words = 0;  ///< in all posts

    // Of any script.
    Figure words_a_post;
    Figure words_a_sentence;
    Figure vocabulary;  ///< different words in 100: the moving-average type-token ratio over windows of 50
                        ///< words (Covington and McFall 2010), of all words where there are fewer
    Figure exclamations, questions, ellipses, emoji, links, mentions;  ///< a post
    Figure commas;                                                     ///< a sentence
    Figure numbers;                                                    ///< words with a digit in 100

    // Of scripts with spaces, and with capitals.
    Figure long_words;      ///< words of more than six letters in 100
    Figure readability;     ///< LIX (Björnsson 1968): words a sentence and long words in 100
    Figure shouted;         ///< words in capitals in 100
    Figure capital_starts;  ///< sentences of 100 that begin with a capital

    // Of English and Spanish: words of the lexicon's lists in 100.
    Figure positive, negative;
    Figure hedges, certainty, self, you, together, laughter, curiosity, planning, courtesy, reasoning,
        informal, technical;
    Figure praise;  ///< positive words in 100 that are positive or negative; none where there is neither
};

Features measure(std::span<const Post> posts, const Corpus& corpus);

/// Whether the posts are in a language whose common words the lexicon has: at least three words of ten are
/// such.
bool is_known_language(const Corpus& corpus);

}  // namespace spotter::work::persona
