#include "work/personality/planner/prose.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "work/personality/planner/gauges.hpp"

namespace spotter::work::persona {
namespace {

const Gauge& gauge_of(const Trait& trait) {
    auto gauges = trait_gauges();
    return std::find_if(gauges.begin(), gauges.end(),
                        [&](const TraitGauge& gauge) { return gauge.name == trait.name; })
        ->gauge;
}

void explain(Wording wording, const Features& features, Trait& trait) {
    const std::vector<std::string> figures = clauses(gauge_of(trait), features);
    if (wording == Wording::terse) {
        trait.explanation = figures.front() + ".";
        trait.details.clear();
        return;
    }
    trait.explanation = fmt::format("Measured: {}.", fmt::join(figures, "; "));
    trait.details = fmt::format("The score {}.", fmt::join(workings(gauge_of(trait), features), "; "));
}

std::string scored(const Trait& trait) {
    return fmt::format("{} ({} of 10)", trait.name, trait.score);
}

std::string summary_of(const Features& features, const Analysis& analysis) {
    auto [least, most] =
        std::minmax_element(analysis.traits.begin(), analysis.traits.end(),
                            [](const Trait& a, const Trait& b) { return a.score < b.score; });
    std::string out = fmt::format(
        "Measured by counting words and marks, {:.1f} words a post: it tells how the posts are written, not "
        "what "
        "they mean. Highest is {}, lowest {}.",
        *features.words_a_post, scored(*most), scored(*least));
    constexpr double few_words = 300;
    if (features.words < few_words) out += " With so few words every score stays near the middle.";
    if (!features.positive)
        out +=
            " Their language is neither English nor Spanish, so mood, topics and some traits are left out.";
    return out;
}

/// When posts are written, of those that say so.
std::string rhythm_of(std::span<const Post> posts) {
    constexpr std::array<std::string_view, 4> parts = {"at night", "in the morning", "in the afternoon",
                                                       "in the evening"};
    std::array<int, 4> written{};
    int dated = 0, weekend = 0;
    for (const Post& post : posts) {
        if (!post.written || !post.written->hour) continue;
        const int hour = *post.written->hour;
        ++written.at(hour < 5 ? 0 : hour < 12 ? 1 : hour < 18 ? 2 : 3);
        ++dated;
        weekend += post.written->weekend;
    }
    if (dated == 0) return "";
    const auto most = std::max_element(written.begin(), written.end());
    return fmt::format(" Posts with a time: {}; {}, the commonest time, {}; at weekends {}.", dated,
                       parts.at(static_cast<std::size_t>(most - written.begin())), *most, weekend);
}

}  // namespace

void describe(Wording wording, const Features& features, std::span<const Post> posts, Analysis& analysis) {
    for (Trait& trait : analysis.traits) explain(wording, features, trait);
    if (wording == Wording::terse) {
        analysis.summary = "Writing style measured automatically; underlying meaning not understood.";
        analysis.style.description =
            fmt::format("{:.1f} words a sentence on average.", *features.words_a_sentence);
        return;
    }
    analysis.summary = summary_of(features, analysis);
    analysis.style.description = fmt::format(
        "{:.1f} words a post, {:.1f} a sentence; {:.1f} exclamation marks, {:.1f} question marks and {:.1f} "
        "emoji a post.{}",
        *features.words_a_post, *features.words_a_sentence, *features.exclamations, *features.questions,
        *features.emoji, rhythm_of(posts));
}

}  // namespace spotter::work::persona
