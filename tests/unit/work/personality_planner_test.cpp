#include "work/personality/planner.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "personality_fixture.hpp"
#include "property.hpp"
#include "work/personality/personality.hpp"
#include "work/personality/planner/topics.hpp"

namespace personality_planner_test {

using namespace spotter;
using namespace spotter::work;
using namespace spotter::work::persona;

namespace {

const Stamp stamp{"2026-01-31T10:00:00Z", "builtin"};

Analysis planned(const std::vector<std::string>& posts) {
    const Input in = fixture::input(posts);
    return plan_analysis(in.posts, in.posts);
}

std::optional<int> score(const Analysis& analysis, std::string_view name) {
    for (const Trait& trait : analysis.traits)
        if (trait.name == name) return trait.score;
    return std::nullopt;
}

std::vector<std::string> topics(const std::vector<std::string>& posts) {
    const Input in = fixture::input(posts);
    std::vector<std::string> out;
    for (const Topic& topic : topics_of(in.posts, corpus_of(in.posts), 10)) out.push_back(topic.text);
    return out;
}

/// Posts of an outgoing person, and dry ones of a careful one.
const std::vector<std::string> cheerful = {"What a wonderful day with our friends!!! 😀😀 We love this team!",
                                           "haha this is so funny, thanks everyone!!! 😀",
                                           "We had a great party together!!! Love you all! 😀😀",
                                           "Our trip was amazing and fun!!! Who joins us next? 😀"};
const std::vector<std::string> dry = {
    "The schedule for the project was reviewed because the data of the second test is incomplete.",
    "It may be that the error in the module is due to the configuration; the analysis is not finished.",
    "The report was delayed, and the result of the measurement is, however, a failure and a waste of "
    "effort."};

}  // namespace

TEST_CASE("whatever is posted, the builtin's analysis passes the full check") {
    const unsigned seed = property_seed();
    const int runs = property_runs();
    MESSAGE("seed " << seed << ", " << runs << " sets of posts");
    fixture::Posts random(seed);
    for (int run = 0; run < runs; ++run) {
        const std::string input = fixture::input_of(random.next());
        CAPTURE(seed);
        CAPTURE(run);
        CAPTURE(input);
        auto read = personality().read(input);
        REQUIRE(read.has_value());
        const std::string plan = (*read)->plan();
        Verdict verdict = (*read)->check(Tier::full, plan, stamp);
        for (const Violation& violation : verdict.violations)
            FAIL(violation.path << " " << violation.rule << ": " << violation.message);
        CHECK_FALSE(verdict.content.empty());
        CHECK((*personality().read(input))->plan() == plan);

        std::vector<std::optional<std::string>> contents;
        for (const auto& part : (*read)->parts()) {
            Verdict verdict_of_part = part->check(Tier::full, part->plan(), stamp);
            REQUIRE(verdict_of_part.valid());
            contents.emplace_back(verdict_of_part.content);
        }
        if (!contents.empty()) CHECK((*read)->check(Tier::full, (*read)->merge(contents), stamp).valid());
    }
}

TEST_CASE("somebody who posts what the builtin says gets an analysis all the same") {
    Analysis first = planned(cheerful);
    std::vector<std::string> again = cheerful;
    again.push_back("Look what they say of me: " + first.summary);
    // Whatever the new figures are, these posts hold all that is said of them.
    for (int round = 0; round < 2; ++round) {
        const Analysis next = planned(again);
        for (const Said& said : texts_of(next))
            again.push_back(fmt::format("round {} and {} {}", round, said.path, said.text));
    }
    auto task = personality().read(fixture::input_of(again)).value();
    CHECK(task->check(Tier::full, task->plan(), stamp).valid());
    again.push_back(
        "written, not what they mean: by counting words and marks: it tells how they are written");
    Analysis terse = planned(again);
    CHECK(read_text(terse.summary).counts.words <= 8);
    for (const Trait& trait : terse.traits) CHECK(read_text(trait.explanation).counts.words <= 8);
}

TEST_CASE("how posts are written shows in the scores") {
    Analysis warm = planned(cheerful), cool = planned(dry);
    for (const char* trait : {"Extraversion", "Optimism", "Humor", "Agreeableness"})
        CHECK_MESSAGE(*score(warm, trait) > *score(cool, trait), trait);
    CHECK(*score(warm, "Analytical Thinking") < *score(cool, "Analytical Thinking"));
    CHECK(warm.style.enthusiasm > cool.style.enthusiasm);
    CHECK(warm.style.emoji_usage > cool.style.emoji_usage);
    CHECK(warm.style.formality < cool.style.formality);
    CHECK(warm.style.technical_level < cool.style.technical_level);
    CHECK(warm.tone == "positive");
    CHECK(cool.tone == "negative");
    CHECK(planned({"The bus goes from here to the station at ten."}).tone == "neutral");
    CHECK(planned({"I love the food and hate the noise of it."}).tone == "mixed");
}

TEST_CASE("Spanish is read as English is") {
    Analysis analysis = planned({"¡Qué día tan maravilloso con los amigos de la montaña! 😀 Gracias a todos",
                                 "La montaña me encanta, somos muy felices aquí con todos ustedes"});
    CHECK(analysis.tone == "positive");
    CHECK(analysis.topics == std::vector<std::string>{"montaña"});
    CHECK(score(analysis, "Optimism").has_value());
}

TEST_CASE("of a language that it does not know the builtin says so, and leaves out what it cannot tell") {
    Analysis analysis = planned(
        {"Сегодня утром я бегал в парке, это было здорово! 😀", "Почему все так не любят понедельник?"});
    CHECK(analysis.summary.find("neither English nor Spanish") != std::string::npos);
    CHECK(analysis.traits.size() >= 3);
    CHECK_FALSE(score(analysis, "Optimism").has_value());
    CHECK(analysis.tone == "neutral");
    CHECK(analysis.topics.empty());
    CHECK(planned({"今天早上去跑步了，感觉非常好"}).traits.size() >= 3);
}

TEST_CASE("explanations name the figures that were measured, and the summary says what was not done") {
    Analysis analysis = planned(cheerful);
    CHECK(analysis.summary.find("not what they mean") != std::string::npos);
    CHECK(analysis.summary.find("Measured by counting words and marks") == 0);
    for (const Trait& trait : analysis.traits)
        if (trait.name == "Extraversion") {
            CHECK(trait.explanation.find("3.5 exclamation marks a post; 1.5 emoji a post") !=
                  std::string::npos);
            CHECK(trait.details.find("rises between 0 and 2 exclamation marks a post") != std::string::npos);
        }
}

TEST_CASE("times of day are told where posts have them") {
    auto described = [](const std::string& input) {
        const Input in = read_input(input).value();
        return plan_analysis(in.posts, in.posts).style.description;
    };
    CHECK(described(R"({"posts":[{"text":"one two three four five","createdAt":"2026-01-31T20:00:00Z"},
                                 {"text":"six seven eight nine ten","createdAt":"2026-02-02T21:00:00Z"},
                                 {"text":"and a third post here","createdAt":"2026-02-03T09:00:00Z"}]})")
              .ends_with("Posts with a time: 3; in the evening, the commonest time, 2; at weekends 1."));
    CHECK(described(R"({"posts":["one two three four five"]})").find("time") == std::string::npos);
}

TEST_CASE("few words leave scores near the middle, more of the same move them apart") {
    auto spread = [](const Analysis& analysis) {
        int farthest = 0;
        for (const Trait& trait : analysis.traits)
            farthest = std::max(farthest, std::abs(2 * trait.score - 11));
        return farthest;
    };
    Analysis little = planned({"We love this so much!!!"});
    CHECK(spread(little) <= 3);
    CHECK(little.summary.find("With so few words") != std::string::npos);
    std::vector<std::string> much;
    for (int i = 0; i < 200; ++i) much.push_back(fmt::format("We love this so much, part {}!!!", i));
    CHECK(spread(planned(much)) > spread(little));
    CHECK(planned(much).summary.find("With so few words") == std::string::npos);
}

TEST_CASE("topics are what posts return to, without common words and without what nobody may speak of") {
    CHECK(topics({"I saw a heron by the river today", "The heron was by the river again",
                  "Nothing else was there to see"}) == std::vector<std::string>{"heron", "river"});
    CHECK(topics({"We went trail running in the hills", "More trail running with all of you",
                  "All of the trail running was good"}) == std::vector<std::string>{"trail running"});
    CHECK(topics({"I was at the church with the depression group", "The church and the depression of it"}) ==
          std::vector<std::string>{"church"});
    CHECK(topics({"Only once in all of the posts: xylophone"}).empty());
    // The same post with itself is one post.
    CHECK(topics({"heron heron heron by the river"}).empty());
    CHECK(topics({"The Fútbol is what I like", "and fútbol is what I do"}) ==
          std::vector<std::string>{"fútbol"});
}

TEST_CASE("interests are the topics that are spoken well of") {
    Analysis analysis =
        planned({"I love the heron, it is beautiful", "The heron was wonderful to see again",
                 "The traffic is awful and I hate it", "Such terrible traffic again in this town"});
    CHECK(analysis.topics == std::vector<std::string>{"heron", "traffic"});
    CHECK(analysis.interests == std::vector<std::string>{"heron"});
}

}  // namespace personality_planner_test
