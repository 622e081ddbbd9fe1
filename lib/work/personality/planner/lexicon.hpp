#pragma once

#include <cstdint>
#include <string_view>

/// What single words are signs of, in English and Spanish: lexicon.json.
namespace spotter::work::persona {

/// Lists of the lexicon. A word may stand in several.
enum class Sign : std::uint32_t {
    common = 1u << 0,  ///< says nothing of a text's topic
    positive = 1u << 1,
    negative = 1u << 2,
    negation = 1u << 3,
    hedge = 1u << 4,
    certain = 1u << 5,
    self = 1u << 6,
    together = 1u << 7,
    you = 1u << 8,
    laughter = 1u << 9,
    curiosity = 1u << 10,
    planning = 1u << 11,
    courtesy = 1u << 12,
    reasoning = 1u << 13,
    informal = 1u << 14,
    technical = 1u << 15,
};

class Signs {
  public:
    bool has(Sign sign) const { return (bits_ & static_cast<std::uint32_t>(sign)) != 0; }
    void add(Sign sign) { bits_ |= static_cast<std::uint32_t>(sign); }
    template <class... Some>
    bool none_but(Some... signs) const {
        return (bits_ & ~(static_cast<std::uint32_t>(signs) | ...)) == 0;
    }

  private:
    std::uint32_t bits_ = 0;
};

/// What `word`, folded as in `Text::words`, is a sign of; nothing for a word that is in no list.
Signs signs_of(std::string_view word);

}  // namespace spotter::work::persona
