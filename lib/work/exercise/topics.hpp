#pragma once

#include <string>
#include <vector>

#include "work/exercise/vocabulary.hpp"

namespace spotter::work::exercises {

/// What of the vocabulary is about some topics.
struct Coverage {
    std::vector<const Chapter*> chapters;  ///< never empty: all of them where no topic is known
    std::vector<const Term*> named;        ///< words that were themselves given as topics
    std::size_t unknown = 0;               ///< topics that the vocabulary has nothing for
};

/// A topic is known by a chapter's name in either language ("colours", "colores"), by a word of the
/// vocabulary
/// ("owls", "pico"), or by such a name within it ("colours of feathers"); case, accents and plurals do not
/// matter.
Coverage coverage_of(const std::vector<std::string>& topics);

/// The words of the vocabulary that stand in `text`, in either language.
std::vector<const Term*> terms_within(std::string_view text);

}  // namespace spotter::work::exercises
