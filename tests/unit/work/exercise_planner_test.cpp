#include "work/exercise/planner.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "exercise_fixture.hpp"
#include "property.hpp"
#include "work/exercise/limits.hpp"
#include "work/exercise/vocabulary.hpp"
#include "work/words.hpp"

namespace exercise_planner_test {

using namespace spotter::work;
using namespace spotter::work::exercises;
namespace json = spotter::json;

namespace {

constexpr int runs_in_debug = 2000;
constexpr int runs_optimized = 50000;

std::string text(const json::Value& object, std::string_view key) {
    return std::string(json::text(object, key).value_or(""));
}

std::vector<std::string> texts(const json::Value& array) {
    std::vector<std::string> out;
    for (const json::Value& item : array.GetArray()) out.emplace_back(json::view(item));
    return out;
}

// What follows looks at exercises with its own eyes, so that a mistake in the rules cannot hide one in the
// planner.

void look_at_fill(const json::Value& exercise, int difficulty) {
    auto options = texts(exercise["options"]);
    CHECK(options.size() == Limits::at(limits.options, difficulty));
    CHECK(std::count(options.begin(), options.end(), text(exercise, "correctAnswer")) == 1);
    CHECK(text(exercise, "sentence").find("___") != std::string::npos);
    CHECK(words(text(exercise, "prompt")).find(words(text(exercise, "correctAnswer"))) == std::string::npos);
}

void look_at_matching(const json::Value& exercise, int difficulty) {
    auto spanish = texts(exercise["spanishTerms"]), english = texts(exercise["englishTerms"]);
    const auto& pairs = exercise["correctPairs"];
    CHECK(pairs.Size() == Limits::at(limits.pairs, difficulty));
    CHECK(std::set<std::string>(spanish.begin(), spanish.end()).size() == pairs.Size());
    CHECK(std::set<std::string>(english.begin(), english.end()).size() == pairs.Size());
    for (const json::Value& pair : pairs.GetArray()) {
        CHECK(std::count(spanish.begin(), spanish.end(), text(pair, "spanish")) == 1);
        CHECK(std::count(english.begin(), english.end(), text(pair, "english")) == 1);
        auto known = in_spanish(text(pair, "spanish"));
        CHECK(std::any_of(known.begin(), known.end(), [&](const Term* term) {
            return term->shown() == text(pair, "spanish") && term->english.front() == text(pair, "english");
        }));
    }
}

void look_at_discrimination(const json::Value& exercise, int difficulty) {
    CHECK(exercise["options"].Size() == Limits::at(limits.options, difficulty));
    std::set<std::string> pictures;
    for (const json::Value& option : exercise["options"].GetArray()) {
        pictures.insert(text(option, "imageUrl"));
        auto known = in_spanish(text(exercise, "targetTerm"));
        bool shows_target = std::any_of(known.begin(), known.end(), [&](const Term* term) {
            return means(*term, text(option, "species"));
        });
        CHECK(shows_target == (text(option, "id") == text(exercise, "correctOptionId")));
    }
    CHECK(pictures.size() == exercise["options"].Size());
}

void look_at_labels(const json::Value& exercise, int difficulty) {
    CHECK(exercise["labels"].Size() == Limits::at(limits.labels, difficulty));
    std::set<std::string> terms;
    for (const json::Value& label : exercise["labels"].GetArray()) {
        terms.insert(text(label, "term"));
        if (text(label, "id") == text(exercise, "correctLabelId"))
            CHECK(text(label, "term") == text(exercise, "targetTerm"));
    }
    CHECK(terms.size() == exercise["labels"].Size());
    CHECK_FALSE(text(exercise, "imageUrl").empty());
}

void look_at(const json::Value& exercise, const Request& request) {
    CHECK(text(exercise, "type") == name(request.type));
    CHECK_FALSE(text(exercise, "instructions").empty());
    switch (request.type) {
        case Type::contextual_fill:
            return look_at_fill(exercise, request.difficulty);
        case Type::term_matching:
            return look_at_matching(exercise, request.difficulty);
        case Type::visual_discrimination:
            return look_at_discrimination(exercise, request.difficulty);
        case Type::visual_identification:
        case Type::image_labeling:
            return look_at_labels(exercise, request.difficulty);
    }
}

std::string note_of(const std::string& input) {
    return text(fixture::stored(input)["metadata"], "note");
}

}  // namespace

TEST_CASE("every request gets an exercise that passes the full check") {
    const unsigned seed = property_seed();
    const int runs = property_runs(runs_in_debug, runs_optimized);
    MESSAGE("seed " << seed << ", " << runs << " requests");
    fixture::Inputs inputs(seed);
    for (int run = 0; run < runs; ++run) {
        const std::string input = inputs.next();
        CAPTURE(seed);
        CAPTURE(run);
        CAPTURE(input);
        auto task = fixture::task_of(input);
        const std::string plan = task->plan();
        CAPTURE(plan);
        Verdict verdict = task->check(Tier::full, plan, fixture::stamp);
        REQUIRE(fixture::refusals(verdict) == "");
        CHECK(verdict.columns == R"({"metadata":{"validationNotes":[]}})");
        look_at(fixture::parsed(verdict.content), read_request(input).value());
    }
}

TEST_CASE("every word of the vocabulary, given as a topic, makes an exercise that passes") {
    std::size_t turn = 0;
    for (const Chapter& chapter : vocabulary())
        for (const Term& term : chapter.terms)
            for (Type type : {Type::contextual_fill, types.at(1 + turn++ % (types.size() - 1))}) {
                const std::string input = fmt::format(R"({{"type":"{}","difficulty":{},"topics":[{}]}})",
                                                      name(type), term.level, json::quoted(term.spanish));
                CAPTURE(input);
                auto task = fixture::task_of(input);
                REQUIRE(fixture::refusals(task->check(Tier::full, task->plan(), fixture::stamp)) == "");
            }
}

TEST_CASE("every sentence of the vocabulary passes with all of its words to choose from") {
    for (const Chapter& chapter : vocabulary())
        for (const Sentence& sentence : chapter.sentences) {
            std::string options = json::quoted(sentence.answer);
            for (const std::string& wrong : sentence.wrong) options += "," + json::quoted(wrong);
            const std::string answer = fmt::format(
                R"({{"type":"contextual_fill","instructions":"Choose.","prompt":{},"sentence":{},"correctAnswer":{},)"
                R"("options":[{}],"metadata":null}})",
                json::quoted(sentence.english), json::quoted(sentence.text), json::quoted(sentence.answer),
                options);
            CAPTURE(answer);
            auto task = fixture::task_of(R"({"type":"contextual_fill","difficulty":5})");
            CHECK(fixture::refusals(task->check(Tier::full, answer, fixture::stamp)) == "");
        }
}

TEST_CASE("the same request gets the same exercise, and other requests others") {
    const std::string one = R"({"type":"term_matching","difficulty":3,"topics":["birds","colors"]})";
    const std::string same =
        R"({"type":"term_matching","difficulty":3,"topics":["Colors"," birds"],"context":{"userId":"x"}})";
    const std::string other = R"({"type":"term_matching","difficulty":3,"topics":["birds"]})";
    CHECK(fixture::task_of(one)->plan() == fixture::task_of(same)->plan());
    CHECK(fixture::task_of(one)->plan() != fixture::task_of(other)->plan());
}

TEST_CASE("an exercise is about what was asked for") {
    for (int difficulty = 1; difficulty <= 5; ++difficulty) {
        auto exercise = fixture::stored(fmt::format(
            R"({{"type":"term_matching","difficulty":{},"topics":["colors","habitats"]}})", difficulty));
        std::set<std::string> chapters;
        for (const json::Value& pair : exercise["correctPairs"].GetArray())
            for (const Term* term : in_spanish(text(pair, "spanish"))) chapters.insert(term->chapter->topic);
        CHECK(chapters.contains("colors"));
        CHECK(chapters.contains("habitats"));
    }
}

TEST_CASE("a word that is given as a topic is what the exercise asks for") {
    auto fill = fixture::stored(R"({"type":"contextual_fill","difficulty":5,"topics":["pico"]})");
    CHECK(text(fill, "correctAnswer") == "pico");
    auto choice =
        fixture::stored(R"({"type":"visual_discrimination","difficulty":2,"topics":["owls","trees"]})");
    CHECK(text(choice, "targetTerm") == "el búho");
    auto point = fixture::stored(R"({"type":"visual_identification","difficulty":1,"topics":["nape"]})");
    CHECK(text(point, "targetTerm") == "la nuca");
}

TEST_CASE("a picture of something vague stands beside pictures of quite other things") {
    auto exercise =
        fixture::stored(R"({"type":"visual_discrimination","difficulty":5,"imageUrl":"/uploads/bird.png"})");
    CHECK(text(exercise, "targetTerm") == "el pájaro");
    for (const json::Value& option : exercise["options"].GetArray())
        if (text(option, "id") != text(exercise, "correctOptionId"))
            for (const Term* term : in_english(text(option, "species"))) {
                CAPTURE(term->spanish);
                CHECK(std::find(term->chapter->names.begin(), term->chapter->names.end(), " animals ") ==
                      term->chapter->names.end());
            }
}

TEST_CASE("rare words are for high difficulties") {
    auto mean_level = [](int difficulty) {
        double sum = 0;
        auto exercise = fixture::stored(
            fmt::format(R"({{"type":"term_matching","difficulty":{},"topics":["birds"]}})", difficulty));
        for (const json::Value& pair : exercise["correctPairs"].GetArray())
            sum += in_spanish(text(pair, "spanish")).front()->level;
        return sum / exercise["correctPairs"].Size();
    };
    for (int difficulty = 1; difficulty < 5; ++difficulty)
        CHECK(mean_level(difficulty) < mean_level(difficulty + 1));
}

TEST_CASE("what the vocabulary cannot meet is said in a note") {
    CHECK(note_of(R"({"type":"term_matching","difficulty":3,"topics":["birds"]})").empty());
    CHECK(note_of(R"({"type":"term_matching","difficulty":3})").empty());
    CHECK(note_of(R"({"type":"term_matching","difficulty":3,"topics":["volcanology"]})")
              .find("nothing on the topic asked for; this exercise is about ") != std::string::npos);
    CHECK(
        note_of(R"({"type":"contextual_fill","difficulty":3,"topics":["volcanology","colors"]})") ==
        "The built-in vocabulary has nothing on 1 of the 2 topics asked for; this exercise is about colors.");
    CHECK(note_of(
              R"({"type":"image_labeling","difficulty":3,"topics":["birds"],"imageUrl":"/images/bird.svg"})")
              .empty());
    CHECK(
        note_of(
            R"({"type":"image_labeling","difficulty":3,"topics":["x"],"imageUrl":"https://x.org/robin.jpg"})")
            .find("The picture has not been seen; the positions are those of a bird") != std::string::npos);
    CHECK(note_of(R"({"type":"visual_discrimination","difficulty":3,"imageUrl":"/uploads/fox.png"})") ==
          "The picture has not been seen; it is taken to show el zorro (fox). Check that.");
}

}  // namespace exercise_planner_test
