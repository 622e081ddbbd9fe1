#pragma once

#include "work/personality/planner/corpus.hpp"

namespace spotter::work::persona {

/// Words of praise and of complaint.
struct Mood {
    int positive = 0;
    int negative = 0;
};

/// The mood of one post. A negation one or two words before turns praise into complaint ("not very good") and
/// takes a complaint away ("no problem").
Mood mood_of(const Corpus& corpus, std::span<const Corpus::Place> words);

}  // namespace spotter::work::persona
