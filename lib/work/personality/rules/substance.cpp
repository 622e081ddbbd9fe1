#include <fmt/format.h>

#include <map>

#include "work/personality/limits.hpp"
#include "work/personality/prompt.hpp"
#include "work/personality/quotes.hpp"
#include "work/personality/rules/all.hpp"
#include "work/words.hpp"

namespace spotter::work::persona::rule {
namespace {

using namespace limits;

void at_least(std::size_t least, std::string_view text, std::string path, std::string_view wanted,
              Findings& out) {
    if (characters(text) < least)
        out.reject(std::move(path), fmt::format("needs at least {} characters: {}", least, wanted));
}

void distinct(const std::vector<std::string>& list, std::string_view path, Findings& out) {
    std::map<std::string, std::size_t> first;
    for (std::size_t i = 0; i < list.size(); ++i) {
        std::string key = folded(list[i]);
        auto [known, is_new] = first.try_emplace(key, i);
        if (key.empty())
            out.reject(fmt::format("{}/{}", path, i), "is empty");
        else if (!is_new)
            out.reject(fmt::format("{}/{}", path, i),
                       fmt::format("stands at {}/{} already", path, known->second));
    }
}

}  // namespace

void summary(const Subject& subject, Findings& out) {
    at_least(least_summary, subject.analysis.summary, "/summary", "what stands out in these posts", out);
}

void explanations(const Subject& subject, Findings& out) {
    const auto& traits = subject.analysis.traits;
    for (std::size_t i = 0; i < traits.size(); ++i)
        at_least(least_explanation, traits[i].explanation, fmt::format("/traits/{}/explanation", i),
                 "what in the posts shows the trait", out);
}

void style_description(const Subject& subject, Findings& out) {
    at_least(least_explanation, subject.analysis.style.description, "/communicationStyle/description",
             "how these posts are written", out);
}

void interests(const Subject& subject, Findings& out) {
    distinct(subject.analysis.interests, "/interests", out);
}

void topics(const Subject& subject, Findings& out) {
    distinct(subject.analysis.topics, "/topicsAndThemes", out);
}

void own_words(const Subject& subject, Findings& out) {
    static const std::string instructions = read_text(instructions_text()).words;
    const std::string_view sources[] = {instructions};
    const std::vector<bool> copied = quotes(subject.said, sources);
    for (std::size_t i = 0; i < copied.size(); ++i)
        if (copied[i])
            out.reject(subject.said[i].path, "repeats the instructions; say what these posts show instead");
}

}  // namespace spotter::work::persona::rule
