#include "work/personality/planner.hpp"

#include <algorithm>
#include <cmath>

#include "work/personality/planner/gauges.hpp"
#include "work/personality/planner/prose.hpp"
#include "work/personality/planner/topics.hpp"
#include "work/personality/quotes.hpp"

namespace spotter::work::persona {
namespace {

struct Score {
    const TraitGauge* trait;
    double exact;  ///< 0 to 1
    int rounded;   ///< 1 to 10
};

/// The fewer words there are, the nearer to the middle: of a hundred words half is taken for chance.
std::vector<Score> scores_of(const Features& features) {
    constexpr double half_trusted = 100;
    const double trust = features.words / (features.words + half_trusted);
    std::vector<Score> out;
    for (const TraitGauge& trait : trait_gauges())
        if (auto read_off = read(trait.gauge, features)) {
            const double exact = 0.5 + (*read_off - 0.5) * trust;
            out.push_back({&trait, exact, 1 + static_cast<int>(std::lround(9 * exact))});
        }
    return out;
}

/// Where all came out alike, the exact figures say which is ahead of the others.
void tell_apart(std::vector<Score>& scores) {
    auto [least, most] = std::minmax_element(
        scores.begin(), scores.end(), [](const Score& a, const Score& b) { return a.exact < b.exact; });
    if (least->rounded != most->rounded) return;
    most->rounded < 10 ? ++most->rounded : --least->rounded;
}

std::string tone_of(const Features& features) {
    constexpr double least_in_hundred = 1, most_mixed = 65;
    if (!features.praise || *features.positive + *features.negative < least_in_hundred) return "neutral";
    if (*features.praise >= most_mixed) return "positive";
    return *features.praise <= 100 - most_mixed ? "negative" : "mixed";
}

int percent(const Gauge& gauge, const Features& features) {
    return static_cast<int>(std::lround(100 * read(gauge, features).value()));
}

/// Interests are the topics that most of their posts speak well of.
void add_topics(std::span<const Post> posts, const Corpus& corpus, Analysis& out) {
    constexpr std::size_t most = 10;
    for (Topic& topic : topics_of(posts, corpus, most)) {
        if (2 * topic.praised >= topic.posts) out.interests.push_back(topic.text);
        out.topics.push_back(std::move(topic.text));
    }
}

bool quotes_any(const Analysis& analysis, std::span<const Post> posts) {
    const std::vector<bool> quoting = quotes(texts_of(analysis), words_of(posts));
    return std::find(quoting.begin(), quoting.end(), true) != quoting.end();
}

}  // namespace

Analysis plan_analysis(std::span<const Post> posts, std::span<const Post> all) {
    const Corpus corpus = corpus_of(posts);
    const Features features = measure(posts, corpus);
    std::vector<Score> scores = scores_of(features);
    tell_apart(scores);

    Analysis out;
    for (const Score& score : scores) out.traits.push_back({std::string(score.trait->name), score.rounded});
    out.style = {percent(formality, features), percent(enthusiasm, features),
                 percent(technical_level, features), percent(emoji_usage, features)};
    out.tone = tone_of(features);
    add_topics(posts, corpus, out);

    // Somebody may have posted an analysis of ours: then what we say must be too short to repeat it.
    describe(Wording::full, features, posts, out);
    if (quotes_any(out, all)) describe(Wording::terse, features, posts, out);
    return out;
}

}  // namespace spotter::work::persona
