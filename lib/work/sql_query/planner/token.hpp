#pragma once

#include <string>
#include <string_view>
#include <vector>

/// A question's words.
namespace spotter::work::sql::planner {

struct Token {
    enum Kind { word, quoted, number, date };
    Kind kind = word;
    std::string said;  ///< as it is written, without quotes; of a number only its digits, "1200.5"
    std::string text;  ///< a word in small letters without accents, "created_at"; a sign such as ">=" or ","
    std::string stem;  ///< of a word
    bool capital = false;  ///< written with a capital letter
};

/// Words, quoted texts ("…", '…', “…”, «…»), numbers (1,200 and 3k), dates (2024-01-31) and the signs that
/// compare. A possessive "'s" is dropped, as are other signs but the comma. Never fails.
std::vector<Token> tokens_of(std::string_view question);

}  // namespace spotter::work::sql::planner
