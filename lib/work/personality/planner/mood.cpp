#include "work/personality/planner/mood.hpp"

namespace spotter::work::persona {

Mood mood_of(const Corpus& corpus, std::span<const Corpus::Place> words) {
    constexpr int reach = 2;
    Mood mood;
    int negated = 0;  // words that the last negation still reaches
    for (Corpus::Place place : words) {
        Signs signs = corpus.at(place).signs;
        if (signs.has(Sign::positive))
            ++(negated > 0 ? mood.negative : mood.positive);
        else if (signs.has(Sign::negative) && negated == 0)
            ++mood.negative;
        negated = signs.has(Sign::negation) ? reach : negated > 0 ? negated - 1 : 0;
    }
    return mood;
}

}  // namespace spotter::work::persona
