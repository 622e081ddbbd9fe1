#include "base/json.hpp"

#include <doctest/doctest.h>

namespace json_test {

using namespace spotter;

TEST_CASE("what Postgres' jsonb cannot hold is refused, with its place") {
    CHECK_FALSE(json::parse(R"({"a":"\u0000"})").has_value());
    CHECK_FALSE(json::parse(R"({"\u0000":1})").has_value());
    CHECK_FALSE(json::parse("{\"a\":\"\xff\"}").has_value());
    CHECK_FALSE(json::parse(R"(["\ud800"])").has_value());
    CHECK(json::parse(R"({"a":)").error().message.find("at byte") != std::string::npos);
}

TEST_CASE("nesting that no honest document has is refused, and does not exhaust the stack") {
    std::string deep(1'000'000, '[');
    CHECK_FALSE(json::parse(deep).has_value());
    CHECK_FALSE(json::parse(std::string(65, '[') + std::string(65, ']')).has_value());
    CHECK(json::parse(std::string(64, '[') + std::string(64, ']')).has_value());
    CHECK(json::parse(std::string(90, '[') + std::string(90, ']'), 90).has_value());
    CHECK_FALSE(json::parse(std::string(91, '[') + std::string(91, ']'), 90).has_value());
}

TEST_CASE("what is written reads back the same, whatever script it is in") {
    std::string text = R"({"name":"Łukasz 🏋️ 李","n":[1,-2.5,1e-7,true,null],"o":{}})";
    auto parsed = json::parse(text);
    REQUIRE(parsed.has_value());
    CHECK(*json::parse(json::write(*parsed)) == *parsed);
}

TEST_CASE("members are found by type, and are absent otherwise") {
    auto parsed = *json::parse(R"({"s":"x","i":3,"d":3.5,"big":1e12,"b":false,"n":null})");
    CHECK(json::text(parsed, "s") == "x");
    CHECK(json::integer(parsed, "i") == 3);
    CHECK_FALSE(json::integer(parsed, "d"));
    CHECK_FALSE(json::integer(parsed, "big"));
    CHECK(json::number(parsed, "d") == 3.5);
    CHECK(json::boolean(parsed, "b") == false);
    CHECK_FALSE(json::text(parsed, "n"));
    CHECK_FALSE(json::text(parsed, "none"));
    CHECK(json::find(*json::parse("[]"), "s") == nullptr);
}

TEST_CASE("a text after the document's end is no part of it") {
    CHECK_FALSE(json::parse("{} {}").has_value());
}

}  // namespace json_test
