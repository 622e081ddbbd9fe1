#pragma once

#include <array>
#include <cstddef>

/// The thresholds of an exercise, in one place: rules judge by them, the prompt tells them, the planner keeps
/// to them.
namespace spotter::work::exercises {

inline constexpr int least_difficulty = 1;
inline constexpr int most_difficulty = 5;
inline constexpr std::size_t most_topics = 20;
inline constexpr std::size_t longest_topic = 100;  ///< characters
inline constexpr std::size_t longest_url = 2048;   ///< bytes

struct Limits {
    std::size_t longest_text = 400;  ///< characters, of any text in an answer
    std::size_t longest_term = 60;   ///< characters, of a word to learn
    std::size_t most_items = 20;     ///< of any list in an answer

    // Right at every tier.
    std::size_t least_options = 2;  ///< to choose from in a sentence
    std::size_t least_pairs = 3;
    std::size_t least_pictures = 3;  ///< to choose from
    std::size_t least_labels = 3;
    std::size_t least_words = 3;    ///< of a sentence around its blank
    double least_distance = 0.06;   ///< between two labels, of the picture's width and height
    double label_tolerance = 0.05;  ///< how far from a part of a picture that we know its label may be

    // How much there is to do, by difficulty 1 to 5.
    std::array<std::size_t, 5> options = {3, 4, 4, 5, 6};
    std::array<std::size_t, 5> pairs = {3, 4, 5, 6, 8};
    std::array<std::size_t, 5> labels = {3, 4, 5, 6, 7};

    /// The entry of one of these tables for a difficulty from 1 to 5.
    static std::size_t at(const std::array<std::size_t, 5>& table, int difficulty) {
        return table.at(static_cast<std::size_t>(difficulty - least_difficulty));
    }
};

inline constexpr Limits limits;

}  // namespace spotter::work::exercises
