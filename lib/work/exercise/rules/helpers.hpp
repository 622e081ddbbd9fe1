#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "work/exercise/limits.hpp"
#include "work/findings.hpp"

/// What several rules ask.
namespace spotter::work::exercises::rule {

/// Rejects what says the same as an earlier one, whatever its case and accents. `path_of(i)` is where the
/// i-th of `texts` stands.
void distinct(const std::vector<std::string>& texts, std::string (*path_of)(std::size_t), Findings& out);

/// "/options/2" for "/options" and 2.
inline std::string element(std::string_view list, std::size_t index) {
    return fmt::format("{}/{}", list, index);
}

/// Rejects a list of fewer than `least` things at any difficulty.
inline void at_least(std::string_view path, std::size_t count, std::size_t least, Findings& out) {
    if (count < least) out.reject(std::string(path), fmt::format("lists {}; list at least {}", count, least));
}

/// Rejects a list whose length does not show the difficulty.
inline void as_many(std::string_view path, std::size_t count, std::size_t wanted, int difficulty,
                    Findings& out) {
    if (count != wanted)
        out.reject(std::string(path),
                   fmt::format("lists {}; list {} at difficulty {}", count, wanted, difficulty));
}

}  // namespace spotter::work::exercises::rule
