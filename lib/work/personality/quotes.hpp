#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "work/personality/analysis.hpp"

namespace spotter::work::persona {

inline constexpr std::size_t most_quoted_words = 8;  ///< in a row; more is a quotation

/// For each of `texts` whether it has more than `most_quoted_words` words in a row from one of `sources`,
/// which are words as `Text::words` holds them. Case, accents and punctuation do not matter.
std::vector<bool> quotes(std::span<const Said> texts, std::span<const std::string_view> sources);

}  // namespace spotter::work::persona
