#include <doctest/doctest.h>
#include <rapidjson/pointer.h>

#include <functional>
#include <set>

#include "exercise_fixture.hpp"
#include "property.hpp"
#include "work/exercise/limits.hpp"

namespace exercise_mutation_test {

using namespace spotter::work;
using namespace spotter::work::exercises;
namespace json = spotter::json;

namespace {

constexpr int runs_in_debug = 100;
constexpr int runs_optimized = 5000;

/// Writes JSON text at a pointer.
void put(json::Document& answer, const char* pointer, const std::string& value) {
    json::Document parsed = fixture::parsed(value);
    rapidjson::Pointer(pointer).Set(answer, json::Value(parsed, answer.GetAllocator()));
}

std::string get(const json::Document& answer, const char* pointer) {
    return std::string(json::view(*rapidjson::Pointer(pointer).Get(answer)));
}

/// A way to spoil any good answer of a type, and the rule that must say so.
struct Mutation {
    std::set<Type> of;
    std::string rule;
    std::string path;  ///< of what is rejected, or how it begins
    bool rejected_at_basic;
    std::function<void(json::Document&)> spoil;
};

const std::set<Type> all(types.begin(), types.end());
const std::set<Type> fill = {Type::contextual_fill};
const std::set<Type> match = {Type::term_matching};
const std::set<Type> choose = {Type::visual_discrimination};
const std::set<Type> point = {Type::visual_identification};
const std::set<Type> label = {Type::visual_identification, Type::image_labeling};

using Answer = json::Document;

const std::vector<Mutation>& mutations() {
    static const std::vector<Mutation> list = {
        {all, "schema", "/type", true, [](Answer& a) { put(a, "/type", R"("flashcards")"); }},
        {all, "bounds", "/instructions", true,
         [](Answer& a) { put(a, "/instructions", json::quoted(std::string(limits.longest_text + 1, 'x'))); }},
        {all, "texts_said", "/instructions", true, [](Answer& a) { put(a, "/instructions", R"(" … ")"); }},
        {all, "texts_plain", "/instructions", true,
         [](Answer& a) { put(a, "/instructions", R"("See https://example.com now")"); }},
        {all, "texts_plain", "/instructions", true,
         [](Answer& a) { put(a, "/instructions", R"("Go to WWW.example.com")"); }},
        {all, "texts_plain", "/instructions", true,
         [](Answer& a) { put(a, "/instructions", R"("Choose <b>one</b>")"); }},
        {all, "texts_plain", "/instructions", true,
         [](Answer& a) { put(a, "/instructions", R"("Choose &lt;one")"); }},
        {all, "texts_plain", "/metadata/tip", true,
         [](Answer& a) { put(a, "/metadata/tip", json::quoted("[one](two)")); }},
        {all, "texts_plain", "/metadata/note", true,
         [](Answer& a) { put(a, "/metadata/note", R"("one\ntwo")"); }},
        {all, "metadata_agrees", "/metadata/difficulty", false,
         [](Answer& a) {
             put(a, "/metadata/difficulty", a["metadata"]["difficulty"].GetInt() == 1 ? "2" : "1");
         }},

        {fill, "one_blank", "/sentence", true,
         [](Answer& a) { put(a, "/sentence", R"("Vemos con los ojos y más.")"); }},
        {fill, "one_blank", "/sentence", true,
         [](Answer& a) { put(a, "/sentence", R"("Vemos el ___ y el ___ hoy.")"); }},
        {fill, "one_blank", "/sentence", true,
         [](Answer& a) { put(a, "/sentence", R"("Vemos hoy el _____ muy bien.")"); }},
        {fill, "one_blank", "/sentence", true,
         [](Answer& a) { put(a, "/sentence", R"("Vemos hoy el __ muy bien.")"); }},
        {fill, "answer_among_options", "/options", true,
         [](Answer& a) { put(a, "/correctAnswer", R"("tenedor")"); }},
        {fill, "answer_among_options", "/options", true,
         [](Answer& a) { put(a, "/options", "[" + json::quoted(get(a, "/correctAnswer")) + "]"); }},
        {fill, "options_distinct", "/options/", true,
         [](Answer& a) { put(a, "/options/0", json::quoted(get(a, "/options/1") + "!")); }},
        {fill, "answer_not_given_away", "/sentence", true,
         [](Answer& a) {
             put(a, "/sentence", json::quoted("Es así: " + get(a, "/correctAnswer") + ", ___."));
         }},
        {fill, "answer_not_given_away", "/prompt", true,
         [](Answer& a) { put(a, "/prompt", json::quoted("It is " + get(a, "/correctAnswer"))); }},
        {fill, "sentence_says_enough", "/sentence", false,
         [](Answer& a) { put(a, "/sentence", R"("Es así ___.")"); }},
        {fill, "options_by_difficulty", "/options", false,
         [](Answer& a) { put(a, "/options/-", R"("termómetro de bolsillo")"); }},

        {match, "enough_pairs", "/correctPairs", true,
         [](Answer& a) {
             put(a, "/spanishTerms", R"(["el pico","la cola"])");
             put(a, "/englishTerms", R"(["tail","beak"])");
             put(a, "/correctPairs",
                 R"([{"spanish":"el pico","english":"beak"},{"spanish":"la cola","english":"tail"}])");
         }},
        {match, "enough_pairs", "", true, [](Answer& a) { put(a, "/spanishTerms/-", R"("una cosa más")"); }},
        {match, "terms_distinct", "/spanishTerms/", true,
         [](Answer& a) { put(a, "/spanishTerms/0", json::quoted(get(a, "/spanishTerms/1") + "!")); }},
        {match, "terms_distinct", "/englishTerms/", true,
         [](Answer& a) { put(a, "/englishTerms/2", json::quoted(get(a, "/englishTerms/1"))); }},
        {match, "pairs_one_to_one", "/correctPairs/0", true,
         [](Answer& a) { put(a, "/correctPairs/0/spanish", R"("otra cosa")"); }},
        {match, "pairs_one_to_one", "/correctPairs", true,
         [](Answer& a) {
             put(a, "/correctPairs/0/english", json::quoted(get(a, "/correctPairs/1/english")));
         }},
        {match, "translations_right", "/correctPairs/", true,
         [](Answer& a) {
             std::string first = get(a, "/correctPairs/0/english");
             put(a, "/correctPairs/0/english", json::quoted(get(a, "/correctPairs/1/english")));
             put(a, "/correctPairs/1/english", json::quoted(first));
         }},
        {match, "translations_right", "/correctPairs/0", true,
         [](Answer& a) {
             std::string spanish = get(a, "/correctPairs/0/spanish");
             put(a, "/correctPairs/0/spanish", json::quoted(get(a, "/correctPairs/0/english")));
             put(a, "/correctPairs/0/english", json::quoted(spanish));
         }},
        {match, "order_hides_pairs", "/englishTerms", false,
         [](Answer& a) {
             for (rapidjson::SizeType i = 0; i < a["correctPairs"].Size(); ++i) {
                 put(a, fmt::format("/spanishTerms/{}", i).c_str(),
                     json::write(a["correctPairs"][i]["spanish"]));
                 put(a, fmt::format("/englishTerms/{}", i).c_str(),
                     json::write(a["correctPairs"][i]["english"]));
             }
         }},
        {match, "pairs_by_difficulty", "/correctPairs", false,
         [](Answer& a) {
             put(a, "/spanishTerms/-", R"("el coche")"), put(a, "/englishTerms/-", R"("car")");
             put(a, "/correctPairs/-", R"({"spanish":"el coche","english":"car"})");
         }},

        {choose, "enough_pictures", "/options", true,
         [](Answer& a) {
             put(a, "/options",
                 fmt::format(R"([{{"species":{}}}])", json::quoted(get(a, "/correctSpecies"))));
         }},
        {choose, "species_distinct", "/options/", true,
         [](Answer& a) { put(a, "/options/0/species", json::quoted(get(a, "/options/1/species") + "!")); }},
        {choose, "correct_among_species", "/correctSpecies", true,
         [](Answer& a) { put(a, "/correctSpecies", R"("unicorn")"); }},
        {choose, "species_pictured", "/options/", true,
         [](Answer& a) { put(a, "/options/-", R"({"species":"unicorn"})"); }},
        {choose, "target_shown_once", "", true,
         [](Answer& a) {
             put(a, "/targetTerm",
                 get(a, "/targetTerm") == "el caracol" ? R"("el pato")" : R"("el caracol")");
         }},
        {choose, "target_shown_once", "/targetTerm", true,
         [](Answer& a) { put(a, "/targetTerm", json::quoted(get(a, "/correctSpecies"))); }},
        {choose, "pictures_by_difficulty", "/options", false,
         [](Answer& a) { put(a, "/options/-", R"({"species":"umbrella"})"); }},

        {label, "enough_labels", "/labels", true, [](Answer& a) { put(a, "/labels", "[]"); }},
        {label, "labels_distinct", "/labels/", true,
         [](Answer& a) { put(a, "/labels/0/term", json::quoted(get(a, "/labels/1/term") + "!")); }},
        {label, "labels_in_picture", "/labels/1/correctPosition", true,
         [](Answer& a) { put(a, "/labels/1/correctPosition/x", "1.01"); }},
        {label, "labels_in_picture", "/labels/2/correctPosition", true,
         [](Answer& a) { put(a, "/labels/2/correctPosition/y", "-0.01"); }},
        {label, "labels_apart", "/labels/", true,
         [](Answer& a) {
             put(a, "/labels/0/correctPosition", json::write(a["labels"][1]["correctPosition"]));
         }},
        {label, "labels_by_difficulty", "/labels", false,
         [](Answer& a) {
             put(a, "/labels/-", R"({"term":"una cosa más","correctPosition":{"x":0,"y":0}})");
         }},
        {point, "target_labelled", "/targetTerm", true,
         [](Answer& a) { put(a, "/targetTerm", R"("otra cosa")"); }},
        {point, "target_asked_for", "/prompt", true,
         [](Answer& a) { put(a, "/prompt", R"("¿Qué es esto?")"); }},
    };
    return list;
}

/// True when `rule` speaks so of something at `path` or, with a '/' at its end, below it.
bool speaks(const Verdict& verdict, const std::string& rule, const std::string& path,
            Violation::Severity how) {
    for (const Violation& violation : verdict.violations) {
        bool there = path.empty() || violation.path == path ||
                     (path.ends_with('/') && violation.path.starts_with(path));
        if (violation.rule == rule && violation.severity == how && there) return true;
    }
    return false;
}

std::string described(const Verdict& verdict) {
    std::string text;
    for (const Violation& violation : verdict.violations)
        text += fmt::format("{} {}: {}\n", violation.path, violation.rule, violation.message);
    return text;
}

void try_mutations(const std::string& input) {
    auto task = fixture::task_of(input);
    const std::string plan = task->plan();
    for (const Mutation& mutation : mutations()) {
        if (!mutation.of.contains(read_request(input).value().type)) continue;
        json::Document answer = fixture::parsed(plan);
        mutation.spoil(answer);
        const std::string spoiled = json::write(answer);
        CAPTURE(mutation.rule);
        CAPTURE(spoiled);
        Verdict full = task->check(Tier::full, spoiled, fixture::stamp);
        CAPTURE(described(full));
        REQUIRE(speaks(full, mutation.rule, mutation.path, Violation::Severity::reject));
        CHECK(full.content.empty());
        CHECK(speaks(task->check(Tier::simplified, spoiled, fixture::stamp), mutation.rule, mutation.path,
                     Violation::Severity::reject));
        CHECK(speaks(task->check(Tier::basic, spoiled, fixture::stamp), mutation.rule, mutation.path,
                     mutation.rejected_at_basic ? Violation::Severity::reject : Violation::Severity::warn));
    }
}

}  // namespace

TEST_CASE("whatever spoils an exercise is rejected by the rule that is meant") {
    const unsigned seed = property_seed();
    const int runs = property_runs(runs_in_debug, runs_optimized);
    MESSAGE("seed " << seed << ", " << runs << " requests");
    fixture::Inputs inputs(seed);
    for (int run = 0; run < runs; ++run) {
        const std::string input = inputs.next();
        CAPTURE(seed);
        CAPTURE(run);
        CAPTURE(input);
        try_mutations(input);
    }
}

}  // namespace exercise_mutation_test
