#include <doctest/doctest.h>

#include <algorithm>

#include "exercise_fixture.hpp"

namespace exercise_rules_test {

using namespace spotter::work;
using namespace spotter::work::exercises;

namespace {

Verdict judged(const std::string& input, const std::string& answer, Tier tier = Tier::full) {
    return fixture::task_of(input)->check(tier, answer, fixture::stamp);
}

bool rejects(const Verdict& verdict, std::string_view rule) {
    return std::any_of(verdict.violations.begin(), verdict.violations.end(), [&](const Violation& violation) {
        return violation.rule == rule && violation.severity == Violation::Severity::reject;
    });
}

const std::string fill_input = R"({"type":"contextual_fill","difficulty":1,"topics":["birds"]})";

std::string fill_answer(const std::string& sentence, const std::string& answer, const std::string& others) {
    return fmt::format(R"({{"type":"contextual_fill","instructions":"Choose.","prompt":null,"sentence":"{}",)"
                       R"("correctAnswer":"{}","options":["{}",{}],"metadata":null}})",
                       sentence, answer, answer, others);
}

std::string match_answer(const std::string& spanish, const std::string& english) {
    return fmt::format(
        R"({{"type":"term_matching","instructions":"Match.","prompt":null,)"
        R"("spanishTerms":["{0}","la cosa","el coche"],"englishTerms":["thing","{1}","car"],)"
        R"("correctPairs":[{{"spanish":"{0}","english":"{1}"}},{{"spanish":"la cosa","english":"thing"}},)"
        R"({{"spanish":"el coche","english":"car"}}],"metadata":null}})",
        spanish, english);
}

const std::string match_input = R"({"type":"term_matching","difficulty":1})";

}  // namespace

TEST_CASE("a good answer of a model passes, with words that the vocabulary has not got") {
    CHECK(fixture::refusals(judged(fill_input, fill_answer("El niño conduce un ___ rojo.", "coche",
                                                           R"("zapato","tenedor")"))) == "");
    CHECK(fixture::refusals(judged(match_input, match_answer("el pico", "bill"))) == "");
    CHECK(fixture::refusals(judged(match_input, match_answer("la bombilla", "light bulb"))) == "");
}

TEST_CASE("the article before a blank agrees with the answer in gender and number") {
    auto agrees = [](const std::string& sentence, const std::string& answer) {
        return !rejects(judged(fill_input, fill_answer(sentence, answer, R"("zapato","tenedor")")),
                        "article_agrees");
    };
    CHECK(agrees("Vemos con los ___ abiertos.", "ojos"));
    CHECK_FALSE(agrees("Vemos con las ___ abiertas.", "ojos"));
    CHECK_FALSE(agrees("Vemos con el ___ abierto.", "ojos"));
    CHECK(agrees("Bebemos el ___ fresca del río.", "agua"));
    CHECK_FALSE(agrees("Bebemos la ___ fresca del río.", "agua"));
    CHECK(agrees("El águila mueve las ___ al volar.", "alas"));
    CHECK_FALSE(agrees("El águila mueve los ___ al volar.", "alas"));
    CHECK(agrees("Abrimos los ___ cuando llueve.", "paraguas"));
    CHECK(agrees("Abrimos el ___ cuando llueve.", "paraguas"));
    CHECK(agrees("Es hora de ___ en el río.", "nadar"));
    CHECK(agrees("Compramos el ___ en la tienda.", "martillo"));
}

TEST_CASE("no option may be a synonym of the answer") {
    CHECK(
        rejects(judged(fill_input, fill_answer("Un ___ vuela por el cielo.", "pájaro", R"("ave","tenedor")")),
                "one_right_answer"));
    CHECK(
        rejects(judged(fill_input, fill_answer("Un ___ vuela por el cielo.", "pájaro", R"("ave","tenedor")"),
                       Tier::basic),
                "one_right_answer"));
    CHECK_FALSE(
        rejects(judged(fill_input, fill_answer("Un ___ vuela por el cielo.", "pájaro", R"("río","tenedor")")),
                "one_right_answer"));
}

TEST_CASE("a pair that the vocabulary knows to be wrong is rejected, another meaning is not") {
    CHECK(rejects(judged(match_input, match_answer("el pico", "wing")), "translations_right"));
    CHECK(rejects(judged(match_input, match_answer("el pico", "ala")), "translations_right"));
    CHECK(rejects(judged(match_input, match_answer("beak", "pico")), "translations_right"));
    CHECK_FALSE(rejects(judged(match_input, match_answer("el pico", "pickaxe")), "translations_right"));
}

TEST_CASE("two terms that share a meaning cannot both be matched") {
    const std::string answer =
        R"({"type":"term_matching","instructions":"Match.","prompt":null,"spanishTerms":["la pata","la pierna","el ojo"],)"
        R"("englishTerms":["leg","eye","paw"],"correctPairs":[{"spanish":"la pata","english":"paw"},)"
        R"({"spanish":"la pierna","english":"leg"},{"spanish":"el ojo","english":"eye"}],"metadata":null})";
    CHECK(rejects(judged(match_input, answer), "partners_unambiguous"));
    CHECK(rejects(judged(match_input, answer, Tier::basic), "partners_unambiguous"));
}

TEST_CASE("two options may not lead to one picture, nor show the target twice") {
    const std::string input = R"({"type":"visual_discrimination","difficulty":1})";
    auto answer = [](const std::string& species) {
        return fmt::format(
            R"({{"type":"visual_discrimination","instructions":"Choose.","prompt":null,"targetTerm":"la pata",)"
            R"("options":[{{"species":"leg"}},{{"species":"eye"}},{{"species":"{}"}}],"correctSpecies":"leg",)"
            R"("metadata":null}})",
            species);
    };
    CHECK(fixture::refusals(judged(input, answer("tail"))) == "");
    CHECK(rejects(judged(input, answer("paw")), "target_shown_once"));
    CHECK(rejects(judged(input, answer("The Eye")), "species_distinct"));
}

TEST_CASE("what a picture could not show for sure is no option, unless the row's own picture is of it") {
    auto answer = [](const std::string& correct) {
        return fmt::format(
            R"({{"type":"visual_discrimination","instructions":"Choose.","prompt":null,"targetTerm":"el pájaro",)"
            R"("options":[{{"species":"{}"}},{{"species":"storm"}},{{"species":"carrot"}}],"correctSpecies":"{}",)"
            R"("metadata":null}})",
            correct, correct);
    };
    const std::string own = R"({"type":"visual_discrimination","difficulty":1,"imageUrl":"/uploads/1.png"})";
    CHECK(rejects(judged(R"({"type":"visual_discrimination","difficulty":1})", answer("bird")),
                  "species_pictured"));
    CHECK(fixture::refusals(judged(own, answer("bird"))) == "");
    CHECK(fixture::refusals(judged(own, answer("feathered friend"))) == "");
}

TEST_CASE("labels of a known picture are its parts, where they are") {
    const std::string input = R"({"type":"image_labeling","difficulty":1,"imageUrl":"/images/bird.svg"})";
    auto answer = [](const std::string& term, double x) {
        return fmt::format(
            R"({{"type":"image_labeling","instructions":"Label.","prompt":null,"labels":[)"
            R"({{"term":"{}","correctPosition":{{"x":{},"y":0.3}}}},)"
            R"({{"term":"la cola","correctPosition":{{"x":0.92,"y":0.62}}}},)"
            R"({{"term":"el ala","correctPosition":{{"x":0.57,"y":0.52}}}}],"metadata":null}})",
            term, x);
    };
    CHECK(fixture::refusals(judged(input, answer("el pico", 0.08))) == "");
    CHECK(fixture::refusals(judged(input, answer("pico", 0.1))) == "");
    for (Tier tier : {Tier::full, Tier::basic}) {
        CHECK(rejects(judged(input, answer("el pico", 0.2), tier), "labels_right"));
        CHECK(rejects(judged(input, answer("la trompa", 0.08), tier), "labels_right"));
    }
    const std::string unseen = R"({"type":"image_labeling","difficulty":1,"imageUrl":"/uploads/1.png"})";
    CHECK(fixture::refusals(judged(unseen, answer("la trompa", 0.2))) == "");
}

TEST_CASE("metadata that names other topics than the request is rejected") {
    auto answer = [](const std::string& topics) {
        std::string text =
            fill_answer("El loro rompe las semillas con el ___.", "pico", R"("zapato","tenedor")");
        return text.substr(0, text.rfind("null")) +
               fmt::format(R"({{"difficulty":1,"topics":{},"translation":null,"tip":null,"note":null}}}})",
                           topics);
    };
    CHECK(fixture::refusals(judged(fill_input, answer(R"(["Birds"])"))) == "");
    CHECK(fixture::refusals(judged(fill_input, answer("null"))) == "");
    CHECK(rejects(judged(fill_input, answer(R"(["colors"])")), "metadata_agrees"));
    CHECK(fixture::refusals(
              judged(R"({"type":"contextual_fill","difficulty":1})", answer(R"(["colors"])"))) == "");
}

TEST_CASE("no text whatever makes a check throw") {
    for (const std::string& input :
         {fill_input, match_input, std::string(R"({"type":"image_labeling","difficulty":1})"),
          std::string(R"({"type":"visual_discrimination","difficulty":1})")}) {
        auto task = fixture::task_of(input);
        for (
            const char* text :
            {"", "null", "[]", "{}", "{\"type\":1}", "\xff", "{\"labels\":[{}]}", "{\"options\":null}",
             R"({"type":"contextual_fill","instructions":"","sentence":"","correctAnswer":"","options":[]})",
             R"({"type":"term_matching","instructions":"","spanishTerms":[],"englishTerms":[],"correctPairs":[]})",
             R"({"type":"image_labeling","instructions":"","labels":[]})",
             R"({"type":"visual_discrimination","instructions":"","targetTerm":"","options":[],"correctSpecies":""})"}) {
            CAPTURE(input);
            CAPTURE(text);
            for (Tier tier : {Tier::full, Tier::simplified, Tier::basic})
                CHECK_FALSE(task->check(tier, text, fixture::stamp).valid());
        }
    }
}

}  // namespace exercise_rules_test
