#include "work/exercise/planner.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>

#include "base/json.hpp"
#include "work/exercise/planner/parts.hpp"

namespace spotter::work::exercises {
namespace planner {
namespace {

/// A chapter's terms, those nearest to the difficulty first.
std::vector<const Term*> ranked(const Chapter& chapter, int difficulty, Choice& choice) {
    std::vector<const Term*> terms;
    for (const Term& term : chapter.terms) terms.push_back(&term);
    choice.shuffle(terms);
    auto distance = [&](const Term* term) { return std::abs(term->level - difficulty); };
    std::stable_sort(terms.begin(), terms.end(),
                     [&](const Term* a, const Term* b) { return distance(a) < distance(b); });
    return terms;
}

std::string quoted_or_null(std::string_view text) {
    return text.empty() ? "null" : json::quoted(text);
}

std::string note(const Assignment& assignment, const std::vector<std::string>& topics,
                 std::string_view picture_unseen) {
    std::vector<std::string> sentences;
    std::size_t unknown = assignment.coverage.unknown, asked = assignment.request.topics.size();
    if (unknown > 0)
        sentences.push_back(
            fmt::format("The built-in vocabulary has nothing on {} asked for; this exercise is about {}.",
                        asked == 1 ? "the topic" : fmt::format("{} of the {} topics", unknown, asked),
                        topics.size() == 1 ? topics.front() : topics.front() + " and more"));
    if (!picture_unseen.empty()) sentences.emplace_back(picture_unseen);
    return fmt::format("{}", fmt::join(sentences, " "));
}

}  // namespace

bool are_confusable(const Term& a, const Term& b) {
    return same_words(a.spanish, b.spanish) ||
           std::any_of(a.english.begin(), a.english.end(),
                       [&](const std::string& english) { return means(b, english); });
}

std::vector<const Chapter*> chapters_for(const Assignment& assignment, Choice& choice) {
    const Coverage& coverage = assignment.coverage;
    if (coverage.unknown == assignment.request.topics.size()) return {choice.one_of(coverage.chapters)};
    return coverage.chapters;
}

std::vector<const Term*> choose_terms(const Assignment& assignment,
                                      const std::vector<const Chapter*>& chapters, From from,
                                      std::size_t count, Choice& choice) {
    std::vector<const Term*> chosen;
    auto take_if_free = [&](const Term* term) {
        bool free = chosen.size() < count && !(from == From::pictured && term->vague) &&
                    std::none_of(
                        chosen.begin(), chosen.end(),
                        [&](const Term* other) { return are_confusable(*term, *other); });
        if (free) chosen.push_back(term);
        return free;
    };
    for (const Term* term : assignment.coverage.named)
        if (std::find(chapters.begin(), chapters.end(), term->chapter) != chapters.end()) take_if_free(term);

    std::vector<std::vector<const Term*>> lists;
    for (const Chapter* chapter : chapters)
        lists.push_back(ranked(*chapter, assignment.request.difficulty, choice));
    choice.shuffle(lists);
    for (bool any = true; any && chosen.size() < count;) {
        any = false;
        for (auto& terms : lists)
            any |= std::find_if(terms.begin(), terms.end(), take_if_free) != terms.end();
    }
    return chosen;
}

std::vector<std::string> topics_of(const std::vector<const Chapter*>& chapters) {
    std::vector<std::string> topics;
    for (const Chapter* chapter : chapters) topics.push_back(chapter->topic);
    return topics;
}

std::string metadata(const Assignment& assignment, const std::vector<std::string>& topics,
                     std::string_view translation, std::string_view picture_unseen) {
    bool any_topic =
        assignment.request.topics.empty();  // those asked for are put in when the answer is stored
    return fmt::format(R"({{"difficulty":{},"topics":{},"translation":{},"tip":null,"note":{}}})",
                       assignment.request.difficulty, any_topic ? json::quoted(topics) : std::string("null"),
                       quoted_or_null(translation), quoted_or_null(note(assignment, topics, picture_unseen)));
}

}  // namespace planner

std::string plan_exercise(const Assignment& assignment) {
    Choice choice(canonical_text(assignment.request));
    switch (assignment.request.type) {
        case Type::contextual_fill:
            return planner::fill(assignment, choice);
        case Type::term_matching:
            return planner::matching(assignment, choice);
        case Type::visual_discrimination:
            return planner::discrimination(assignment, choice);
        case Type::visual_identification:
        case Type::image_labeling:
            return planner::labelling(assignment, choice);
    }
    return planner::fill(assignment, choice);
}

}  // namespace spotter::work::exercises
