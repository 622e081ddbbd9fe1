#include "work/personality/planner/gauges.hpp"

#include "work/personality/planner/measures.hpp"

namespace spotter::work::persona {
namespace {

using namespace measures;

// clang-format off
constexpr TraitGauge traits[] = {
    {"Openness", {{{{&vocabulary, 4, 65, 92}, {&long_words, 2, 8, 30}, {&curiosity, 2, 0, 3}}}}},
    {"Conscientiousness", {{{{&planning, 3, 0, 4}, {&capital_starts, 2, 20, 100}, {&words_a_post, 1, 8, 40}}}}},
    {"Extraversion", {{{{&exclamations, 3, 0, 2}, {&emoji, 2, 0, 2}, {&together, 2, 0, 4},
                        {&you, 1, 0, 4}, {&mentions, 1, 0, 1}}}}},
    {"Agreeableness", {{{{&praise, 3, 20, 95}, {&courtesy, 2, 0, 2}, {&shouted, 1, 6, 0}}}}},
    {"Emotional Stability", {{{{&negative, 4, 5, 0}, {&shouted, 1, 6, 0}, {&exclamations, 1, 4, 0}}}}},
    {"Curiosity", {{{{&questions, 4, 0, 1}, {&curiosity, 2, 0, 3}, {&links, 1, 0, 1}}}}},
    {"Humor", {{{{&laughter, 4, 0, 2}, {&emoji, 1, 0, 2}}}}},
    {"Optimism", {{{{&positive, 3, 0, 6}, {&praise, 2, 20, 95}}}}},
    {"Assertiveness", {{{{&hedges, 3, 4, 0}, {&certainty, 2, 0, 3}, {&questions, 1, 1.5, 0}}}}},
    {"Analytical Thinking", {{{{&reasoning, 3, 0, 4}, {&readability, 2, 20, 55}, {&numbers, 1, 0, 5},
                              {&commas, 1, 0, 2}}}}},
    {"Self-Disclosure", {{{{&self, 1, 0, 12}}}}},
};
// clang-format on

}  // namespace

// clang-format off
constexpr Gauge formality{{{{&capital_starts, 2, 0, 100}, {&emoji, 2, 2, 0}, {&exclamations, 2, 2, 0},
                            {&informal, 2, 4, 0}, {&words_a_sentence, 2, 4, 20}, {&ellipses, 1, 1, 0}}}};
constexpr Gauge enthusiasm{{{{&exclamations, 4, 0, 2}, {&emoji, 3, 0, 2}, {&positive, 3, 0, 6}}}};
constexpr Gauge technical_level{{{{&technical, 3, 0, 8}, {&numbers, 3, 0, 8}, {&words_a_sentence, 2, 8, 25},
                                  {&long_words, 2, 10, 35}}}};
constexpr Gauge emoji_usage{{{{&emoji, 1, 0, 3}}}};
// clang-format on

std::span<const TraitGauge> trait_gauges() {
    return traits;
}

}  // namespace spotter::work::persona
