#include "work/exercise/topics.hpp"

#include <algorithm>

#include "work/words.hpp"

namespace spotter::work::exercises {
namespace {

template <class T>
void add(std::vector<const T*>& list, const T* item) {
    if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

std::vector<const Chapter*> chapters_where(auto holds) {
    std::vector<const Chapter*> out;
    for (const Chapter& chapter : vocabulary())
        if (std::any_of(chapter.names.begin(), chapter.names.end(), holds)) out.push_back(&chapter);
    return out;
}

std::vector<const Term*> terms_named(std::string_view topic) {
    std::vector<const Term*> named = in_spanish(topic);
    for (const Term* term : in_english(topic)) add(named, term);
    if (named.empty()) named = in_spanish_plural(topic);
    if (named.empty() && topic.ends_with('s')) named = in_english(topic.substr(0, topic.size() - 1));
    return named;
}

bool add_topic(Coverage& coverage, const std::string& topic) {
    const std::string folded = words(topic);
    auto chapters = chapters_where([&](const std::string& name) { return name == folded; });
    if (chapters.empty()) {
        for (const Term* term : terms_named(topic)) {
            add(coverage.named, term);
            add(chapters, term->chapter);
        }
    }
    if (chapters.empty())
        chapters = chapters_where([&](const std::string& name) { return folded.find(name) != folded.npos; });
    for (const Chapter* chapter : chapters) add(coverage.chapters, chapter);
    return !chapters.empty();
}

}  // namespace

Coverage coverage_of(const std::vector<std::string>& topics) {
    Coverage coverage;
    for (const std::string& topic : topics)
        if (!add_topic(coverage, topic)) ++coverage.unknown;
    if (coverage.chapters.empty())
        coverage.chapters = chapters_where([](const std::string&) { return true; });
    return coverage;
}

std::vector<const Term*> terms_within(std::string_view text) {
    const std::string folded = words(text);
    auto stands = [&](std::string_view phrase) { return has_phrase(folded, trimmed(words(phrase))); };
    std::vector<const Term*> found;
    for (const Chapter& chapter : vocabulary())
        for (const Term& term : chapter.terms)
            if (stands(term.spanish) || std::any_of(term.english.begin(), term.english.end(), stands))
                found.push_back(&term);
    return found;
}

}  // namespace spotter::work::exercises
