#pragma once

#include <string>
#include <string_view>

namespace spotter {

/// SHA-256 (FIPS 180-4) of `text`, 64 hexadecimal digits.
std::string sha256(std::string_view text);

}  // namespace spotter
