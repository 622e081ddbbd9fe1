#include "llm/completion.hpp"

#include <doctest/doctest.h>

#include "base/json.hpp"
#include "support/behaviour.hpp"

namespace completion_test {

using namespace spotter;
using namespace spotter::llm;
using Kind = Failure::Kind;

namespace {

const std::chrono::system_clock::time_point now{};

Result<Reply, Failure> read(std::string body, int status = 200, net::Headers headers = {}) {
    net::HttpResponse response;
    response.status = status;
    response.headers = std::move(headers);
    response.body = std::move(body);
    return read_completion(response, now);
}

Kind failure(std::string body, int status = 200) {
    const auto outcome = read(std::move(body), status);
    REQUIRE(outcome.has_error());
    return outcome.error().kind;
}

std::string choice(const std::string& message, const std::string& finish) {
    return R"({"choices":[{"message":)" + message + R"(,"finish_reason":)" + finish + "}]}";
}

Prompt prompt() {
    return {"be brief", "say \"hi\"\n", "greeting", R"({"type": "object"})", 99};
}

}  // namespace

TEST_CASE("a request asks for the schema strictly, with the limits it was given") {
    const auto body = completion_body("m", prompt(), {}, 0.5);
    CHECK(body == R"({"model":"m","messages":[{"role":"system","content":"be brief"},)"
                  R"({"role":"user","content":"say \"hi\"\n"}],)"
                  R"("response_format":{"type":"json_schema","json_schema":{"name":"greeting","strict":true,)"
                  R"("schema":{"type": "object"}}},"max_tokens":99,"temperature":0.5})");
}

TEST_CASE("a request leaves out what the server does not take") {
    Capabilities few;
    few.format = Capabilities::Format::json_object;
    few.token_limit = Capabilities::TokenLimit::max_completion_tokens;
    few.temperature = false;
    auto document = json::parse(completion_body("m", prompt(), few, 0.5)).value();
    CHECK(json::text(*json::find(document, "response_format"), "type") == "json_object");
    CHECK(json::integer(document, "max_completion_tokens") == 99);
    CHECK_FALSE(json::find(document, "temperature"));
    CHECK_FALSE(json::find(document, "max_tokens"));

    few.format = Capabilities::Format::none;
    few.token_limit = Capabilities::TokenLimit::none;
    document = json::parse(completion_body("m", prompt(), few, std::nullopt)).value();
    CHECK(document.MemberCount() == 2);
}

TEST_CASE("a completion is read with its text, model, tokens and id") {
    const auto reply = read(test::completion_json("{\"a\":1}")).value();
    CHECK(reply.finish == Finish::stop);
    CHECK(reply.text == "{\"a\":1}");
    CHECK(reply.model == "scripted-model");
    CHECK(reply.usage.input == 11);
    CHECK(reply.usage.output == 7);
    CHECK(reply.request_id == "chatcmpl-scripted");
    CHECK(read(test::completion_json("x"), 200, {{"X-Request-Id", "r"}})->request_id == "r");
    // What is no text could not be stored, and would keep the answer from being so.
    CHECK(read(test::completion_json("x"), 200, {{"X-Request-Id", "caf\xe9"}})->request_id ==
          "chatcmpl-scripted");
}

TEST_CASE("how an answer ended is told apart") {
    CHECK(read(test::completion_json("{", "length"))->finish == Finish::truncated);
    CHECK(read(test::completion_json("", "content_filter"))->finish == Finish::refused);
    CHECK(read(choice(R"({"content":null,"refusal":"I cannot"})", R"("stop")"))->finish == Finish::refused);
    CHECK(read(choice(R"({"content":null,"refusal":"I cannot"})", R"("stop")"))->text == "I cannot");
    CHECK(read(choice(R"({"content":null})", R"("length")"))->finish == Finish::truncated);
    CHECK(read(R"({"error":{"code":"content_filter","message":"filtered"}})", 400)->finish ==
          Finish::refused);
}

TEST_CASE("an answer that does not say how it ended is none") {
    CHECK(failure(choice(R"({"content":"{}"})", "null")) == Kind::malformed);
    CHECK(failure(R"({"choices":[{"message":{"content":"{}"}}]})") == Kind::malformed);
    CHECK(failure(choice(R"({"content":"{}"})", R"("tool_calls")")) == Kind::malformed);
}

TEST_CASE("a 200 that is no completion is a failure") {
    for (const auto* body : {"", "<html>sign in</html>", "{}", "[]", R"({"choices":[]})", R"({"choices":{}})",
                             R"({"choices":[7]})", R"({"choices":[{"finish_reason":"stop"}]})",
                             R"({"choices":[{"finish_reason":"stop","message":{"content":7}}]})"}) {
        CAPTURE(body);
        CHECK(failure(body) == Kind::malformed);
    }
}

TEST_CASE("a 200 with an error object is a failure, and one whose error is null is not") {
    CHECK(failure(R"({"error":{"code":429,"message":"slow"},"choices":[]})") == Kind::rate_limited);
    CHECK(failure(R"({"error":"out of memory"})") == Kind::malformed);
    CHECK(read(R"({"error":null,"choices":[{"message":{"content":"{}"},"finish_reason":"stop"}]})")
              .has_value());
}

TEST_CASE("token counts that are missing or nonsense are unknown, never zero") {
    const auto usage = [](const std::string& text) {
        return read(R"({"choices":[{"message":{"content":"{}"},"finish_reason":"stop"}],"usage":)" + text +
                    "}")
            ->usage;
    };
    for (const auto* text : {"null", "{}", "7", R"({"prompt_tokens":-1,"completion_tokens":-1})",
                             R"({"prompt_tokens":"many","completion_tokens":1.5})",
                             R"({"prompt_tokens":99999999999,"completion_tokens":null})"}) {
        CAPTURE(text);
        CHECK_FALSE(usage(text).input);
        CHECK_FALSE(usage(text).output);
    }
    CHECK(usage(R"({"prompt_tokens":0,"completion_tokens":3})").input == 0);
}

TEST_CASE("no bytes that a server may send make reading fail otherwise than by a value") {
    const std::string whole = test::completion_json("{\"a\":[1,2,{\"b\":\"ö\"}]}");
    for (std::size_t length = 0; length < whole.size(); ++length)
        CHECK(failure(whole.substr(0, length)) == Kind::malformed);
    CHECK(failure(std::string(100'000, '[')) == Kind::malformed);
    CHECK(failure("{\"choices\":\"\xff\xfe\"}") == Kind::malformed);
}

}  // namespace completion_test
