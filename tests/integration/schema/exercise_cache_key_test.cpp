#include <doctest/doctest.h>

#include <random>

#include "integration/schema/exercise_cache.hpp"
#include "work/exercise/input.hpp"

// What an exercise is known by, and which inputs the database refuses.

namespace exercise_cache_key_test {

using namespace spotter::test;
namespace exercises = spotter::work::exercises;

namespace {

const std::string plain = R"({"type": "contextual_fill", "difficulty": 3, "topics": ["anatomy", "colors"]})";

/// An input with one member more, or another.
std::string with(std::string_view member, std::string_view value) {
    std::string type = member == "type" ? "" : R"("type": "contextual_fill", )";
    std::string difficulty = member == "difficulty" ? "" : R"("difficulty": 3, )";
    return fmt::format(R"({{{}{}"{}": {}}})", type, difficulty, member, value);
}

std::string repeated(std::string_view text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += (i ? ", " : "") + std::string(text);
    return all;
}

struct Refused {
    std::string input, says;
};

const std::vector<Refused>& refused() {
    static const std::vector<Refused> list = {
        {"{}", "type is missing"},
        {with("type", "\"quiz\""), R"(type is "quiz", which is not known)"},
        {with("type", "5"), "type is 5, which is not known"},
        {with("difficulty", "0"), "difficulty is 0"},
        {with("difficulty", "6"), "difficulty is 6"},
        {with("difficulty", "2.5"), "difficulty is 2.5"},
        {with("difficulty", "1e400"), "difficulty is 1000"},
        {with("difficulty", "\"3\""), R"(difficulty is "3")"},
        {with("difficulty", "null"), "difficulty is missing"},
        {with("topics", "\"colors\""), R"(topics is "colors", no array)"},
        {with("topics", "[" + repeated("\"a\"", 21) + "]"), "topics lists 21 topics"},
        {with("topics", "[" + repeated("\"a\"", 1000) + "]"), "topics lists 1000 topics"},
        {with("topics", R"(["a", " \t\n"])"), "topics[1] is blank"},
        {with("topics", "[null]"), "topics[0] is null, no text"},
        {with("topics", "[{}]"), "topics[0] is {}, no text"},
        {with("topics", "[\"" + std::string(101, 'x') + "\"]"), "topics[0] is longer than 100 characters"},
        {with("imageUrl", "\"http://example.org/a.png\""), R"(imageUrl is "http://example.org/a.png")"},
        {with("imageUrl", "\"//example.org/a.png\""), "imageUrl is"},
        {with("imageUrl", "\"https://ada:secret@example.org/a.png\""), "imageUrl is"},
        {with("imageUrl", "\"/" + std::string(2048, 'a') + "\""), "imageUrl is"},
        {with("imageUrl", "7"), "imageUrl is 7"},
        {with("context", "[]"), "context is [], no object"},
        {with("colour", "1"), R"(the input has a member "colour", which is not known)"},
    };
    return list;
}

/// Inputs in the neighbourhood of right ones. Without ports and IPv6 addresses, which the daemon's library
/// takes more lightly.
std::string random_input(std::mt19937& random) {
    auto pick = [&](std::initializer_list<const char*> of) {
        return std::string(of.begin()[random() % of.size()]);
    };
    std::string url;
    for (auto parts = random() % 5; parts > 0; --parts)
        url += pick({"a", ".", "/", "//", "?", "#", "%41", "%4", "@", " ", "<", "é", "*", "~", "{", "'", "^",
                     "1.2.3.4"});
    std::string input = R"("type": )" + pick({"\"contextual_fill\"", "\"image_labeling\"",
                                              "\"term_matching\"", "\"quiz\"", "null"});
    input += R"(, "difficulty": )" + pick({"1", "3", "5", "3.0", "2", "0", "\"3\"", "2.5", "true"});
    if (random() % 2)
        input += R"(, "topics": )" + pick({"[]", "null", R"([" A ", "a"])", R"([""])", "[1]", R"("a")",
                                           R"(["ÉÑ", "\u00a0"])", "{}"});
    if (random() % 2)
        input += R"(, "imageUrl": ")" +
                 pick({"https://h", "https://", "HTTPS://b.example.org/", "/", "http://h/", ""}) + url + "\"";
    if (random() % 4 == 0) input += R"(, "context": )" + pick({"{}", "null", "1", "[]", R"({"a": 1})"});
    if (random() % 20 == 0) input += R"(, "Type": 1)";
    return "{" + input + "}";
}

}  // namespace

TEST_CASE("an input that cannot be right is refused when it is inserted, and the message names the member") {
    Exercises app;
    for (const Refused& wrong : refused()) {
        CAPTURE(wrong.input.substr(0, 200));
        auto said = as_role(app.db, "authenticated", app.ada,
                            fmt::format("insert into public.generation_requests (user_id, kind, input) "
                                        "values ('{}', 'exercise', {})",
                                        app.ada, literal(wrong.input)));
        CHECK(said.sqlstate == "22023");
        CAPTURE(said.message);
        CHECK(said.message.find(wrong.says) != std::string::npos);
        CHECK_FALSE(exercises::read_request(wrong.input).has_value());
    }
    CHECK(app.value("select problem[2] from (select spotter.exercise_problem('{\"type\": "
                    "\"contextual_fill\", \"difficulty\": 6}') "
                    "as problem) x") ==
          "Write a whole number from 1 (first words) to 5, without quotation marks.");
}

TEST_CASE(
    "an input cannot be changed into one that is refused; what refreshes the cache is not looked at again") {
    Exercises app;
    std::string id = app.ask(plain);
    auto said =
        as_role(app.db, "authenticated", app.ada,
                fmt::format("update public.generation_requests set input = '{{}}' where id = '{}'", id));
    CHECK(said.sqlstate == "22023");
    CHECK(as_role(app.db, "spotter_worker", "",
                  "insert into public.generation_requests (kind, input, generation_purpose) values "
                  "('exercise', '{}', 'refresh')")
              .ok());
}

TEST_CASE("the database lets in what the daemon reads, and nothing else") {
    Exercises app;
    const auto seed = std::random_device()();
    INFO("seed ", seed);
    std::mt19937 random(seed);
    std::vector<std::string> inputs;
    for (int i = 0; i < 3000; ++i) inputs.push_back(random_input(random));
    std::string list;
    for (const std::string& input : inputs) list += (list.empty() ? "" : ",") + input;
    auto rows = app.sql(
        "select spotter.exercise_problem(j) is null, spotter.exercise_request(j), "
        "       spotter.exercise_request(spotter.exercise_request(j)) "
        "  from jsonb_array_elements(" +
        literal("[" + list + "]") + ") with ordinality as a(j, n) order by n");
    REQUIRE(rows.size() == static_cast<int>(inputs.size()));
    int accepted = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const auto row = rows[static_cast<int>(i)];
        CAPTURE(inputs[i]);
        auto request = exercises::read_request(inputs[i]);
        REQUIRE(request.has_value() == row[0].as<bool>());
        if (!request) continue;
        ++accepted;
        auto canonical = exercises::read_request(row[1].as<std::string>());
        REQUIRE(canonical.has_value());
        CHECK(exercises::canonical_text(*canonical) == exercises::canonical_text(*request));
        CHECK(row[2].as<std::string>() == row[1].as<std::string>());
    }
    CHECK(accepted > 100);
}

TEST_CASE("what asks for the same exercise has the same key, and what does not has another") {
    Exercises app;
    const std::string key = app.key(plain);
    CHECK(key.size() == 64);
    for (
        const char* same :
        {R"({"difficulty": 3.0, "topics": [" Colors", "ANATOMY\n", "colors"], "type": "contextual_fill"})",
         R"({"type": "contextual_fill", "difficulty": 3, "topics": ["anatomy", "colors"], "context": {"a": 1}})",
         R"({"type": "contextual_fill", "difficulty": 3, "topics": ["anatomy", "colors"], "imageUrl": "/a.svg"})",
         R"({"type": "contextual_fill", "difficulty": 3, "topics": ["anatomy", "colors"], "imageUrl": null})"}) {
        CAPTURE(same);
        CHECK(app.key(same) == key);
    }
    for (const char* other :
         {R"({"type": "term_matching", "difficulty": 3, "topics": ["anatomy", "colors"]})",
          R"({"type": "contextual_fill", "difficulty": 4, "topics": ["anatomy", "colors"]})",
          R"({"type": "contextual_fill", "difficulty": 3, "topics": ["anatomy"]})",
          R"({"type": "contextual_fill", "difficulty": 3, "topics": ["anatomy\", \"colors"]})",
          R"({"type": "contextual_fill", "difficulty": 3, "topics": ["anatomy, colors"]})",
          R"({"type": "contextual_fill", "difficulty": 3})"}) {
        CAPTURE(other);
        CHECK(app.key(other) != key);
    }
    CHECK(app.key(with("topics", "null")) == app.key(with("topics", "[]")));
    CHECK(app.value("select spotter.exercise_key(null, " + literal(plain) + ", null, 'v2')") != key);
    const std::string label = R"({"type": "image_labeling", "difficulty": 1, "imageUrl": )";
    CHECK(app.key(label + R"("/a.svg"})") != app.key(label + R"("/b.svg"})"));
    CHECK(app.key(label + R"("/a.svg"})") != app.key(label + "null}"));
}

TEST_CASE("the case of letters that only some locales know is left as it is, in every locale") {
    Exercises app;
    CHECK(app.key(with("topics", R"(["ÁRBOL"])")) != app.key(with("topics", R"(["árbol"])")));
    CHECK(app.value("select spotter.exercise_topics('[\"Éb\", \"z\", \"Z\", \"a b\", \"ab\"]')") ==
          R"({"a b",ab,z,Éb})");
}

TEST_CASE("an input that is refused has a key to itself, and no entry answers it") {
    Exercises app;
    app.cache({with("topics", "[]")});
    for (const Refused& wrong : refused()) {
        CAPTURE(wrong.input.substr(0, 200));
        CHECK(app.key(wrong.input) != app.key(with("topics", "[]")));
        CHECK_FALSE(app.cached(wrong.input));
    }
    CHECK(app.key(with("imageUrl", "\"http://a\"")) != app.key(with("imageUrl", "\"http://b\"")));
}

TEST_CASE("an input that slipped in and will be refused is not answered by the entry of one that is right") {
    Exercises app;
    app.cache({plain});
    app.sql("alter table public.generation_requests disable trigger spotter_0_request_exercise");
    app.ask(plain);
    app.ask(
        R"({"type": "contextual_fill", "difficulty": 3, "topics": ["anatomy", "colors"], "imageUrl": "http://a"})");
    auto claimed = app.claim();
    CHECK(claimed.hits == 1);
    REQUIRE(claimed.rows.size() == 1);
    auto request = exercises::read_request(claimed.rows[0].input);
    REQUIRE_FALSE(request.has_value());
    CHECK(request.error().message.starts_with("imageUrl is"));
}

TEST_CASE("a key and an input can be had of whatever the JSON holds") {
    Exercises app;
    for (const char* odd :
         {"null", "1", "\"x\"", "[]", "[1]", "{}", "true", R"({"type": {"type": "contextual_fill"}})"}) {
        CAPTURE(odd);
        CHECK(app.key(odd).size() == 64);
        CHECK(app.value(fmt::format("select spotter.exercise_input(null, '{}', null)", odd)) == odd);
    }
    CHECK(app.value("select length(spotter.exercise_key(null, null, null, 'v1'))") == "64");
    CHECK(app.value("select spotter.exercise_input(null, null, null) is null") == "t");
    CHECK(
        app.value("select spotter.exercise_input(null, " + literal(plain) + ", null)") ==
        R"({"type": "contextual_fill", "topics": ["anatomy", "colors"], "imageUrl": null, "difficulty": 3})");
}

}  // namespace exercise_cache_key_test
