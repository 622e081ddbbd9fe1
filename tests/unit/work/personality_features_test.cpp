#include "work/personality/planner/features.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "personality_fixture.hpp"
#include "property.hpp"
#include "work/personality/planner/gauges.hpp"
#include "work/personality/planner/measures.hpp"
#include "work/personality/planner/mood.hpp"
#include "work/personality/trait_names.hpp"

namespace personality_features_test {

using namespace spotter;
using namespace spotter::work;
using namespace spotter::work::persona;

namespace {

Features measured(const std::vector<std::string>& posts) {
    const Input in = fixture::input(posts);
    return measure(in.posts, corpus_of(in.posts));
}

Mood mood(const std::string& post) {
    const Input in = fixture::input({post});
    const Corpus corpus = corpus_of(in.posts);
    return mood_of(corpus, corpus.posts[0]);
}

/// Every figure that gauges can read, at the same value.
Features everything_at(double value) {
    Features out;
    for (const Measure* measure : measures::all) out.*measure->figure = value;
    return out;
}

}  // namespace

TEST_CASE("figures are what one counts by hand") {
    Features features = measured({"The cat, the dog and the bird! Why not? 😀😀",
                                  "I WANT extraordinary coffee... see https://a.com 12"});
    CHECK(*features.words_a_post == doctest::Approx(7.5));
    CHECK(*features.words_a_sentence == doctest::Approx(15.0 / 4));
    CHECK(*features.exclamations == doctest::Approx(0.5));
    CHECK(*features.questions == doctest::Approx(0.5));
    CHECK(*features.ellipses == doctest::Approx(0.5));
    CHECK(*features.emoji == doctest::Approx(1));
    CHECK(*features.links == doctest::Approx(0.5));
    CHECK(*features.mentions == doctest::Approx(0));
    CHECK(*features.commas == doctest::Approx(0.25));
    CHECK(*features.numbers == doctest::Approx(100.0 / 15));
    CHECK(*features.long_words == doctest::Approx(100.0 / 15));
    CHECK(*features.readability == doctest::Approx(3.75 + 100.0 / 15));
    CHECK(*features.shouted == doctest::Approx(100.0 / 15));
    CHECK(*features.capital_starts == doctest::Approx(75));
    CHECK(*features.vocabulary == doctest::Approx(100.0 * 13 / 15));
}

TEST_CASE("vocabulary is the mean over windows of fifty words") {
    std::string same, fresh;
    for (int i = 0; i < 100; ++i) {
        same += "word ";
        fresh += fmt::format("w{} ", i);
    }
    CHECK(*measured({same}).vocabulary == doctest::Approx(2));
    CHECK(*measured({fresh}).vocabulary == doctest::Approx(100));
    // 51 windows over fifty fresh words and then one word fifty times: 50, 50, 49, … 1 types, 1325 in all.
    std::string half = fresh.substr(0, fresh.find("w50")) + same.substr(0, 250);
    CHECK(*measured({half}).vocabulary == doctest::Approx(100.0 * 1325 / 51 / 50));
}

TEST_CASE("no figure but the vocabulary depends on the order of the posts") {
    fixture::Posts random(property_seed());
    for (int run = 0; run < 50; ++run) {
        std::vector<std::string> posts = random.next();
        const Features before = measured(posts);
        std::reverse(posts.begin(), posts.end());
        const Features after = measured(posts);
        for (const Measure* measure : measures::all)
            if (measure != &measures::vocabulary) {
                CAPTURE(measure->unit);
                CHECK(before.*measure->figure == after.*measure->figure);
            }
    }
}

TEST_CASE("every gauge rises with what raises it and falls with what lowers it") {
    std::vector<TraitGauge> gauges(trait_gauges().begin(), trait_gauges().end());
    for (auto [name, gauge] : {std::pair{"formality", formality},
                               {"enthusiasm", enthusiasm},
                               {"technicalLevel", technical_level},
                               {"emojiUsage", emoji_usage}})
        gauges.push_back({name, gauge});
    for (const TraitGauge& tried : gauges)
        for (const Term& term : tried.gauge.terms) {
            if (!term.measure) continue;
            CAPTURE(tried.name);
            CAPTURE(term.measure->unit);
            Features features = everything_at(1);
            const double step = std::abs(term.to - term.from) / 10;
            const double low = std::min(term.from, term.to);
            double last = term.rises() ? 0 : 1;
            for (int i = -2; i <= 12; ++i) {
                features.*term.measure->figure = low + i * step;
                const double now = read(tried.gauge, features).value();
                CHECK((term.rises() ? now >= last : now <= last));
                if (i > 0 && i <= 10) CHECK(now != last);
                last = now;
            }
        }
}

TEST_CASE("a gauge reads from nought to one, over what could be measured") {
    const Gauge gauge{{{{&measures::emoji, 1, 0, 2}, {&measures::hedges, 1, 4, 0}}}};
    Features features;
    CHECK_FALSE(read(gauge, features).has_value());
    features.emoji = 1;
    CHECK(*read(gauge, features) == doctest::Approx(0.5));
    features.hedges = 1;
    CHECK(*read(gauge, features) == doctest::Approx(0.625));
    features.emoji = 1000, features.hedges = -5;
    CHECK(*read(gauge, features) == 1);
}

TEST_CASE("every trait that the builtin tells has a name that we prefer, and clauses that are no quotation") {
    const auto known = known_traits();
    for (const TraitGauge& trait : trait_gauges())
        CHECK_MESSAGE(std::find(known.begin(), known.end(), trait.name) != known.end(), trait.name);
    for (const Measure* measure : measures::all) {
        CAPTURE(measure->unit);
        CHECK(read_text(measure->unit).counts.words <= 7);
        CHECK(measure->unit.size() >= 17);
    }
}

TEST_CASE("a negation turns praise into complaint and takes complaints away") {
    CHECK(mood("this is a great and wonderful thing").positive == 2);
    CHECK(mood("this is not a great thing").negative == 1);
    CHECK(mood("this is not a great thing").positive == 0);
    CHECK(mood("there is no problem at all").negative == 0);
    CHECK(mood("this is not the very great thing").positive == 1);
    CHECK(mood("no es bueno para nosotros hoy").negative == 1);
}

}  // namespace personality_features_test
