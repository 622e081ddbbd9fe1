#include "work/personality/merge.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "personality_fixture.hpp"
#include "property.hpp"
#include "work/personality/limits.hpp"
#include "work/personality/rules.hpp"
#include "work/personality/trait_names.hpp"

namespace personality_merge_test {

using namespace spotter::work;
using namespace spotter::work::persona;

namespace {

/// A part's analysis with these scores, and texts that name it.
Part part(std::string name, int posts, std::vector<std::pair<std::string, int>> scores) {
    Part out{fixture::analysis(), posts};
    out.analysis.summary =
        fmt::format("A summary of what the part called {} shows, in a sentence or two of its own.", name);
    out.analysis.traits.clear();
    for (auto& [trait, score] : scores) {
        out.analysis.traits.push_back(fixture::trait(std::move(trait), score));
        out.analysis.traits.back().explanation += " So says " + name + ".";
    }
    return out;
}

Analysis merged_of(const std::vector<Part>& parts) {
    return merge(parts, {});
}

const Trait& trait_of(const Analysis& analysis, std::string_view name) {
    for (const Trait& trait : analysis.traits)
        if (trait.name == name) return trait;
    throw std::logic_error(fmt::format("no trait {}", name));
}

/// A part as a model might answer it: valid at the full tier.
Part random_part(fixture::Posts& random) {
    const auto known = known_traits();
    Part out{fixture::analysis(), 1 + random.below(50)};
    out.analysis.traits.clear();
    std::vector<std::string> names(known.begin(), known.end());
    for (int i = 0; i < 10; ++i) names.push_back(fmt::format("Trait {}", i));
    for (std::size_t i = names.size(); i > 1; --i)
        std::swap(names[i - 1], names[static_cast<std::size_t>(random.below(static_cast<int>(i)))]);
    const int count = 3 + random.below(10);
    for (int i = 0; i < count; ++i)
        out.analysis.traits.push_back(
            fixture::trait(names[static_cast<std::size_t>(i)], i == 0 ? 1 : 2 + random.below(9)));
    for (auto* list : {&out.analysis.interests, &out.analysis.topics}) {
        list->clear();
        for (int i = 0; i < 20; ++i)
            if (random.below(2) == 0)
                list->push_back(fmt::format("{} {}", random.below(2) ? "Thing" : "thing", i));
    }
    out.analysis.style = {random.below(101), random.below(101), random.below(101), random.below(101),
                          fmt::format("A style that has the number {}.", random.below(1000))};
    out.analysis.summary += fmt::format(" Number {}.", random.below(1000));
    const char* tones[] = {"positive", "negative", "mixed", "neutral"};
    out.analysis.tone = tones[random.below(4)];
    return out;
}

}  // namespace

TEST_CASE("one part merges to itself") {
    fixture::Posts random(7);
    for (int run = 0; run < 100; ++run) {
        Part one = random_part(random);
        CHECK(write_answer(merged_of({one})) == write_answer(one.analysis));
    }
}

TEST_CASE("scores are means by posts, rounded half up") {
    Analysis merged = merged_of({part("a", 30, {{"Humor", 8}, {"Openness", 3}, {"Optimism", 5}}),
                                 part("b", 10, {{"Humor", 4}, {"Openness", 4}, {"Optimism", 7}})});
    CHECK(trait_of(merged, "Humor").score == 7);
    CHECK(trait_of(merged, "Openness").score == 3);
    CHECK(trait_of(merged, "Optimism").score == 6);
}

TEST_CASE("names of one trait are one trait") {
    Analysis merged =
        merged_of({part("a", 10, {{"Openness", 8}, {"Humor", 4}, {"Zest", 5}}),
                   part("b", 10, {{"openness to experience", 6}, {"Sense of Humour", 4}, {"ZEST", 7}})});
    CHECK(merged.traits.size() == 3);
    CHECK(merged.traits[0].score == 7);
}

TEST_CASE("the texts of a trait are those of the part nearest to the mean, and of ties the larger one's") {
    Analysis merged = merged_of(
        {part("a", 10, {{"Humor", 2}}), part("b", 10, {{"Humor", 6}}), part("c", 10, {{"Humor", 9}})});
    CHECK(merged.traits[0].score == 6);
    CHECK(merged.traits[0].explanation.ends_with("So says b."));
    merged = merged_of({part("a", 10, {{"Humor", 6}}), part("b", 12, {{"Humor", 6}})});
    CHECK(merged.traits[0].explanation.ends_with("So says b."));
}

TEST_CASE("traits that most posts show come first, and no more than twelve stay") {
    std::vector<std::pair<std::string, int>> many;
    for (char c = 'a'; c < 'm'; ++c) many.emplace_back(std::string(4, c), 5);
    Analysis merged =
        merged_of({part("a", 10, many), part("b", 11, {{"Humor", 2}, {"Openness", 4}, {"aaaa", 6}})});
    REQUIRE(merged.traits.size() == limits::most_traits);
    CHECK(merged.traits[0].name == "aaaa");
    CHECK(merged.traits[1].name == "Humor");
    CHECK(merged.traits[2].name == "Openness");
    CHECK(merged.traits[3].name == "bbbb");
}

TEST_CASE("interests and topics go by how many posts stand behind them") {
    Part a = part("a", 10, {{"Humor", 5}}), b = part("b", 20, {{"Humor", 5}});
    a.analysis.interests = {"Maps", "cycling"};
    b.analysis.interests = {"chess", "CYCLING"};
    CHECK(merged_of({a, b}).interests == std::vector<std::string>{"CYCLING", "chess", "Maps"});
}

TEST_CASE("style figures are means, and the description is that of the part nearest to them") {
    Part a = part("a", 10, {{"Humor", 5}}), b = part("b", 30, {{"Humor", 5}});
    a.analysis.style = {0, 10, 20, 30, "Style of the smaller part."};
    b.analysis.style = {40, 50, 60, 70, "Style of the larger part."};
    Style style = merged_of({a, b}).style;
    CHECK(style.formality == 30);
    CHECK(style.enthusiasm == 40);
    CHECK(style.technical_level == 50);
    CHECK(style.emoji_usage == 60);
    CHECK(style.description == "Style of the larger part.");
}

TEST_CASE("the tone is that of most posts, and mixed when two have as many") {
    Part a = part("a", 10, {{"Humor", 5}}), b = part("b", 20, {{"Humor", 5}}),
         c = part("c", 10, {{"Humor", 5}});
    a.analysis.tone = "positive", b.analysis.tone = "negative", c.analysis.tone = "positive";
    CHECK(merged_of({a, b}).tone == "negative");
    CHECK(merged_of({a, c}).tone == "positive");
    CHECK(merged_of({a, b, c}).tone == "mixed");
}

TEST_CASE("the summary is the most typical part's, and says what differs") {
    Analysis merged = merged_of({part("odd", 20, {{"Humor", 2}, {"Openness", 9}, {"Zest", 5}}),
                                 part("usual", 10, {{"Humor", 7}, {"Openness", 6}, {"Zest", 5}}),
                                 part("other", 20, {{"Humor", 9}, {"Openness", 5}, {"Zest", 6}})});
    CHECK(merged.summary ==
          "A summary of what the part called usual shows, in a sentence or two of its own. "
          "Across the parts of the posts, Humor ranges from 2 to 9; Openness ranges from 5 to 9.");
    CHECK(merged_of({part("a", 1, {{"Humor", 2}}), part("a", 1, {{"Humor", 3}})})
              .summary.ends_with("its own."));
}

TEST_CASE("what differs is not said where somebody has posted those very words") {
    const std::vector<Part> parts = {part("a", 10, {{"Humor", 2}}), part("b", 10, {{"Humor", 9}})};
    const std::string said = merged_of(parts).summary;
    CHECK(said.ends_with("Across the parts of the posts, Humor ranges from 2 to 9."));
    const Input input =
        fixture::input({"They say of me: across the parts of the posts, humor ranges from 2 to 9"});
    CHECK(merge(parts, input.posts).summary.ends_with("its own."));
}

TEST_CASE("whatever the parts say, merging keeps to what they say and to the rules, in any order") {
    const unsigned seed = property_seed();
    const int runs = property_runs(50, 1000);
    MESSAGE("seed " << seed << ", " << runs << " sets of parts");
    fixture::Posts random(seed);
    const Input input = fixture::input({"Nothing of what the parts say stands in here."});
    for (int run = 0; run < runs; ++run) {
        CAPTURE(run);
        std::vector<Part> parts;
        for (int left = 1 + random.below(8); left > 0; --left) {
            parts.push_back(random_part(random));
            REQUIRE(check_rules(Tier::full, parts.back().analysis, input.posts, false).empty());
        }
        const Analysis merged = merge(parts, input.posts);
        for (const Violation& violation : check_rules(Tier::full, merged, input.posts, true))
            FAIL(violation.path << " " << violation.rule << ": " << violation.message);
        for (const Trait& trait : merged.traits) {
            int least = limits::most_score, most = limits::least_score;
            for (const Part& part : parts)
                for (const Trait& said : part.analysis.traits)
                    if (trait_key(said.name) == trait_key(trait.name)) {
                        least = std::min(least, said.score);
                        most = std::max(most, said.score);
                    }
            CHECK(trait.score >= least);
            CHECK(trait.score <= most);
        }
        std::reverse(parts.begin(), parts.end());
        CHECK(write_answer(merged_of(parts)) == write_answer(merged));
        std::rotate(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(parts.size() / 2),
                    parts.end());
        CHECK(write_answer(merged_of(parts)) == write_answer(merged));
    }
}

}  // namespace personality_merge_test
