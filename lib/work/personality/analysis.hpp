#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

/// A personality analysis as code reads it.
namespace spotter::work::persona {

struct Trait {
    std::string name;
    int score = 0;  ///< 1 to 10
    std::string explanation;
    std::string details;  ///< may be empty
    std::vector<std::string> related;
};

/// Figures from 0 to 100.
struct Style {
    int formality = 0;
    int enthusiasm = 0;
    int technical_level = 0;
    int emoji_usage = 0;
    std::string description;
};

struct Analysis {
    std::string summary;
    std::vector<Trait> traits;
    std::vector<std::string> interests;
    Style style;
    std::vector<std::string> topics;
    std::string tone;  ///< positive, negative, mixed or neutral
};

/// What a merged analysis rests on.
struct Coverage {
    int parts = 0;     ///< that the posts were divided into
    int answered = 0;  ///< of them, those with a valid answer
    int posts = 0;     ///< in the parts that were answered
};

/// Something that an analysis says in words, and where: "/traits/0/explanation".
struct Said {
    std::string path;
    std::string_view text;
};

/// Everything in words that `analysis` says; views into it.
std::vector<Said> texts_of(const Analysis& analysis);

/// Reads what matches the schema.
Analysis read_analysis(const json::Value& answer);

/// nullopt where the answer says nothing of it, as a model's does.
std::optional<Coverage> read_coverage(const json::Value& answer);

/// JSON in the shape that the schema asks for; what is empty and may be null is null.
std::string write_answer(const Analysis& analysis, const std::optional<Coverage>& coverage = {});

}  // namespace spotter::work::persona
