#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>

#include "base/json.hpp"
#include "work/exercise/limits.hpp"
#include "work/exercise/planner/parts.hpp"

namespace spotter::work::exercises::planner {
namespace {

/// How far a part's word is from the difficulty; -1 for one that was named.
int rank(const Part& part, const Assignment& assignment) {
    const auto& named = assignment.coverage.named;
    if (std::any_of(named.begin(), named.end(),
                    [&](const Term* term) { return same_term(term->spanish, part.term); }))
        return -1;
    return std::abs(in_spanish(part.term).front()->level - assignment.request.difficulty);
}

/// The parts that suit best, the very best first.
std::vector<const Part*> choose_parts(const Assignment& assignment, Choice& choice) {
    std::vector<const Part*> parts;
    for (const Part& part : assignment.picture.typical->parts) parts.push_back(&part);
    choice.shuffle(parts);
    std::stable_sort(parts.begin(), parts.end(), [&](const Part* a, const Part* b) {
        return rank(*a, assignment) < rank(*b, assignment);
    });
    parts.resize(Limits::at(limits.labels, assignment.request.difficulty));
    return parts;
}

std::string assumption(const Picture& picture) {
    return picture.map
               ? ""
               : fmt::format("The picture has not been seen; the positions are those of {}. Check them.",
                             picture.typical->shows);
}

std::string labels(const std::vector<const Part*>& parts) {
    std::vector<std::string> out;
    for (const Part* part : parts)
        out.push_back(fmt::format(R"({{"term":{},"correctPosition":{{"x":{},"y":{}}}}})",
                                  json::quoted(part->term), part->place.x, part->place.y));
    return fmt::format("[{}]", fmt::join(out, ","));
}

/// What stands at the beginning of visual_identification: its target is the part that suits best.
std::string question(const Part& target) {
    return fmt::format(
        R"("type":"visual_identification","instructions":"Point at what the Spanish term names in the picture.",)"
        R"("prompt":{0},"targetTerm":{0})",
        json::quoted(target.term));
}

constexpr std::string_view task =
    R"("type":"image_labeling","instructions":"Put each Spanish term where it belongs in the picture.","prompt":null)";

}  // namespace

std::string labelling(const Assignment& assignment, Choice& choice) {
    auto parts = choose_parts(assignment, choice);
    const Part& target = *parts.front();
    const Term& term = *in_spanish(target.term).front();
    bool identify = assignment.request.type == Type::visual_identification;
    choice.shuffle(parts);
    return fmt::format(
        R"({{{},"labels":{},"metadata":{}}})", identify ? question(target) : std::string(task), labels(parts),
        metadata(assignment, assignment.picture.typical->topics,
                 identify ? term.english.front() : std::string(), assumption(assignment.picture)));
}

}  // namespace spotter::work::exercises::planner
