#pragma once

#include <cstddef>
#include <string_view>

/// Where people can be reached, in what they write.
namespace spotter::work::persona {

/// Bytes that a web or mail address at the beginning of `text` takes; 0 when none begins there.
std::size_t address_length(std::string_view text);

/// Whether `text` holds what may be a telephone number: seven digits or more with no more between them than
/// people put into a number. Dates and spans of years are none.
bool has_phone_number(std::string_view text);

}  // namespace spotter::work::persona
