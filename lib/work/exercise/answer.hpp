#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "work/answer_schema.hpp"
#include "work/exercise/input.hpp"
#include "work/exercise/picture.hpp"

/// An answer as a model is asked for it, read into what rules look at.
namespace spotter::work::exercises {

/// The schema of a type's answers.
const AnswerSchema& schema_of(Type type);

struct Fill {
    std::string sentence;
    std::string answer;
    std::vector<std::string> options;
    std::vector<std::string> hints;  ///< what else the learner sees before answering
};

struct Pair {
    std::string spanish;
    std::string english;
};

struct Matching {
    std::vector<std::string> spanish;
    std::vector<std::string> english;
    std::vector<Pair> pairs;
};

struct Discrimination {
    std::string target;                ///< Spanish
    std::vector<std::string> species;  ///< English names of what the pictures show
    std::string correct;
};

struct Label {
    std::string term;
    Place place;
};

struct Labelling {
    std::string prompt;
    std::string target;  ///< of visual_identification; empty otherwise
    std::vector<Label> labels;
};

/// Each reads an answer that its type's schema has let pass.
Fill read_fill(const json::Value& answer);
Matching read_matching(const json::Value& answer);
Discrimination read_discrimination(const json::Value& answer);
Labelling read_labelling(const json::Value& answer);

}  // namespace spotter::work::exercises
