#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What people call things: words.json.
namespace spotter::work::sql::planner {

/// Which of the lists under `key` holds `word`, from 0: 2 for ("months", "march").
std::optional<std::size_t> place_in(std::string_view key, std::string_view word);

/// Where `word` stands in the list under `key`, from 0, compared by stems.
std::optional<std::size_t> rank_in(std::string_view key, std::string_view word);

/// The groups of words for one thing that a phrase is in, "customer" and "users" in the same; by its stems.
std::vector<std::size_t> synonym_groups(std::string_view phrase);

/// The stems of a phrase as one text, "sign up".
std::string joined_stems(std::string_view phrase);

/// A word that compares or ranks, and what it can be about.
struct Adjective {
    std::vector<std::string> words;    ///< phrases, "more expensive than"
    std::vector<std::string> columns;  ///< what the column may be called, the best first
    bool descending = true;            ///< towards the greater ones
};

/// The adjectives under `key`: "adjectives" ("expensive", behind "most"), "superlatives" ("cheapest") or
/// "comparatives"
/// ("cheaper than").
const std::vector<Adjective>& adjectives(std::string_view key);

}  // namespace spotter::work::sql::planner
