#include "base/log.hpp"

#include <doctest/doctest.h>

#include "base/json.hpp"

namespace log_test {

using namespace spotter;
using log::Format;
using log::Level;

TEST_CASE("a line of text quotes what would not stand alone") {
    CHECK(log::line(Format::text, Level::info, "settled", {{"row", "a"}, {"ms", 12}, {"why", "two words"}}) ==
          R"(info settled row=a ms=12 why="two words")");
    CHECK(log::line(Format::text, Level::warn, "x", {{"empty", ""}, {"lines", "a\nb"}}) ==
          R"(warn x empty="" lines="a\nb")");
}

TEST_CASE("a line of JSON is JSON whatever the values hold, and numbers stay numbers") {
    std::string line =
        "{" + log::line(Format::json, Level::error, "e", {{"a", "\"}{\n"}, {"n", 1.5}, {"b", true}});
    auto parsed = json::parse(line);
    REQUIRE(parsed.has_value());
    CHECK(json::text(*parsed, "level") == "error");
    CHECK(json::text(*parsed, "a") == "\"}{\n");
    CHECK(json::number(*parsed, "n") == 1.5);
    CHECK(json::boolean(*parsed, "b") == true);
}

TEST_CASE("a brace in a value means nothing to the formatter") {
    CHECK(log::line(Format::text, Level::info, "e", {{"a", "{}{0}"}}) == "info e a={}{0}");
}

}  // namespace log_test
