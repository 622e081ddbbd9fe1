#include "llm/classify.hpp"

#include <doctest/doctest.h>

namespace classify_test {

using namespace spotter;
using namespace std::chrono_literals;
using Kind = llm::Failure::Kind;
using std::chrono::milliseconds;
using std::chrono::system_clock;

namespace {

/// Sun, 06 Nov 1994 08:49:37 GMT
const system_clock::time_point now = system_clock::from_time_t(784111777);

Kind kind_of(int status, std::string_view body = "") {
    return llm::classify_status(status, {}, body, now).kind;
}

Kind embedded(std::string_view body) {
    const auto document = json::parse(body);
    return llm::classify_embedded(*document, {}, now).kind;
}

std::optional<milliseconds> wait_for(net::Headers headers) {
    return llm::server_wait(headers, now);
}

}  // namespace

TEST_CASE("a status says what kind of failure it is") {
    CHECK(kind_of(429) == Kind::rate_limited);
    for (int status : {408, 409, 500, 502, 503, 504, 529, 599}) CHECK(kind_of(status) == Kind::overloaded);
    for (int status : {401, 403}) CHECK(kind_of(status) == Kind::unauthorized);
    for (int status : {301, 307, 404, 405}) CHECK(kind_of(status) == Kind::misconfigured);
    for (int status : {400, 413, 422}) CHECK(kind_of(status) == Kind::rejected);
    CHECK(kind_of(402) == Kind::quota);
}

TEST_CASE("a 429 whose money or quota is gone is told from one that only asks for patience") {
    CHECK(kind_of(429, R"({"error":{"code":"insufficient_quota","message":"You exceeded your quota"}})") ==
          Kind::quota);
    CHECK(kind_of(429, R"({"error":{"type":"insufficient_quota","code":null}})") == Kind::quota);
    CHECK(kind_of(429, R"({"error":{"code":"credit_balance_exhausted"}})") == Kind::quota);
    CHECK(kind_of(429, R"({"error":{"code":"project_spend_limit_exceeded"}})") == Kind::quota);
    CHECK(kind_of(429, R"({"error":{"code":"rate_limit_exceeded","message":"Limit 500 a day"}})") ==
          Kind::rate_limited);
}

TEST_CASE("a prompt that does not fit is known in the words of several servers") {
    CHECK(kind_of(400, R"({"error":{"code":"context_length_exceeded","message":"too long"}})") ==
          Kind::context_length);
    CHECK(
        kind_of(
            400,
            R"({"object":"error","message":"This model's maximum context length is 4096 tokens.","code":400})") ==
        Kind::context_length);
    CHECK(kind_of(400, R"({"error":{"code":400,"message":"the request exceeds the available context size",)"
                       R"("type":"exceed_context_size_error"}})") == Kind::context_length);
    CHECK(kind_of(413, R"({"error":{"message":"prompt is too long: 210000 tokens"}})") ==
          Kind::context_length);
    CHECK(kind_of(500, R"({"error":{"message":"context length"}})") == Kind::overloaded);
}

TEST_CASE("a 400 about the model or the key is not the request's fault") {
    CHECK(kind_of(400, R"({"error":{"code":"model_not_found","message":"no"}})") == Kind::misconfigured);
    CHECK(kind_of(400, R"([{"error":{"code":400,"message":"API key not valid. Please pass one."}}])") ==
          Kind::unauthorized);
}

TEST_CASE("a content filter's 400 is an end of the answer, and only a 400 is one") {
    CHECK(llm::is_content_filter(400, R"({"error":{"code":"content_filter","message":"filtered"}})"));
    CHECK(llm::is_content_filter(400, R"({"error":{"code":"content_policy_violation"}})"));
    CHECK_FALSE(
        llm::is_content_filter(400, R"({"error":{"code":"invalid","message":"content_filter is unknown"}})"));
    CHECK_FALSE(llm::is_content_filter(500, R"({"error":{"code":"content_filter"}})"));
    CHECK_FALSE(llm::is_content_filter(400, "content_filter"));
}

TEST_CASE("an error inside a 200 counts as the status it carries, or else by its words") {
    CHECK(embedded(R"({"error":{"code":429,"message":"slow down"}})") == Kind::rate_limited);
    CHECK(embedded(R"({"error":{"code":"502","message":"upstream"}})") == Kind::overloaded);
    CHECK(embedded(R"({"error":{"type":"overloaded_error"}})") == Kind::overloaded);
    CHECK(embedded(R"({"error":{"code":"rate_limit_exceeded"}})") == Kind::rate_limited);
    CHECK(embedded(R"({"error":{"code":"insufficient_quota"}})") == Kind::quota);
    CHECK(embedded(R"({"error":{"code":"context_length_exceeded"}})") == Kind::context_length);
    CHECK(embedded(R"({"error":"model runner has unexpectedly stopped"})") == Kind::malformed);
    CHECK(embedded(R"({"error":{"code":7}})") == Kind::malformed);
}

TEST_CASE("a server's wait is read from milliseconds, seconds, fractions and dates, in that order") {
    CHECK(wait_for({{"Retry-After-Ms", "250"}, {"Retry-After", "9"}}) == 250ms);
    CHECK(wait_for({{"retry-after-ms", "soon"}, {"retry-after", "9"}}) == 9s);
    CHECK(wait_for({{"retry-after", "1.5"}}) == 1500ms);
    CHECK(wait_for({{"retry-after", "0"}}) == 0ms);
    CHECK(wait_for({{"retry-after", "Sun, 06 Nov 1994 08:50:37 GMT"}}) == 60s);
}

TEST_CASE("a wait that is past or nonsense is none, and an absurd one is bounded") {
    for (const auto* text :
         {"", "-5", "nan", "inf", "1e", "5 minutes", "Sun, 06 Nov 1994 08:49:00 GMT", "yesterday"}) {
        CAPTURE(text);
        CHECK(wait_for({{"retry-after", text}}) == std::nullopt);
    }
    CHECK(wait_for({}) == std::nullopt);
    CHECK(*wait_for({{"retry-after", "1e300"}}) == 30 * 24h);
}

TEST_CASE("the server's advice on retrying is taken over") {
    const auto advice = [](const char* text) {
        return llm::classify_status(500, {{"x-should-retry", text}}, "", now).should_retry;
    };
    CHECK(advice("true") == true);
    CHECK(advice("false") == false);
    CHECK(advice("maybe") == std::nullopt);
}

TEST_CASE("a failure keeps status, wait and the server's own words") {
    const auto failure =
        llm::classify_status(429, {{"retry-after", "7"}}, R"({"error":{"message":"slow down"}})", now);
    CHECK(failure.status == 429);
    CHECK(failure.retry_after == 7s);
    CHECK(failure.message == "slow down");
}

TEST_CASE("every way of getting no answer has its kind") {
    using Transport = net::HttpError::Kind;
    const auto kind = [](Transport transport) { return llm::classify_transport({transport, "m"}).kind; };
    for (auto each : {Transport::resolve, Transport::connect, Transport::tls, Transport::timeout_connect,
                      Transport::closed_early})
        CHECK(kind(each) == Kind::unreachable);
    for (auto each : {Transport::timeout_first_byte, Transport::timeout_idle, Transport::deadline})
        CHECK(kind(each) == Kind::timeout);
    for (auto each : {Transport::too_large, Transport::protocol}) CHECK(kind(each) == Kind::malformed);
    CHECK(kind(Transport::certificate) == Kind::certificate);
    CHECK(kind(Transport::cancelled) == Kind::cancelled);
}

}  // namespace classify_test
