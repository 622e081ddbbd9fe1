#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/json.hpp"
#include "work/exercise/limits.hpp"
#include "work/exercise/planner/parts.hpp"

namespace spotter::work::exercises::planner {

std::string matching(const Assignment& assignment, Choice& choice) {
    auto chapters = chapters_for(assignment, choice);
    auto terms = choose_terms(assignment, chapters, From::all,
                              Limits::at(limits.pairs, assignment.request.difficulty), choice);
    std::vector<std::string> spanish, english, pairs;
    for (const Term* term : terms) {
        spanish.push_back(term->shown());
        english.push_back(term->english.front());
        pairs.push_back(fmt::format(R"({{"spanish":{},"english":{}}})", json::quoted(spanish.back()),
                                    json::quoted(english.back())));
    }
    const std::vector<std::string> in_step = english;
    choice.shuffle(english);
    if (english == in_step) std::rotate(english.begin(), english.begin() + 1, english.end());
    return fmt::format(
        R"({{"type":"term_matching","instructions":"Match each Spanish term with its English meaning.",)"
        R"("prompt":null,"spanishTerms":{},"englishTerms":{},"correctPairs":[{}],"metadata":{}}})",
        json::quoted(spanish), json::quoted(english), fmt::join(pairs, ","),
        metadata(assignment, topics_of(chapters), ""));
}

}  // namespace spotter::work::exercises::planner
