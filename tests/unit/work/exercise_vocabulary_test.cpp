#include "work/exercise/vocabulary.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "work/exercise/limits.hpp"
#include "work/exercise/picture.hpp"
#include "work/exercise/topics.hpp"
#include "work/words.hpp"

namespace exercise_vocabulary_test {

using namespace spotter::work;
using namespace spotter::work::exercises;

namespace {

template <class Visit>
void each_term(Visit visit) {
    for (const Chapter& chapter : vocabulary())
        for (const Term& term : chapter.terms) {
            CAPTURE(chapter.topic);
            CAPTURE(term.spanish);
            visit(term);
        }
}

template <class Visit>
void each_sentence(Visit visit) {
    for (const Chapter& chapter : vocabulary())
        for (const Sentence& sentence : chapter.sentences) {
            CAPTURE(sentence.text);
            visit(sentence);
        }
}

/// A word as a sentence has it, by the vocabulary: itself, its plural, or the same adjective of another
/// gender and number. nullptr for what is in no list.
const Term* listed(std::string word) {
    if (auto found = in_spanish(word); !found.empty()) return found.front();
    if (auto found = in_spanish_plural(word); !found.empty()) return found.front();
    if (word.ends_with('s')) word.pop_back();
    if (word.ends_with('a')) word.back() = 'o';
    if (auto found = in_spanish(word); !found.empty()) return found.front();
    auto space = word.find(' ');  // "plumas de vuelo"
    if (space == word.npos || space == 0) return nullptr;
    auto found = in_spanish(word.substr(0, space - 1) + word.substr(space));
    return found.empty() ? nullptr : found.front();
}

std::set<std::string> topics_of(const std::vector<std::string>& topics) {
    std::set<std::string> out;
    for (const Chapter* chapter : coverage_of(topics).chapters) out.insert(chapter->topic);
    return out;
}

}  // namespace

TEST_CASE("the vocabulary has more than 800 words and 400 sentences, of every level") {
    std::size_t terms = 0, sentences = 0;
    for (const Chapter& chapter : vocabulary()) {
        terms += chapter.terms.size();
        sentences += chapter.sentences.size();
        std::set<int> levels;
        for (const Term& term : chapter.terms) levels.insert(term.level);
        CAPTURE(chapter.topic);
        CHECK(levels == std::set<int>{1, 2, 3, 4, 5});
        auto pictured = std::count_if(chapter.terms.begin(), chapter.terms.end(),
                                      [](const Term& term) { return !term.vague; });
        CHECK(static_cast<std::size_t>(pictured) >= 2 * limits.options.back());
        CHECK(chapter.terms.size() >= 2 * limits.pairs.back());
    }
    CHECK(terms > 800);
    CHECK(sentences > 400);
}

TEST_CASE("every word can be looked up in both languages, and no word is its own translation") {
    each_term([](const Term& term) {
        auto by_spanish = in_spanish(term.shown());
        CHECK(std::find(by_spanish.begin(), by_spanish.end(), &term) != by_spanish.end());
        REQUIRE_FALSE(term.english.empty());
        for (const std::string& english : term.english) {
            auto by_english = in_english(english);
            CHECK(std::find(by_english.begin(), by_english.end(), &term) != by_english.end());
            CHECK_FALSE(same_words(english, term.spanish));
            CHECK(characters(english) <= limits.longest_term);
        }
        CHECK(term.level >= least_difficulty);
        CHECK(term.level <= most_difficulty);
    });
}

TEST_CASE("an article goes with its gender, but for feminine nouns with a stressed a") {
    each_term([](const Term& term) {
        if (term.article.empty()) return;
        if (term.article == "la") CHECK(term.feminine);
        if (term.article == "el" && term.feminine)
            CHECK((words(term.spanish).starts_with(" a") || words(term.spanish).starts_with(" ha")));
    });
}

TEST_CASE("no word stands twice with the same meaning") {
    std::set<std::pair<std::string, std::string>> seen;
    each_term(
        [&](const Term& term) { CHECK(seen.emplace(words(term.shown()), term.english.front()).second); });
}

TEST_CASE("every sentence has one blank, and nothing that the learner sees gives the answer away") {
    each_sentence([](const Sentence& sentence) {
        auto blank = sentence.text.find("___");
        REQUIRE(blank != std::string::npos);
        CHECK(sentence.text.find('_', blank + 3) == std::string::npos);
        CHECK_FALSE(sentence.answer.empty());
        CHECK(words(sentence.text).find(words(sentence.answer)) == std::string::npos);
        CHECK(words(sentence.english).find(words(sentence.answer)) == std::string::npos);
        CHECK(characters(sentence.english) <= limits.longest_text);
    });
}

TEST_CASE("the words to choose from are all in the vocabulary, differ, and have no synonym of the answer") {
    each_sentence([](const Sentence& sentence) {
        CAPTURE(sentence.answer);
        const Term* answer = listed(sentence.answer);
        REQUIRE(answer);
        std::set<std::string> seen{words(sentence.answer)};
        CHECK(sentence.wrong.size() == limits.options.back() - 1);
        for (const std::string& wrong : sentence.wrong) {
            CAPTURE(wrong);
            CHECK(seen.insert(words(wrong)).second);
            const Term* known = listed(wrong);
            REQUIRE(known);
            CHECK(std::none_of(answer->english.begin(), answer->english.end(),
                               [&](const std::string& english) { return means(*known, english); }));
        }
    });
}

TEST_CASE("words are found without regard to case, accents and article") {
    CHECK(in_spanish("El Águila").size() == 1);
    CHECK(in_spanish("aguila").front()->english.front() == "eagle");
    CHECK(in_spanish_plural("raíces").front()->spanish == "raíz");
    CHECK(in_spanish_plural("alas").front()->spanish == "ala");
    CHECK(in_english("Fly").size() == in_english("to fly").size());
    CHECK(in_english("the bill").front()->spanish == "pico");
    CHECK(in_spanish("beak").empty());
    CHECK(in_spanish("").empty());
}

TEST_CASE("a topic is known by its names in both languages, by its words, and by a name within it") {
    using Topics = std::set<std::string>;
    for (const char* name : {"colors", "Colours", "COLORES", "color", "colours in autumn", "rojo"})
        CHECK(topics_of({name}) == Topics{"colors"});
    CHECK(topics_of({"anatomía"}) == Topics{"animal anatomy", "bird anatomy", "human body"});
    CHECK(topics_of({"owls"}) == Topics{"birds"});
    CHECK(topics_of({"raíces"}) == Topics{"plants"});
    CHECK(topics_of({"weather", "hábitats"}) == Topics{"weather", "habitats"});
    CHECK(coverage_of({"owls"}).named.front()->spanish == "búho");
    for (const Chapter& chapter : vocabulary()) CHECK(topics_of({chapter.topic}).contains(chapter.topic));
}

TEST_CASE("a topic that is not known is counted, and all chapters stand in for it") {
    CHECK(coverage_of({"volcanology"}).unknown == 1);
    CHECK(coverage_of({"volcanology"}).chapters.size() == vocabulary().size());
    CHECK(coverage_of({"volcanology", "birds", "!!!"}).unknown == 2);
    CHECK(coverage_of({"volcanology", "birds"}).chapters.size() == coverage_of({"birds"}).chapters.size());
    CHECK(coverage_of({}).unknown == 0);
}

TEST_CASE("the parts of every picture are words of the vocabulary, inside of it and apart") {
    CHECK(label_maps().size() >= 25);
    for (const LabelMap& map : label_maps()) {
        CAPTURE(map.image);
        CHECK(map.image.starts_with("/images/"));
        CHECK(map.parts.size() >= limits.labels.back());
        for (const Part& part : map.parts) {
            CAPTURE(part.term);
            auto known = in_spanish(part.term);
            REQUIRE_FALSE(known.empty());
            CHECK(std::any_of(known.begin(), known.end(),
                              [&](const Term* term) { return term->shown() == part.term; }));
            CHECK(part.place.x >= 0);
            CHECK(part.place.x <= 1);
            CHECK(part.place.y >= 0);
            CHECK(part.place.y <= 1);
            for (const Part& other : map.parts)
                if (&other != &part)
                    CHECK(std::hypot(other.place.x - part.place.x, other.place.y - part.place.y) >=
                          limits.least_distance);
        }
    }
}

TEST_CASE("every chapter has a picture") {
    for (const Chapter& chapter : vocabulary()) {
        CAPTURE(chapter.topic);
        CHECK(std::any_of(label_maps().begin(), label_maps().end(), [&](const LabelMap& map) {
            return std::find(map.topics.begin(), map.topics.end(), chapter.topic) != map.topics.end();
        }));
    }
}

}  // namespace exercise_vocabulary_test
