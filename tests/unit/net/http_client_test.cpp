#include "net/http_client.hpp"

#include <doctest/doctest.h>

#include <boost/asio/bind_cancellation_slot.hpp>

#include "support/ports.hpp"
#include "unit/net/client_fixture.hpp"

namespace http_client_test {

using namespace spotter;
using namespace spotter::test;
using Kind = net::HttpError::Kind;

namespace {

Behaviour chunked(std::string chunks) {
    return answer(std::move(chunks), 200, {{"Transfer-Encoding", "chunked"}});
}

Behaviour bytes(std::string all, bool hang_up = false) {
    Behaviour behaviour = garbage(std::move(all));
    behaviour.hang_up = hang_up;
    return behaviour;
}

}  // namespace

TEST_CASE("a request arrives as it was sent, and its answer as it was given") {
    ScriptedModel server;
    server.then(answer(R"({"a":1})", 418, {{"X-Request-Id", "r-1"}}));
    Client client;
    auto request = Client::request(server.url() + "/chat/completions?v=2", R"({"q":"ö"})");
    request.headers = {{"Authorization", "Bearer k"}};

    const auto response = client.send(std::move(request)).value();
    CHECK(response.status == 418);
    CHECK(response.body == R"({"a":1})");
    CHECK(net::find_header(response.headers, "x-request-id") == "r-1");

    const auto seen = server.request(0);
    CHECK(seen.method == "POST");
    CHECK(seen.target == "/v1/chat/completions?v=2");
    CHECK(seen.body == R"({"q":"ö"})");
    CHECK(net::find_header(seen.headers, "host") == "127.0.0.1:" + std::to_string(server.port()));
    CHECK(net::find_header(seen.headers, "authorization") == "Bearer k");
}

TEST_CASE("an answer may come in chunks, byte by byte, without a length, or after an interim answer") {
    ScriptedModel server;
    Client client;
    const auto body_of = [&](Behaviour behaviour) {
        server.then(std::move(behaviour));
        return client.post(server.url()).value().body;
    };
    CHECK(body_of(chunked("3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n")) == "abcde");
    CHECK(body_of(dripping(answer("slow but whole"), 1, std::chrono::milliseconds(0))) == "slow but whole");
    CHECK(body_of(bytes("HTTP/1.1 200 OK\r\n\r\nto the end", true)) == "to the end");
    CHECK(body_of(bytes("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")) ==
          "ok");
    CHECK(body_of(bytes("HTTP/1.1 204 No Content\r\n\r\n")).empty());
}

TEST_CASE("a large body is sent and an answer of a few megabytes is read") {
    ScriptedModel server;
    server.always([](const ReceivedRequest& request) { return answer(request.body); });
    Client client;
    const std::string large(3u << 20, 'x');
    CHECK(client.post(server.url(), large).value().body == large);
}

TEST_CASE("an answer larger than the bound is refused, whether it is announced or not") {
    ScriptedModel server;
    net::HttpSettings settings;
    settings.max_response = 1000;
    Client client(settings);
    const auto refused = [&](Behaviour behaviour) {
        server.then(std::move(behaviour));
        const auto outcome = client.post(server.url());
        REQUIRE(outcome.has_error());
        CHECK(outcome.error().message.find("larger than 1000 bytes") != std::string::npos);
        return outcome.error().kind;
    };
    CHECK(refused(answer(std::string(1001, 'x'))) == Kind::too_large);
    CHECK(refused(chunked("5dc\r\n" + std::string(1500, 'x') + "\r\n0\r\n\r\n")) == Kind::too_large);
    CHECK(refused(bytes("HTTP/1.1 200 OK\r\n\r\n" + std::string(1001, 'x'), true)) == Kind::too_large);

    server.then(answer(std::string(1000, 'x')));
    CHECK(client.post(server.url()).value().body.size() == 1000);
}

TEST_CASE("ten megabytes pass no default bound") {
    ScriptedModel server;
    server.then(answer(std::string(10u << 20, 'x')));
    Client client;
    CHECK(client.failure(server.url()) == Kind::too_large);
}

TEST_CASE("an endless head is refused") {
    ScriptedModel server;
    server.then(answer("{}", 200, {{"X-Long", std::string(100'000, 'x')}}));
    Client client;
    CHECK(client.failure(server.url()) == Kind::too_large);
}

TEST_CASE("an answer that is cut is never mistaken for a whole one, wherever it is cut") {
    ScriptedModel server;
    Client client;
    const Behaviour whole = answer(R"({"text":"whole"})");
    const std::string head =
        "HTTP/1.1 200 Scripted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n";
    for (std::size_t length = 0; length < head.size() + 16; ++length) {
        CAPTURE(length);
        server.then(cut(whole, length));
        CHECK(client.failure(server.url()) == Kind::closed_early);
    }
    server.then(cut(chunked("3\r\nabc\r\n0\r\n\r\n"), 95));
    CHECK(client.failure(server.url()) == Kind::closed_early);
}

TEST_CASE("what is not HTTP is said to be so") {
    ScriptedModel server;
    server.then(garbage());
    Client client;
    CHECK(client.failure(server.url()) == Kind::protocol);
}

TEST_CASE("nobody listening, an unknown name and a server that closes at once are told apart") {
    Client client;
    const BadPort nobody(BadPort::Manner::refusing);
    CHECK(client.failure("http://127.0.0.1:" + std::to_string(nobody.number())) == Kind::connect);
    CHECK(client.failure("http://no-such-host.invalid/v1") == Kind::resolve);
    ScriptedModel server;
    server.close_at_accept();
    CHECK(client.failure(server.url()) == Kind::closed_early);
}

TEST_CASE("a name is looked up: localhost reaches a server on the loopback address") {
    ScriptedModel server;
    Client client;
    CHECK_FALSE(client.failure("http://localhost:" + std::to_string(server.port()) + "/v1"));
}

TEST_CASE("a redirect is an answer and is not followed") {
    ScriptedModel elsewhere;
    ScriptedModel server;
    server.then(answer("", 307, {{"Location", elsewhere.url()}}));
    Client client;
    CHECK(client.post(server.url()).value().status == 307);
    CHECK(elsewhere.connections() == 0);
}

TEST_CASE("a server that refuses before it has read everything is heard") {
    ScriptedModelOptions options;
    options.largest_request = 1000;
    ScriptedModel server(options);
    Client client;
    CHECK(client.post(server.url(), std::string(20u << 20, 'x')).value().status == 413);
    CHECK(client.http.idle() == 0);
}

TEST_CASE("a header with a line break, such as a key from a file, is not sent") {
    ScriptedModel server;
    Client client;
    auto request = Client::request(server.url());
    request.headers.push_back({"X-Long", "line\r\nContent-Length: 5"});
    const auto outcome = client.send(std::move(request));
    REQUIRE(outcome.has_error());
    CHECK(outcome.error().kind == Kind::protocol);
    CHECK(server.requests() == 0);
}

TEST_CASE("a call that is cancelled ends at once and closes its connection") {
    ScriptedModel server;
    server.then(silence());
    Client client;
    std::optional<Kind> ended;
    boost::asio::cancellation_signal stop;
    auto call = [](Client& with, const ScriptedModel& to,
                   std::optional<Kind>& kind) -> boost::asio::awaitable<void> {
        auto request = Client::request(to.url());
        const auto outcome = co_await with.http.send(request);
        kind = outcome.error().kind;
    };
    auto rethrow = [](std::exception_ptr problem) {
        if (problem) std::rethrow_exception(problem);
    };
    boost::asio::co_spawn(client.loop.context, call(client, server, ended),
                          boost::asio::bind_cancellation_slot(stop.slot(), rethrow));
    client.loop.run_until([&] { return server.open() == 1; });
    CHECK_FALSE(ended);
    stop.emit(boost::asio::cancellation_type::terminal);
    client.loop.run_until([&] { return ended.has_value(); });
    CHECK(ended == Kind::cancelled);
    server.wait_for_open(0);  // it saw us go
    CHECK(client.http.idle() == 0);
}

TEST_CASE("hundreds of calls are open at once on one thread, and each gets its own answer") {
    constexpr int calls = 400;
    ScriptedModel server;
    server.always([](const ReceivedRequest& request) { return held(answer(request.body)); });
    Client client;
    int right = 0;
    auto call = [](Client& with, std::string url, int number, int& correct) -> boost::asio::awaitable<void> {
        auto request = Client::request(url, std::to_string(number));
        const auto response = co_await with.http.send(request);
        if (response && response->body == std::to_string(number)) ++correct;
    };
    int done = 0;
    for (int i = 0; i < calls; ++i) {
        auto one = call(client, server.url(), i, right);
        boost::asio::co_spawn(client.loop.context, std::move(one), [&](std::exception_ptr) { ++done; });
    }
    client.loop.run_until([&] { return server.open() == calls; });
    server.release();
    client.loop.run_until([&] { return done == calls; });
    CHECK(right == calls);
    CHECK(server.most_open() == calls);
}

}  // namespace http_client_test
