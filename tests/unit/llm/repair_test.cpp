#include "llm/repair.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <random>

#include "base/json.hpp"

namespace repair_test {

using namespace spotter;
using llm::json_object_in;

TEST_CASE("an object without anything around it stays as it is") {
    CHECK(json_object_in(R"({"a": [1, 2], "b": {"c": "}"}})") == R"({"a": [1, 2], "b": {"c": "}"}})");
}

TEST_CASE("fences and prose around an object are taken off") {
    CHECK(json_object_in("```json\n{\"a\":1}\n```") == R"({"a":1})");
    CHECK(json_object_in("```\n{\"a\":1}```") == R"({"a":1})");
    CHECK(json_object_in("Here's your program:\n\n{\"a\":1}\n\nIt isn't hard!") == R"({"a":1})");
    CHECK(json_object_in("\xEF\xBB\xBF{\"a\":1}") == R"({"a":1})");
    CHECK(json_object_in("For {goal} I chose {\"a\":1} :-}") == R"({"a":1})");
}

TEST_CASE("trailing commas go, but not those within strings") {
    CHECK(json_object_in(R"({"a":[1,2,],"b":{"c":1 , },})") == R"({"a":[1,2],"b":{"c":1 }})");
    CHECK(json_object_in(R"({"a":"x,]","b":",}","c":"\",]"})") == R"({"a":"x,]","b":",}","c":"\",]"})");
    CHECK(json_object_in(R"({"a":["",]})") == R"({"a":[""]})");
}

TEST_CASE("there is nothing to repair where there is no object, or more than one, or half of one") {
    for (const auto* text :
         {"", "I cannot do that.", "[1,2]", "{", R"({"a":1)", R"({"a":"x)", "{a:1}", "{,}", R"({"a":1,,})",
          R"({"a":1} or {"a":2})", R"([{"a":1},{"a":2}])", R"({"a":1]})", R"({"a":[,]})", "}{"}) {
        CAPTURE(std::string(text));
        CHECK(json_object_in(text) == std::nullopt);
    }
    CHECK(json_object_in("A \"stray quote hides nothing: {}") == "{}");
}

TEST_CASE("hostile text costs no more than its length") {
    CHECK(json_object_in(std::string(4u << 20, '{')) == std::nullopt);
    std::string quotes;
    for (int i = 0; i < 500'000; ++i) quotes += "{\"";
    CHECK(json_object_in(quotes) == std::nullopt);
    CHECK(json_object_in(std::string(1u << 20, '{') + std::string(1u << 20, '}')) == std::nullopt);
}

TEST_CASE("whatever is put around an object or behind its last members, the same object comes out") {
    const unsigned seed = std::random_device{}();
    INFO("seed ", seed);
    std::mt19937 random(seed);
    const auto below = [&](int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(random); };
    const char* texts[] = {"plain", "with , ] and , }", "a \\\"quoted\\\" word", "{", "```", "ö"};
    const char* before[] = {"", "Sure! ", "```json\n", "Using {x}: ", "\n\t"};
    const char* after[] = {"", "\n```", "\nLet me know, if {y} fits.", " }"};

    for (int round = 0; round < 500; ++round) {
        std::string tidy, untidy;
        const int members = 1 + below(4);
        for (int i = 0; i < members; ++i) {
            const std::string list = fmt::format(R"("k{}":["{}",{})", i, texts[below(6)], below(1000));
            tidy += (i ? "," : "{") + list + "]";
            untidy += (i ? "," : "{") + list + (below(2) ? " , ]" : "]");
        }
        tidy += "}";
        untidy += below(2) ? ",\n}" : "}";
        const auto found = json_object_in(before[below(5)] + untidy + after[below(4)]);
        REQUIRE(found);
        CHECK(json::write(json::parse(*found).value()) == json::write(json::parse(tidy).value()));
    }
}

}  // namespace repair_test
