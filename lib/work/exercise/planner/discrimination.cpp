#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/json.hpp"
#include "work/exercise/limits.hpp"
#include "work/exercise/planner/parts.hpp"

namespace spotter::work::exercises::planner {
namespace {

/// The word that the row's own picture is taken to show: the longest in its address; nullptr where there is
/// none.
const Term* shown_by(const Request& request) {
    if (!request.image_url) return nullptr;
    auto terms = terms_within(*request.image_url);
    auto longest = std::max_element(terms.begin(), terms.end(), [](const Term* a, const Term* b) {
        return a->spanish.size() < b->spanish.size();
    });
    return longest == terms.end() ? nullptr : *longest;
}

bool are_related(const Chapter& a, const Chapter& b) {
    return std::any_of(a.names.begin(), a.names.end(), [&](const std::string& name) {
        return std::find(b.names.begin(), b.names.end(), name) != b.names.end();
    });
}

/// Where the other pictures come from: the target's own chapter, so that they are of one sort; but for a
/// target as vague as "bird" one that has nothing to do with it.
std::vector<const Chapter*> others_of(const Term& target, Choice& choice) {
    if (!target.vague) return {target.chapter};
    std::vector<const Chapter*> unrelated;
    for (const Chapter& chapter : vocabulary())
        if (!are_related(chapter, *target.chapter)) unrelated.push_back(&chapter);
    return {choice.one_of(unrelated)};
}

/// The target, and after it the others.
std::vector<const Term*> choose(const Assignment& assignment, Choice& choice) {
    std::size_t count = Limits::at(limits.options, assignment.request.difficulty);
    const Term* target = shown_by(assignment.request);
    if (!target)
        target =
            choose_terms(assignment, chapters_for(assignment, choice), From::pictured, 1, choice).front();
    std::vector<const Term*> terms = {target};
    // One may be the target itself or confusable with it, hence a few more than are needed.
    for (const Term* term :
         choose_terms(assignment, others_of(*target, choice), From::pictured, count + 2, choice))
        if (terms.size() < count && !are_confusable(*term, *target)) terms.push_back(term);
    return terms;
}

std::string assumption(const Request& request, const Term& target) {
    if (!request.image_url) return "";
    return fmt::format("The picture has not been seen; it is taken to show {} ({}). Check that.",
                       target.shown(), target.english.front());
}

}  // namespace

std::string discrimination(const Assignment& assignment, Choice& choice) {
    auto terms = choose(assignment, choice);
    const Term& target = *terms.front();
    choice.shuffle(terms);
    std::vector<std::string> options;
    for (const Term* term : terms)
        options.push_back(fmt::format(R"({{"species":{}}})", json::quoted(term->english.front())));
    return fmt::format(
        R"({{"type":"visual_discrimination","instructions":"Choose the picture that shows the Spanish term.",)"
        R"("prompt":{0},"targetTerm":{0},"options":[{1}],"correctSpecies":{2},"metadata":{3}}})",
        json::quoted(target.shown()), fmt::join(options, ","), json::quoted(target.english.front()),
        metadata(assignment, {target.chapter->topic}, target.english.front(),
                 assumption(assignment.request, target)));
}

}  // namespace spotter::work::exercises::planner
