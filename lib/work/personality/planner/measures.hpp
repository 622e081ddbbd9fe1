#pragma once

#include "work/personality/planner/gauge.hpp"

/// The features under the names that gauges list them by.
namespace spotter::work::persona::measures {

inline constexpr Measure words_a_post{&Features::words_a_post, "words a post on average"};
inline constexpr Measure words_a_sentence{&Features::words_a_sentence, "words a sentence on average"};
inline constexpr Measure vocabulary{&Features::vocabulary, "different words in every 100"};
inline constexpr Measure exclamations{&Features::exclamations, "exclamation marks a post"};
inline constexpr Measure questions{&Features::questions, "question marks a post"};
inline constexpr Measure ellipses{&Features::ellipses, "unfinished thoughts (...) a post"};
inline constexpr Measure links{&Features::links, "links a post on average"};
inline constexpr Measure commas{&Features::commas, "commas a sentence on average"};
inline constexpr Measure emoji{&Features::emoji, "emoji a post on average"};
inline constexpr Measure mentions{&Features::mentions, "mentions of others a post"};
inline constexpr Measure numbers{&Features::numbers, "words with digits in every 100"};
inline constexpr Measure long_words{&Features::long_words, "long words in every 100"};
inline constexpr Measure readability{&Features::readability, "points of the readability index LIX"};
inline constexpr Measure shouted{&Features::shouted, "words in capitals in every 100"};
inline constexpr Measure capital_starts{&Features::capital_starts, "capitalised sentences in every 100"};
inline constexpr Measure positive{&Features::positive, "positive words in every 100"};
inline constexpr Measure negative{&Features::negative, "negative words in every 100"};
inline constexpr Measure praise{&Features::praise, "positive among every 100 mood words"};
inline constexpr Measure hedges{&Features::hedges, "hedging words in every 100"};
inline constexpr Measure certainty{&Features::certainty, "words of certainty in every 100"};
inline constexpr Measure self{&Features::self, "words for oneself in every 100"};
inline constexpr Measure you{&Features::you, "words for the reader in every 100"};
inline constexpr Measure together{&Features::together, "words of company in every 100"};
inline constexpr Measure laughter{&Features::laughter, "words of laughter in every 100"};
inline constexpr Measure curiosity{&Features::curiosity, "words of enquiry in every 100"};
inline constexpr Measure planning{&Features::planning, "words of planning in every 100"};
inline constexpr Measure courtesy{&Features::courtesy, "words of courtesy in every 100"};
inline constexpr Measure reasoning{&Features::reasoning, "words of reasoning in every 100"};
inline constexpr Measure informal{&Features::informal, "informal words in every 100"};
inline constexpr Measure technical{&Features::technical, "technical words in every 100"};

inline constexpr const Measure* all[] = {
    &words_a_post, &words_a_sentence, &vocabulary,     &exclamations, &questions, &ellipses,
    &links,        &commas,           &emoji,          &mentions,     &numbers,   &long_words,
    &readability,  &shouted,          &capital_starts, &positive,     &negative,  &praise,
    &hedges,       &certainty,        &self,           &you,          &together,  &laughter,
    &curiosity,    &planning,         &courtesy,       &reasoning,    &informal,  &technical};

}  // namespace spotter::work::persona::measures
