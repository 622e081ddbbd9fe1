#include "work/personality/merge.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <set>
#include <tuple>

#include "work/personality/limits.hpp"
#include "work/personality/quotes.hpp"
#include "work/personality/text.hpp"
#include "work/personality/trait_names.hpp"

namespace spotter::work::persona {
namespace {

constexpr int telling = 2;  ///< points between parts from which on they differ

/// A mean of whole numbers by whole weights, so that the order of summing does not show.
class Mean {
  public:
    void add(int value, int weight) {
        sum_ += std::int64_t{value} * weight;
        weights_ += weight;
    }
    /// Half a point counts up. Of nothing it is 0.
    int rounded() const {
        return weights_ == 0 ? 0 : static_cast<int>((2 * sum_ + weights_) / (2 * weights_));
    }
    /// How far `value` is from the mean, in parts of a point that are the same for every value.
    std::int64_t distance(int value) const { return std::abs(value * weights_ - sum_); }
    std::int64_t weights() const { return weights_; }

    /// Whether this mean is smaller, as an exact fraction.
    bool below(const Mean& other) const { return sum_ * other.weights_ < other.sum_ * weights_; }

  private:
    std::int64_t sum_ = 0, weights_ = 0;
};

/// One thing that parts tell, a trait or an interest, with what each of them says of it.
template <class T>
struct Told {
    struct Version {
        const T* item;
        int posts;
    };
    std::string key;
    Mean place;  ///< where it stands in the parts' lists; its weights are the posts
    std::vector<Version> versions;
};

/// What the parts' lists hold, those that most posts tell first; one part counts once.
template <class T, class Key>
std::vector<Told<T>> tell(const std::vector<Part>& parts, std::vector<T> Analysis::* list, Key key_of,
                          std::size_t most) {
    std::map<std::string, Told<T>> by_key;
    for (const Part& part : parts) {
        std::set<std::string> seen;
        int place = 0;
        for (const T& item : part.analysis.*list) {
            std::string key = key_of(item);
            if (!seen.insert(key).second) continue;
            Told<T>& told = by_key[key];
            told.key = key;
            told.place.add(place++, part.posts);
            told.versions.push_back({&item, part.posts});
        }
    }
    std::vector<Told<T>> out;
    for (auto& [key, told] : by_key) out.push_back(std::move(told));
    std::sort(out.begin(), out.end(), [](const Told<T>& a, const Told<T>& b) {
        if (a.place.weights() != b.place.weights()) return a.place.weights() > b.place.weights();
        if (a.place.below(b.place) || b.place.below(a.place)) return a.place.below(b.place);
        return a.key < b.key;
    });
    if (out.size() > most) out.resize(most);
    return out;
}

/// The element of `range` with the smallest `rank`.
template <class Range, class Rank>
const auto& first_by(const Range& range, Rank rank) {
    return *std::min_element(range.begin(), range.end(),
                             [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
}

Trait merged_trait(const Told<Trait>& told) {
    Mean score;
    for (const auto& version : told.versions) score.add(version.item->score, version.posts);
    const auto& nearest = first_by(told.versions, [&](const Told<Trait>::Version& version) {
        return std::make_tuple(score.distance(version.item->score), -version.posts, version.item->explanation,
                               version.item->details, version.item->name, version.item->related);
    });
    Trait out = *nearest.item;
    out.score = score.rounded();
    return out;
}

std::vector<std::string> merged_list(const std::vector<Part>& parts,
                                     std::vector<std::string> Analysis::* list) {
    std::vector<std::string> out;
    for (const auto& told : tell(parts, list, folded, limits::most_listed)) {
        const auto& spelling = first_by(told.versions, [](const Told<std::string>::Version& version) {
            return std::make_tuple(-version.posts, *version.item);
        });
        out.push_back(*spelling.item);
    }
    return out;
}

constexpr int Style::* style_figures[] = {&Style::formality, &Style::enthusiasm, &Style::technical_level,
                                          &Style::emoji_usage};

Style merged_style(const std::vector<Part>& parts) {
    Style out;
    for (int Style::* figure : style_figures) {
        Mean mean;
        for (const Part& part : parts) mean.add(part.analysis.style.*figure, part.posts);
        out.*figure = mean.rounded();
    }
    const Part& nearest = first_by(parts, [&](const Part& part) {
        int distance = 0;
        for (int Style::* figure : style_figures)
            distance += std::abs(part.analysis.style.*figure - out.*figure);
        return std::make_tuple(distance, -part.posts, part.analysis.style.description);
    });
    out.description = nearest.analysis.style.description;
    return out;
}

std::string merged_tone(const std::vector<Part>& parts) {
    std::map<std::string, int> posts;
    for (const Part& part : parts) posts[part.analysis.tone] += part.posts;
    using Count = std::pair<const std::string, int>;
    auto most = std::max_element(posts.begin(), posts.end(),
                                 [](const Count& a, const Count& b) { return a.second < b.second; });
    auto as_many = [&](const Count& tone) { return tone.second == most->second; };
    return std::count_if(posts.begin(), posts.end(), as_many) > 1 ? "mixed" : most->first;
}

/// The summary of the part whose scores are nearest to the merged ones, by the mean over the traits it tells.
const std::string& nearest_summary(const std::vector<Part>& parts, const std::vector<Trait>& traits) {
    std::map<std::string, int> scores;
    for (const Trait& trait : traits) scores.emplace(trait_key(trait.name), trait.score);
    const Part& nearest = first_by(parts, [&](const Part& part) {
        int distance = 0, told = 0;
        for (const Trait& trait : part.analysis.traits)
            if (auto score = scores.find(trait_key(trait.name)); score != scores.end()) {
                distance += std::abs(trait.score - score->second);
                ++told;
            }
        const double mean = told == 0 ? limits::most_score : static_cast<double>(distance) / told;
        return std::make_tuple(mean, -part.posts, part.analysis.summary);
    });
    return nearest.analysis.summary;
}

struct Spread {
    std::string_view name;
    int least = 0;
    int most = 0;
};

/// "Across the parts of the posts, Humor ranges from 3 to 8." for the three widest; empty where none is wide.
std::string differences(const std::vector<Told<Trait>>& told, const std::vector<Trait>& traits) {
    constexpr std::size_t most_named = 3;
    std::vector<Spread> wide;
    for (std::size_t i = 0; i < told.size(); ++i) {
        Spread spread{traits[i].name, limits::most_score, limits::least_score};
        for (const auto& version : told[i].versions) {
            spread.least = std::min(spread.least, version.item->score);
            spread.most = std::max(spread.most, version.item->score);
        }
        if (spread.most - spread.least >= telling) wide.push_back(spread);
    }
    std::sort(wide.begin(), wide.end(), [](const Spread& a, const Spread& b) {
        return std::make_tuple(b.most - b.least, a.name) < std::make_tuple(a.most - a.least, b.name);
    });
    if (wide.size() > most_named) wide.resize(most_named);
    if (wide.empty()) return "";
    std::vector<std::string> texts;
    for (const Spread& spread : wide)
        texts.push_back(fmt::format("{} ranges from {} to {}", spread.name, spread.least, spread.most));
    return fmt::format(" Across the parts of the posts, {}.", fmt::join(texts, "; "));
}

}  // namespace

Analysis merge(const std::vector<Part>& parts, std::span<const Post> posts) {
    const auto told = tell(
        parts, &Analysis::traits, [](const Trait& trait) { return trait_key(trait.name); },
        limits::most_traits);
    Analysis out;
    for (const auto& trait : told) out.traits.push_back(merged_trait(trait));
    out.summary = nearest_summary(parts, out.traits);
    const std::string longer = out.summary + differences(told, out.traits);
    const Said said[] = {{"/summary", longer}};
    if (!quotes(said, words_of(posts)).front()) out.summary = longer;
    out.interests = merged_list(parts, &Analysis::interests);
    out.style = merged_style(parts);
    out.topics = merged_list(parts, &Analysis::topics);
    out.tone = merged_tone(parts);
    return out;
}

}  // namespace spotter::work::persona
