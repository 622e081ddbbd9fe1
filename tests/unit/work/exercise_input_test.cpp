#include "work/exercise/input.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace exercise_input_test {

using namespace spotter::work::exercises;

namespace {

std::string refusal_of(const std::string& input) {
    auto request = read_request(input);
    if (request) return "";
    CHECK(request.error().code == "invalid_input");
    return request.error().message;
}

std::string message_for(const std::string& members) {
    return refusal_of("{" + members + "}");
}

/// An input that is right but for what is added.
std::string with(const std::string& member) {
    return message_for(R"("type":"image_labeling","difficulty":3,)" + member);
}

bool says(const std::string& message, std::string_view part) {
    return message.find(part) != std::string::npos;
}

std::string canonical(const std::string& input) {
    return canonical_text(read_request(input).value());
}

}  // namespace

TEST_CASE("an exercise needs a type and a difficulty, and nothing else") {
    Request request = read_request(R"({"type":"term_matching","difficulty":5})").value();
    CHECK(request.type == Type::term_matching);
    CHECK(request.difficulty == 5);
    CHECK(request.topics.empty());
    CHECK_FALSE(request.image_url);
}

TEST_CASE("every type of exercise can be asked for by its name") {
    for (Type type : types) {
        auto request = read_request(fmt::format(R"({{"type":"{}","difficulty":1}})", name(type)));
        REQUIRE(request.has_value());
        CHECK(request->type == type);
    }
}

TEST_CASE("what is no JSON object is refused with an example of one") {
    CHECK(says(refusal_of("{"), "no JSON"));
    CHECK(says(refusal_of(""), "no JSON"));
    for (const char* input : {"[]", "3", "null", "\"contextual_fill\""}) {
        CHECK(says(refusal_of(input), "no JSON object"));
        CHECK(says(refusal_of(input), "contextual_fill"));
    }
}

TEST_CASE("a missing or unknown type is refused with the types there are") {
    for (const char* members :
         {R"("difficulty":1)", R"("type":null,"difficulty":1)", R"("type":"flashcards","difficulty":1)",
          R"("type":"Term_Matching","difficulty":1)", R"("type":7,"difficulty":1)",
          R"("type":["term_matching"],"difficulty":1)"}) {
        CAPTURE(members);
        CHECK(says(message_for(members), "term_matching"));
        CHECK(says(message_for(members), "image_labeling"));
    }
    CHECK(says(message_for(R"("type":"flashcards","difficulty":1)"), "\"flashcards\""));
}

TEST_CASE("a difficulty outside of 1 to 5, or no number, is refused with what it was") {
    for (const char* value : {"0", "6", "-1", "2.5", "\"3\"", "null", "true", "[3]", "{}", "1e300"}) {
        CAPTURE(value);
        std::string message = message_for(fmt::format(R"("type":"term_matching","difficulty":{})", value));
        CHECK(says(message, "difficulty"));
        CHECK(says(message, "from 1 (first words) to 5"));
    }
    CHECK(says(message_for(R"("type":"term_matching","difficulty":"3")"), "difficulty is \"3\""));
    CHECK(says(message_for(R"("type":"term_matching")"), "difficulty is missing"));
    CHECK(read_request(R"({"type":"term_matching","difficulty":3.0})").value().difficulty == 3);
}

TEST_CASE("topics that are no list of short texts are refused by their place") {
    CHECK(says(with(R"("topics":"colors")"), "topics is \"colors\", no array"));
    CHECK(says(with(R"("topics":{})"), "no array"));
    CHECK(says(with(R"("topics":["a",7])"), "topics[1] is 7"));
    CHECK(says(with(R"("topics":[null])"), "topics[0] is null"));
    CHECK(says(with(R"("topics":["a"," \t"])"), "topics[1] is blank"));
    CHECK(
        says(with(fmt::format(R"("topics":["{}"])", std::string(101, 'x'))), "topics[0] is longer than 100"));
    std::string thousand = "\"a\"";
    for (int i = 1; i < 1000; ++i) thousand += ",\"a\"";
    CHECK(says(with(fmt::format(R"("topics":[{}])", thousand)), "lists 1000 topics. Write 20 at most"));
}

TEST_CASE("a topic's length is counted in characters, after trimming") {
    std::string hundred;
    for (int i = 0; i < 100; ++i) hundred += "ñ";
    CHECK(with(fmt::format(R"("topics":["  {}  "])", hundred)).empty());
    CHECK(with(R"("topics":null)").empty());
    CHECK(with(R"("topics":[])").empty());
}

TEST_CASE("the order, case, blanks and repetition of topics do not matter") {
    const std::string one =
        canonical(R"({"type":"term_matching","difficulty":3,"topics":["birds","colors"]})");
    CHECK(canonical(R"({"topics":[" Colors\n","BIRDS","birds"],"difficulty":3.0,"type":"term_matching"})") ==
          one);
    CHECK(canonical(R"({"type":"term_matching","difficulty":3,"topics":["colors"]})") != one);
    CHECK(canonical(R"({"type":"term_matching","difficulty":3,"topics":["Ñu","ñu"]})") !=
          canonical(R"({"type":"term_matching","difficulty":3,"topics":["ñu"]})"));  // ASCII letters alone
                                                                                     // are lowered
}

TEST_CASE("a picture's address is https or a path from the site's root") {
    for (const char* url : {"https://cdn.example.com/birds/1.jpg?w=300#x", "HTTPS://example.com",
                            "https://[2001:db8::1]:8443/a", "/images/bird.svg", "/a%20b.png?v=2", "/"}) {
        CAPTURE(url);
        CHECK(with(fmt::format(R"("imageUrl":"{}")", url)).empty());
    }
    for (const char* url :
         {"", " ", "bird.svg", "http://example.com/a.png", "//example.com/a.png", "javascript:alert(1)",
          "data:image/png;base64,AA", "https://", "https:///a.png", "https://user:pw@example.com/a.png",
          "ftp://example.com/a", "https://exa mple.com/a", "/a b.png", "/\\\\example.com", "/<b>",
          "/\\u00e1.png", "https://example.com/\\n"}) {
        CAPTURE(url);
        CHECK(says(with(fmt::format(R"("imageUrl":"{}")", url)), "imageUrl is "));
    }
    CHECK(says(with(R"("imageUrl":7)"), "imageUrl is 7"));
    CHECK(says(with(fmt::format(R"("imageUrl":"/{}")", std::string(2048, 'a'))), "2048 bytes at most"));
    CHECK(with(R"("imageUrl":null)").empty());
}

TEST_CASE("a picture is no part of a request that shows none") {
    CHECK(canonical(R"({"type":"term_matching","difficulty":3,"imageUrl":"/images/bird.svg"})") ==
          canonical(R"({"type":"term_matching","difficulty":3})"));
    CHECK(canonical(R"({"type":"image_labeling","difficulty":3,"imageUrl":"/images/bird.svg"})") !=
          canonical(R"({"type":"image_labeling","difficulty":3})"));
    CHECK(
        says(message_for(R"("type":"term_matching","difficulty":3,"imageUrl":"http://x")"), "imageUrl is "));
}

TEST_CASE("a context is an object and no part of the request") {
    CHECK(
        canonical(R"({"type":"term_matching","difficulty":3,"context":{"userId":"u","level":"beginner"}})") ==
        canonical(R"({"type":"term_matching","difficulty":3,"context":null})"));
    CHECK(says(with(R"("context":"beginner")"), "context is \"beginner\", no object"));
    CHECK(says(with(R"("context":[])"), "no object"));
}

TEST_CASE("an unknown member is refused by its name, with the known ones") {
    CHECK(says(with(R"("topic":["colors"])"), "\"topic\""));
    CHECK(says(with(R"("topic":["colors"])"), "topics"));
    CHECK(says(with(R"("":1)"), "\"\""));
    CHECK(with(fmt::format(R"("{}":1)", std::string(5000, 'k'))).size() < 300);
}

}  // namespace exercise_input_test
