#include "llm/server_error.hpp"

#include <doctest/doctest.h>

namespace server_error_test {

using namespace spotter::llm;

namespace {

std::string message_of(std::string_view body) {
    return read_server_error(body).message;
}

}  // namespace

TEST_CASE("a server's message is found in the shapes that servers use") {
    CHECK(message_of(R"({"error":{"message":"openai"}})") == "openai");
    CHECK(message_of(R"({"error":"ollama"})") == "ollama");
    CHECK(message_of(R"({"object":"error","message":"vllm","code":400})") == "vllm");
    CHECK(message_of(R"({"detail":"fastapi"})") == "fastapi");
    CHECK(message_of(R"({"detail":[{"loc":["body"],"msg":"field required"}]})") == "field required");
    CHECK(message_of(R"([{"error":{"message":"gemini"}}])") == "gemini");
    CHECK(message_of("upstream connect error") == "upstream connect error");
}

TEST_CASE("a page, a broken document and an empty body have no message") {
    for (const auto* body :
         {"<html><body>Bad gateway</body></html>", "", "  ", R"({"error":{"mess)", "[]", "3", "null"})
        CHECK(message_of(body).empty());
}

TEST_CASE("a code may be a number") {
    CHECK(read_server_error(R"({"error":{"code":429}})").code == "429");
    CHECK(read_server_error(R"({"error":{"code":null,"param":"temperature"}})").param == "temperature");
}

TEST_CASE("a message shows neither our key nor anything that reads like one") {
    CHECK(safe_message("the key tok_123 is wrong", "tok_123", "") == "the key [key] is wrong");
    CHECK(safe_message("Incorrect API key provided: sk-proj-ab***xy.", "other", "") ==
          "Incorrect API key provided: [key].");
    CHECK(safe_message("a risk-based desk-job", "", "") == "a risk-based desk-job");
}

TEST_CASE("a message that quotes the prompt is cut where the quotation begins") {
    const std::string prompt =
        "Onboarding of Maria: she is 41 years old and her left knee hurts since March.";
    const std::string message = "invalid input: 'Onboarding of Maria: she is 41 years old and her left knee'";
    CHECK(safe_message(message, "", prompt) == "invalid input: '[…]");
    CHECK(safe_message("max_tokens is too large", "", prompt) == "max_tokens is too large");
}

TEST_CASE("a message is one line of at most 300 bytes, cut at a character's boundary") {
    const std::string long_text = "x\n" + std::string(1000, 'y');
    CHECK(safe_message(long_text, "", "").size() == 300);
    CHECK(safe_message("a\r\nb\x01", "", "") == "a  b ");
    std::string wide;
    for (int i = 0; i < 200; ++i) wide += "\xE2\x82\xAC";  // three bytes each
    const auto cut = safe_message("x" + wide, "", "");
    CHECK(cut.size() == 298);
    CHECK(cut.ends_with("\xE2\x82\xAC"));
}

}  // namespace server_error_test
