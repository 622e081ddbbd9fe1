#pragma once

#include <string>

#include "base/json.hpp"
#include "work/kind.hpp"

/// What is stored of an answer that passed.
namespace spotter::work::persona {

/// What an analysis rests on.
struct Basis {
    int posts_given = 0;
    int posts_analysed = 0;
    int parts = 1;  ///< asked for
    int parts_answered = 1;
};

/// The analysis without nulls, its traits under the names that we prefer, with postsGiven, postsAnalysed,
/// chunks, generatedAt and model.
std::string stored_content(json::Document answer, const Basis& basis, const Stamp& stamp);

}  // namespace spotter::work::persona
