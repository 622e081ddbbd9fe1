#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace spotter::work::persona {

/// When a post was written.
struct Moment {
    std::int64_t seconds = 0;  ///< since 1970, UTC
    std::optional<int> hour;   ///< 0 to 23, on the clock that the text shows; none where it is a date alone
    bool weekend = false;      ///< Saturday or Sunday, by the date that the text shows
};

/// Reads ISO 8601: "2026-01-31", "2026-01-31T10:00Z", "2026-01-31 10:00:00.123+02". Without an offset it is
/// taken for UTC. nullopt for anything else and for days that do not exist.
std::optional<Moment> read_moment(std::string_view text);

}  // namespace spotter::work::persona
