#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "work/personality/limits.hpp"
#include "work/personality/rules/all.hpp"
#include "work/personality/trait_names.hpp"
#include "work/words.hpp"

namespace spotter::work::persona::rule {
namespace {

using namespace limits;

void at_most(std::size_t most, std::string_view text, std::string path, Findings& out) {
    if (characters(text) > most)
        out.reject(std::move(path), fmt::format("is longer than {} characters", most));
}

void list_bounds(const std::vector<std::string>& list, std::size_t most, std::size_t longest,
                 std::string_view path, Findings& out) {
    if (list.size() > most) out.reject(std::string(path), fmt::format("lists more than {}", most));
    for (std::size_t i = 0; i < list.size(); ++i)
        at_most(longest, list[i], fmt::format("{}/{}", path, i), out);
}

void figure(int value, std::string_view name, Findings& out) {
    if (value < 0 || value > most_style)
        out.reject(fmt::format("/communicationStyle/{}", name),
                   fmt::format("must be an integer from 0 to {}", most_style));
}

}  // namespace

void bounds(const Subject& subject, Findings& out) {
    const Analysis& analysis = subject.analysis;
    at_most(longest_summary + (subject.merged ? longest_differences : 0), analysis.summary, "/summary", out);
    at_most(longest_description, analysis.style.description, "/communicationStyle/description", out);
    list_bounds(analysis.interests, most_listed, longest_item, "/interests", out);
    list_bounds(analysis.topics, most_listed, longest_item, "/topicsAndThemes", out);
    if (analysis.traits.size() > most_traits)
        return out.reject("/traits", fmt::format("lists more than {}", most_traits));
    for (std::size_t i = 0; i < analysis.traits.size(); ++i) {
        const Trait& trait = analysis.traits[i];
        const std::string path = fmt::format("/traits/{}", i);
        at_most(longest_name, trait.name, path + "/name", out);
        at_most(longest_explanation, trait.explanation, path + "/explanation", out);
        at_most(longest_details, trait.details, path + "/details", out);
        list_bounds(trait.related, most_related, longest_name, path + "/relatedTraits", out);
    }
}

void enough_traits(const Subject& subject, Findings& out) {
    const std::size_t count = subject.analysis.traits.size();
    if (count < least_traits)
        out.reject("/traits", fmt::format("lists {} traits; list {} to {} that the posts show", count,
                                          least_traits, most_traits));
}

void trait_names(const Subject& subject, Findings& out) {
    std::map<std::string, std::size_t> first;
    const auto& traits = subject.analysis.traits;
    for (std::size_t i = 0; i < traits.size(); ++i) {
        const std::string path = fmt::format("/traits/{}/name", i), key = trait_key(traits[i].name);
        auto [known, is_new] = first.try_emplace(key, i);
        if (key == " ")
            out.reject(path, "is no name");
        else if (!is_new)
            out.reject(path, fmt::format("names the same trait as /traits/{}; tell it once", known->second));
    }
}

void trait_scores(const Subject& subject, Findings& out) {
    const auto& traits = subject.analysis.traits;
    for (std::size_t i = 0; i < traits.size(); ++i)
        if (traits[i].score < least_score || traits[i].score > most_score)
            out.reject(fmt::format("/traits/{}/score", i),
                       fmt::format("must be an integer from {} to {}", least_score, most_score));
}

void scores_differ(const Subject& subject, Findings& out) {
    const auto& traits = subject.analysis.traits;
    // Means of parts may meet; what each part said has been looked at.
    if (subject.merged || traits.size() < 2) return;
    auto same = [&](const Trait& trait) { return trait.score == traits[0].score; };
    if (std::all_of(traits.begin(), traits.end(), same))
        out.reject("/traits", fmt::format("every score is {}; score what stands out and what does not",
                                          traits[0].score));
}

void style_figures(const Subject& subject, Findings& out) {
    const Style& style = subject.analysis.style;
    figure(style.formality, "formality", out);
    figure(style.enthusiasm, "enthusiasm", out);
    figure(style.technical_level, "technicalLevel", out);
    figure(style.emoji_usage, "emojiUsage", out);
}

}  // namespace spotter::work::persona::rule
