#include "llm/capabilities.hpp"

#include <doctest/doctest.h>

namespace capabilities_test {

using namespace spotter;
using namespace spotter::llm;
using Format = Capabilities::Format;
using TokenLimit = Capabilities::TokenLimit;

namespace {

std::string about(std::string_view param, std::string_view message,
                  std::string_view code = "unsupported_parameter") {
    return "{\"error\":{\"message\":\"" + std::string(message) + "\",\"param\":\"" + std::string(param) +
           "\",\"code\":\"" + std::string(code) + "\"}}";
}

TokenLimit presumed(const char* url) {
    return presumed_capabilities(net::parse_url(url).value()).token_limit;
}

}  // namespace

TEST_CASE("OpenAI and Azure are asked in the new way first, others in the way they all know") {
    CHECK(presumed("https://api.openai.com/v1") == TokenLimit::max_completion_tokens);
    CHECK(presumed("https://me.openai.azure.com/openai/v1") == TokenLimit::max_completion_tokens);
    CHECK(presumed("http://127.0.0.1:11434/v1") == TokenLimit::max_tokens);
    CHECK(presumed("https://notazure.com/v1") == TokenLimit::max_tokens);
}

TEST_CASE("a refused response format steps down to json_object and then to none") {
    Capabilities sent;
    const auto body = about("response_format", "'response_format' of type 'json_schema' is not supported");
    sent = stepped_down(sent, 400, body).value();
    CHECK(sent.format == Format::json_object);
    sent = stepped_down(sent, 400, body).value();
    CHECK(sent.format == Format::none);
    CHECK_FALSE(stepped_down(sent, 400, body));
    CHECK(stepped_down({}, 400, R"({"object":"error","message":"Grammar error: unsupported keyword"})"));
    CHECK(stepped_down({}, 422, R"({"detail":[{"msg":"response_format: extra fields not permitted"}]})"));
}

TEST_CASE("a refused token limit goes by the other name, and then is left out") {
    Capabilities sent;
    const char* reasoning =
        "Unsupported parameter: 'max_tokens' is not supported with this model. "
        "Use 'max_completion_tokens' instead.";
    sent = stepped_down(sent, 400, about("max_tokens", reasoning)).value();
    CHECK(sent.token_limit == TokenLimit::max_completion_tokens);
    sent = stepped_down(sent, 400, about("", "Unknown parameter: max_completion_tokens")).value();
    CHECK(sent.token_limit == TokenLimit::none);
    CHECK_FALSE(stepped_down(sent, 400, about("", "Unknown parameter: max_completion_tokens")));
}

TEST_CASE("a refused temperature is left out") {
    const auto less =
        stepped_down({}, 400, about("temperature", "Only the default (1) is supported", "unsupported_value"));
    REQUIRE(less);
    CHECK_FALSE(less->temperature);
    CHECK(less->format == Format::json_schema);
    CHECK_FALSE(stepped_down(*less, 400, about("temperature", "still refused")));
}

TEST_CASE("a 400 about a value, the context or something else takes nothing away") {
    CHECK_FALSE(
        stepped_down({}, 400, about("max_tokens", "max_tokens is too large: 100000", "invalid_value")));
    CHECK_FALSE(stepped_down(
        {}, 400, about("max_tokens", "maximum context length is 4096", "context_length_exceeded")));
    CHECK_FALSE(stepped_down({}, 400, about("messages", "messages must not be empty")));
    CHECK_FALSE(stepped_down({}, 400, about("", "max_tokens_per_day is used up")));
    CHECK_FALSE(stepped_down({}, 400, "not json: temperatures are rising"));
    CHECK_FALSE(stepped_down({}, 500, about("response_format", "response_format")));
}

TEST_CASE("stepping down ends, whatever the server refuses") {
    Capabilities sent;
    const auto everything =
        about("", "response_format, max_tokens, max_completion_tokens and temperature are unknown");
    int steps = 0;
    while (const auto less = stepped_down(sent, 400, everything)) {
        sent = *less;
        REQUIRE(++steps <= 5);
    }
    CHECK(steps == 5);
}

}  // namespace capabilities_test
