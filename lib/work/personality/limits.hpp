#pragma once

#include <cstddef>

/// What an analysis keeps to: the rules judge by it, and the schema's descriptions tell the same numbers.
namespace spotter::work::persona::limits {

inline constexpr std::size_t least_traits = 3;
inline constexpr std::size_t most_traits = 12;
inline constexpr int least_score = 1;
inline constexpr int most_score = 10;
inline constexpr int most_style = 100;
inline constexpr std::size_t most_listed = 20;  ///< interests, topics
inline constexpr std::size_t most_related = 6;

// Characters.
inline constexpr std::size_t least_summary = 60;
inline constexpr std::size_t longest_summary = 1200;
inline constexpr std::size_t longest_differences = 400;  ///< what merging adds to a summary
inline constexpr std::size_t least_explanation = 20;
inline constexpr std::size_t longest_explanation = 600;
inline constexpr std::size_t longest_details = 1000;
inline constexpr std::size_t longest_description = 600;
inline constexpr std::size_t longest_name = 60;
inline constexpr std::size_t longest_item = 80;  ///< an interest, a topic

}  // namespace spotter::work::persona::limits
