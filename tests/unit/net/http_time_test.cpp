// Time-outs are told apart by what was waited for, and a deadline goes before all of them.

#include <doctest/doctest.h>

#include "support/ports.hpp"
#include "unit/net/client_fixture.hpp"

namespace http_time_test {

using namespace spotter;
using namespace spotter::test;
using namespace std::chrono_literals;
using Kind = net::HttpError::Kind;

namespace {

net::HttpSettings with(std::chrono::milliseconds net::HttpTimeouts::* which) {
    net::HttpSettings settings;
    settings.timeouts.*which = 30ms;
    return settings;
}

}  // namespace

TEST_CASE("the time-outs are those of the conventions") {
    const net::HttpTimeouts timeouts;
    CHECK(timeouts.connect == 5s);
    CHECK(timeouts.tls == 5s);
    CHECK(timeouts.first_byte == 60s);
    CHECK(timeouts.idle == 60s);
    CHECK(timeouts.total == 300s);
}

TEST_CASE("a connection that is never made times out as a connection") {
    const BadPort silent(BadPort::Manner::unreachable);
    Client client(with(&net::HttpTimeouts::connect));
    CHECK(client.failure("http://127.0.0.1:" + std::to_string(silent.number())) == Kind::timeout_connect);
}

TEST_CASE("a handshake that is never answered times out as a connection") {
    const BadPort mute(BadPort::Manner::unresponsive);
    Client client(with(&net::HttpTimeouts::tls));
    CHECK(client.failure("https://127.0.0.1:" + std::to_string(mute.number())) == Kind::timeout_connect);
}

TEST_CASE("an answer that does not begin times out at its first byte") {
    ScriptedModel server;
    server.always(silence());
    Client client(with(&net::HttpTimeouts::first_byte));
    CHECK(client.failure(server.url()) == Kind::timeout_first_byte);
}

TEST_CASE("an answer that stalls times out as idle, and one that only drips does not") {
    ScriptedModel server;
    Client client(with(&net::HttpTimeouts::idle));
    server.then(dripping(answer("slowly"), 40, 1h));
    CHECK(client.failure(server.url()) == Kind::timeout_idle);

    Client patient([] {
        net::HttpSettings settings;
        settings.timeouts.idle = 5s;
        return settings;
    }());
    server.then(dripping(answer(std::string(200, 'x')), 10, 1ms));
    CHECK_FALSE(patient.failure(server.url()));
}

TEST_CASE("a drip that never ends is ended by the bound on the whole call") {
    ScriptedModel server;
    server.then(dripping(answer(std::string(100'000, 'x')), 1, 1ms));
    Client client(with(&net::HttpTimeouts::total));
    CHECK(client.failure(server.url()) == Kind::deadline);
}

TEST_CASE("the request's deadline goes before every time-out") {
    const BadPort silent(BadPort::Manner::unreachable);
    ScriptedModel server;
    server.always(silence());
    Client client;
    for (const auto& url : {server.url(), "http://127.0.0.1:" + std::to_string(silent.number())}) {
        auto request = Client::request(url);
        request.deadline = std::chrono::steady_clock::now() + 30ms;
        CHECK(client.send(std::move(request)).error().kind == Kind::deadline);
    }
    auto late = Client::request(server.url());
    late.deadline = std::chrono::steady_clock::now() - 1s;
    CHECK(client.send(std::move(late)).error().kind == Kind::deadline);
}

}  // namespace http_time_test
