#pragma once

#include <string>
#include <string_view>

/// Looking for words in what people write.
namespace spotter::work {

/// `text` as words: lower-case, Latin letters without their accents, everything that is neither a letter nor
/// a digit one space, and a space at both ends: " pull up bar ". Letters of other scripts stay as they are.
std::string words(std::string_view text);

/// True when `phrase` stands in `words` between word bounds. A '*' at its end lets its last word go on:
/// "shoulder*" finds "shoulders", "disc" does not find "discomfort".
bool has_phrase(std::string_view words, std::string_view phrase);

/// Takes every such `phrase` out of `words`, so that later ones do not see it. True when there was one.
bool take_phrase(std::string& words, std::string_view phrase);

/// `text` without blanks around it.
std::string_view trimmed(std::string_view text);

/// Characters of UTF-8 text, not bytes.
std::size_t characters(std::string_view text);

/// The first `most` characters of `text`, with an ellipsis when something was cut.
std::string excerpt(std::string_view text, std::size_t most);

}  // namespace spotter::work
