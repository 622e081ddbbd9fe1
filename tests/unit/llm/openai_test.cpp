#include "llm/openai.hpp"

#include <doctest/doctest.h>

#include "base/json.hpp"
#include "support/loop.hpp"
#include "support/ports.hpp"
#include "support/scripted_model.hpp"

namespace openai_test {

using namespace spotter;
using namespace spotter::llm;
using namespace spotter::test;
using namespace std::chrono_literals;
using Kind = Failure::Kind;

namespace {

const char* const prompt = "Maria is 41 years old, trains three days a week, and her left knee hurts.";

struct Asked {
    explicit Asked(const std::string& url, net::HttpSettings http = {})
        : client(loop.context.get_executor(), std::move(http)), provider(client, settings(url)) {}

    Result<Reply, Failure> ask(std::chrono::milliseconds patience = 60s) {
        Request request;
        request.prompt = [] { return Prompt{"be brief", prompt, "s", R"({"type":"object"})", 100}; };
        request.deadline = std::chrono::steady_clock::now() + patience;
        return loop.run(one(request)).value();
    }
    Kind failure() { return ask().error().kind; }

    Loop loop;
    net::HttpClient client;
    OpenAi provider;

  private:
    static OpenAiSettings settings(const std::string& url) {
        OpenAiSettings out;
        out.base_url = net::parse_url(url).value();
        out.key = Secret("sk-very-secret-key");
        out.model = "gpt-test";
        out.temperature = 0.2;
        return out;
    }
    boost::asio::awaitable<std::optional<Result<Reply, Failure>>> one(const Request& request) {
        co_return co_await provider.complete(request);
    }
};

json::Document body_of(const ScriptedModel& server, std::size_t index) {
    return json::parse(server.request(index).body).value();
}

}  // namespace

TEST_CASE("a completion is asked for and read, with a trailing slash in the base URL or without") {
    for (const auto* slash : {"", "/"}) {
        ScriptedModel server;
        server.then(completion(R"({"ok":true})"));
        Asked asked(server.url() + slash);
        const auto reply = asked.ask().value();
        CHECK(reply.text == R"({"ok":true})");
        CHECK(reply.finish == Finish::stop);
        CHECK(reply.request_id == "req-scripted");
        CHECK(reply.usage.output == 7);

        const auto seen = server.request(0);
        CHECK(seen.method == "POST");
        CHECK(seen.target == "/v1/chat/completions");
        CHECK(net::find_header(seen.headers, "authorization") == "Bearer sk-very-secret-key");
        CHECK(net::find_header(seen.headers, "content-type") == "application/json");
        const auto body = body_of(server, 0);
        CHECK(json::text(body, "model") == "gpt-test");
        CHECK(json::integer(body, "max_tokens") == 100);
        CHECK(json::text(*json::find(body, "response_format"), "type") == "json_schema");
    }
}

TEST_CASE("a refused parameter is left out at once, and never sent again") {
    ScriptedModel server;
    server.then(refusal(400, "unsupported_parameter", "response_format json_schema is not supported"));
    server.then(refusal(400, "unsupported_parameter",
                        "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'"));
    server.then(refusal(400, "unsupported_value", "temperature does not support 0.2"));
    Asked asked(server.url());
    CHECK(asked.ask().has_value());
    CHECK(server.requests() == 4);
    CHECK(asked.ask().has_value());
    CHECK(server.requests() == 5);

    const auto body = body_of(server, 4);
    CHECK(json::text(*json::find(body, "response_format"), "type") == "json_object");
    CHECK(json::integer(body, "max_completion_tokens") == 100);
    CHECK_FALSE(json::find(body, "max_tokens"));
    CHECK_FALSE(json::find(body, "temperature"));
}

TEST_CASE("a server that refuses everything for ever is asked only a few times") {
    ScriptedModel server;
    server.always(
        refusal(400, "", "response_format, max_tokens, max_completion_tokens, temperature: unknown"));
    Asked asked(server.url());
    CHECK(asked.failure() == Kind::rejected);
    CHECK(server.requests() == 6);
    CHECK(asked.failure() == Kind::rejected);
    CHECK(server.requests() == 7);
}

TEST_CASE("calls that are refused together step down together") {
    constexpr int calls = 20;
    ScriptedModel server;
    server.always([](const ReceivedRequest& request) {
        const bool schema = request.body.find("json_schema") != std::string::npos;
        return schema ? held(refusal(400, "", "json_schema is not supported")) : completion("{}");
    });
    Asked asked(server.url());
    int answered = 0;
    auto call = [](OpenAi& provider, int& right) -> boost::asio::awaitable<void> {
        Request request;
        request.prompt = [] { return Prompt{.user = "x", .schema_name = "s", .schema = "{}"}; };
        request.deadline = std::chrono::steady_clock::now() + 60s;
        const auto reply = co_await provider.complete(request);
        if (reply) ++right;
    };
    int done = 0;
    for (int i = 0; i < calls; ++i)
        boost::asio::co_spawn(asked.loop.context, call(asked.provider, answered),
                              [&](std::exception_ptr) { ++done; });
    asked.loop.run_until([&] { return server.open() == calls; });
    server.release();
    asked.loop.run_until([&] { return done == calls; });
    CHECK(answered == calls);
    CHECK(server.requests() == 2 * calls);
    CHECK(asked.provider.capabilities().format == Capabilities::Format::json_object);
}

TEST_CASE("a refusal, a filter and the token limit are ends of an answer") {
    ScriptedModel server;
    Asked asked(server.url());
    server.then(completion("{\"half", "length"));
    CHECK(asked.ask()->finish == Finish::truncated);
    server.then(refusal(400, "content_filter", "filtered by policy"));
    CHECK(asked.ask()->finish == Finish::refused);
    server.then(completion("", "content_filter"));
    CHECK(asked.ask()->finish == Finish::refused);
}

TEST_CASE("each way in which a server fails has its kind, and none is retried here") {
    ScriptedModel server;
    Asked asked(server.url());
    const auto kind = [&](Behaviour behaviour) {
        const int before = server.requests();
        server.then(std::move(behaviour));
        const auto failure = asked.failure();
        CHECK(server.requests() == before + 1);
        return failure;
    };
    CHECK(kind(answer("{}", 500)) == Kind::overloaded);
    CHECK(kind(answer("{}", 529)) == Kind::overloaded);
    CHECK(kind(refusal(429, "rate_limit_exceeded", "slow down")) == Kind::rate_limited);
    CHECK(kind(refusal(429, "insufficient_quota", "no money")) == Kind::quota);
    CHECK(kind(refusal(401, "invalid_api_key", "bad key")) == Kind::unauthorized);
    CHECK(kind(refusal(404, "model_not_found", "no such model")) == Kind::misconfigured);
    CHECK(kind(refusal(400, "context_length_exceeded", "too long")) == Kind::context_length);
    CHECK(kind(answer("", 307, {{"Location", "http://127.0.0.1:1/"}})) == Kind::misconfigured);
    CHECK(kind(answer("<html>hello</html>")) == Kind::malformed);
    CHECK(kind(answer(R"({"error":{"message":"boom"}})")) == Kind::malformed);
    CHECK(kind(garbage()) == Kind::malformed);
    CHECK(kind(answer(std::string(10u << 20, 'x'))) == Kind::malformed);
    CHECK(kind(cut(completion("{}"), 150)) == Kind::unreachable);
    const BadPort nobody(BadPort::Manner::refusing);
    CHECK(Asked("http://127.0.0.1:" + std::to_string(nobody.number())).failure() == Kind::unreachable);
}

TEST_CASE("a silent server times out by the client's patience or by the row's deadline") {
    ScriptedModel server;
    server.always(silence());
    net::HttpSettings impatient;
    impatient.timeouts.first_byte = 30ms;
    CHECK(Asked(server.url(), impatient).failure() == Kind::timeout);
    Asked patient(server.url());
    CHECK(patient.ask(30ms).error().kind == Kind::timeout);
}

TEST_CASE("a certificate nobody vouches for is an operator's matter") {
    ScriptedModelOptions options;
    options.tls = true;
    ScriptedModel server(options);
    CHECK(Asked(server.url()).failure() == Kind::certificate);
    net::HttpSettings trusting;
    trusting.ca_file = server.ca_file();
    CHECK(Asked(server.url(), trusting).ask().has_value());
}

TEST_CASE("a server's wait and advice come with the failure") {
    ScriptedModel server;
    server.then(
        refusal(429, "rate_limit_exceeded", "slow", {{"retry-after", "1.5"}, {"x-should-retry", "false"}}));
    const auto failure = Asked(server.url()).ask().error();
    CHECK(failure.status == 429);
    CHECK(failure.retry_after == 1500ms);
    CHECK(failure.should_retry == false);
}

TEST_CASE("no message shows the key or the prompt, however the server quotes them") {
    ScriptedModel server;
    Asked asked(server.url());
    server.then(refusal(401, "invalid_api_key", "Incorrect API key provided: sk-very-secret-key"));
    CHECK(asked.ask().error().message.find("secret") == std::string::npos);
    server.always([](const ReceivedRequest& request) { return answer("bad input: " + request.body, 422); });
    const auto message = asked.ask().error().message;
    CHECK(message.starts_with("bad input"));
    CHECK(message.find("left knee") == std::string::npos);
    CHECK(message.size() <= 300);
}

}  // namespace openai_test
