#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "work/personality/moment.hpp"
#include "work/personality/text.hpp"

namespace spotter::work::persona {

/// A post that counts.
struct Post {
    std::string text;  ///< at most `longest_post` characters
    Text read;
    std::optional<Moment> written;
};

/// What a row asks to have analysed.
struct Input {
    std::string username;     ///< empty when not said
    std::vector<Post> posts;  ///< those to analyse, 1 to `most_analysed`, oldest first as far as is known
    std::size_t given = 0;    ///< posts in the row, those that do not count among them
};

inline constexpr std::size_t least_words = 5;
inline constexpr std::size_t longest_post = 2000;   ///< characters; what comes after is not looked at
inline constexpr std::size_t most_analysed = 1000;  ///< posts
inline constexpr std::size_t most_given = 10'000;   ///< posts
inline constexpr std::size_t largest_input = 5 * 1024 * 1024;  ///< bytes

/// Reads {"posts": [text or {"text", "createdAt"?}], "username"?}. Posts of fewer than five words and posts
/// whose words another one has do not count. Where there are times the posts are put into their order; one
/// without a time stays behind its neighbour. Of more than `most_analysed` as many are taken evenly, the
/// first and the last always among them.
Result<Input> read_input(std::string_view input);

/// The words of each post, as `Text` holds them.
std::vector<std::string_view> words_of(std::span<const Post> posts);

}  // namespace spotter::work::persona
