#include <doctest/doctest.h>
#include <rapidjson/pointer.h>

#include "exercise_fixture.hpp"
#include "work/exercise/answer.hpp"

namespace exercise_content_test {

using namespace spotter::work;
using namespace spotter::work::exercises;
namespace json = spotter::json;

namespace {

std::string text(const json::Value& object, std::string_view key) {
    return std::string(json::text(object, key).value_or(""));
}

/// What is stored of the builtin's answer after a model has put in what it should not.
json::Document stored_with(const std::string& input, const char* pointer, const std::string& value) {
    auto task = fixture::task_of(input);
    json::Document answer = fixture::parsed(task->plan());
    rapidjson::Pointer(pointer).Set(answer, json::Value(value, answer.GetAllocator()));
    Verdict verdict = task->check(Tier::full, json::write(answer), fixture::stamp);
    REQUIRE(fixture::refusals(verdict) == "");
    return fixture::parsed(verdict.content);
}

const std::string foreign = "https://evil.example/x.png";

}  // namespace

TEST_CASE("a model chooses no picture: the row's own or one of our assets is stored") {
    for (const char* type : {"image_labeling", "visual_identification"}) {
        std::string asked = fmt::format(
            R"({{"type":"{}","difficulty":2,"topics":["birds"],"imageUrl":"/images/bird.svg"}})", type);
        std::string open = fmt::format(R"({{"type":"{}","difficulty":2,"topics":["colors"]}})", type);
        CHECK(text(stored_with(asked, "/imageUrl", foreign), "imageUrl") == "/images/bird.svg");
        CHECK(text(stored_with(open, "/imageUrl", foreign), "imageUrl") == "/images/colors.svg");
        CHECK(json::write(stored_with(open, "/labels/0/imageUrl", foreign)).find("evil") ==
              std::string::npos);
    }
    auto choice = stored_with(R"({"type":"visual_discrimination","difficulty":2,"topics":["birds"]})",
                              "/options/0/imageUrl", foreign);
    for (const json::Value& option : choice["options"].GetArray())
        CHECK(text(option, "imageUrl").starts_with("/images/terms/"));
}

TEST_CASE("the row's own picture is that of the right option") {
    auto exercise = fixture::stored(
        R"({"type":"visual_discrimination","difficulty":2,"topics":["owls"],"imageUrl":"https://cdn.example.com/1.jpg"})");
    for (const json::Value& option : exercise["options"].GetArray()) {
        bool right = text(option, "id") == text(exercise, "correctOptionId");
        CHECK((text(option, "imageUrl") == "https://cdn.example.com/1.jpg") == right);
    }
    CHECK_FALSE(exercise.HasMember("correctSpecies"));
}

TEST_CASE("an option's picture is named after the vocabulary, whatever a model wrote") {
    const std::string answer =
        R"({"type":"visual_discrimination","instructions":"Choose.","prompt":null,"targetTerm":"el pico","options":)"
        R"([{"species":"The BILL"},{"species":"barn owl"},{"species":"to fly"}],"correctSpecies":"The BILL","metadata":null})";
    Verdict verdict = fixture::task_of(R"({"type":"visual_discrimination","difficulty":1})")
                          ->check(Tier::full, answer, fixture::stamp);
    REQUIRE(fixture::refusals(verdict) == "");
    auto exercise = fixture::parsed(verdict.content);
    CHECK(text(exercise["options"][0], "imageUrl") == "/images/terms/beak.svg");
    CHECK(text(exercise["options"][1], "imageUrl") == "/images/terms/barn-owl.svg");
    CHECK(text(exercise["options"][2], "imageUrl") == "/images/terms/to-fly.svg");
}

TEST_CASE("an exercise's id is made of the exercise: not of its maker, its time, or what a model wrote") {
    const std::string input = R"({"type":"contextual_fill","difficulty":2,"topics":["birds"]})";
    auto task = fixture::task_of(input);
    auto id = [&](const Stamp& stamp) {
        return text(fixture::parsed(task->check(Tier::full, task->plan(), stamp).content), "id");
    };
    CHECK(id({"2026-01-31T10:00:00Z", "a"}) == id({"2027-01-31T10:00:00Z", "b"}));
    CHECK(id(fixture::stamp).size() == 36);
    CHECK(text(stored_with(input, "/id", "mine"), "id") == id(fixture::stamp));
    CHECK(text(stored_with(input, "/instructions", "Other words."), "id") != id(fixture::stamp));
}

TEST_CASE("what is stored says what was asked for, who made it and when") {
    auto exercise =
        fixture::stored(R"({"type":"image_labeling","difficulty":2,"topics":["Birds","colors"]})");
    const json::Value& metadata = exercise["metadata"];
    CHECK(json::integer(metadata, "difficulty") == 2);
    CHECK(json::write(metadata["topics"]) == R"(["birds","colors"])");
    CHECK(text(metadata, "generatedAt") == fixture::stamp.generated_at);
    CHECK(text(metadata, "model") == "builtin");
    CHECK(text(metadata, "positions") == "known");
    CHECK_FALSE(metadata.HasMember("tip"));
    auto unseen = fixture::stored(R"({"type":"image_labeling","difficulty":2,"imageUrl":"/uploads/1.png"})");
    CHECK(text(unseen["metadata"], "positions") == "estimated");
}

TEST_CASE("an answer without metadata and prompt is stored with the metadata that we know") {
    const std::string answer =
        R"({"type":"term_matching","instructions":"Match.","spanishTerms":["el pico","la cola","el ala"],)"
        R"("englishTerms":["wing","beak","tail"],"correctPairs":[{"spanish":"el pico","english":"beak"},)"
        R"({"spanish":"la cola","english":"tail"},{"spanish":"el ala","english":"wing"}]})";
    Verdict verdict = fixture::task_of(R"({"type":"term_matching","difficulty":1})")
                          ->check(Tier::full, answer, fixture::stamp);
    REQUIRE(fixture::refusals(verdict) == "");
    auto exercise = fixture::parsed(verdict.content);
    CHECK(json::write(exercise["metadata"]) ==
          R"({"difficulty":1,"topics":[],"generatedAt":"2026-01-31T10:00:00Z","model":"builtin"})");
    CHECK_FALSE(exercise.HasMember("prompt"));
}

TEST_CASE("warnings of the basic tier are kept as notes") {
    const std::string input = R"({"type":"term_matching","difficulty":5,"topics":["birds"]})";
    const std::string answer =
        fixture::task_of(R"({"type":"term_matching","difficulty":2,"topics":["birds"]})")->plan();
    Verdict verdict = fixture::task_of(input)->check(Tier::basic, answer, fixture::stamp);
    REQUIRE(verdict.valid());
    auto notes = fixture::parsed(verdict.columns);
    const json::Value* list = rapidjson::Pointer("/metadata/validationNotes").Get(notes);
    REQUIRE(list);
    REQUIRE(list->Size() == 2);
    CHECK(json::view((*list)[0]) == "metadata_agrees at /metadata/difficulty: is 2; the request asks for 5");
    CHECK(json::view((*list)[1]) == "pairs_by_difficulty at /correctPairs: lists 4; list 8 at difficulty 5");
}

TEST_CASE("every schema is strict: all properties required, none besides, no sizes") {
    for (Type type : types) {
        CAPTURE(name(type));
        json::Document schema = fixture::parsed(schema_of(type).text());
        int objects = 0;
        each_object(schema, [&](json::Value& object) {
            ++objects;
            CHECK(object["required"].Size() == object["properties"].MemberCount());
            for (const json::Value& key : object["required"].GetArray())
                CHECK(object["properties"].HasMember(key));
            CHECK_FALSE(object["additionalProperties"].GetBool());
        });
        CHECK(objects >= 2);
        for (const char* keyword :
             {"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern"})
            CHECK(schema_of(type).text().find(keyword) == std::string_view::npos);
    }
}

}  // namespace exercise_content_test
