#pragma once

#include <optional>
#include <string_view>

namespace spotter::work::persona {

/// Something that no analysis may say of anybody, and what it is about: sensitive.json.
struct Sensitive {
    std::string_view phrase;   ///< as `has_phrase` takes it, "autis*"
    std::string_view subject;  ///< "a diagnosis", "health", "religion", "sexuality", "ethnicity", "politics"
};

/// The first such phrase in `text`. English and Spanish; case and accents do not matter.
std::optional<Sensitive> sensitive_in(std::string_view text);

}  // namespace spotter::work::persona
