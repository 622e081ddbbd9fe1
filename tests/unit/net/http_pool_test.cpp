#include <doctest/doctest.h>

#include "unit/net/client_fixture.hpp"

namespace http_pool_test {

using namespace spotter;
using namespace spotter::test;
using namespace std::chrono_literals;
using Kind = net::HttpError::Kind;

TEST_CASE("calls one after another share a connection") {
    ScriptedModel server;
    Client client;
    for (int i = 0; i < 5; ++i) CHECK_FALSE(client.failure(server.url()));
    CHECK(server.connections() == 1);
    CHECK(client.http.idle() == 1);
}

TEST_CASE("a connection is never lent to another origin") {
    ScriptedModel one;
    ScriptedModel other;
    Client client;
    CHECK_FALSE(client.failure(one.url()));
    CHECK_FALSE(client.failure(other.url()));
    CHECK(other.connections() == 1);
    CHECK(client.http.idle() == 2);
}

TEST_CASE("a connection whose answer failed, asked to be closed or said too much is not kept") {
    ScriptedModel server;
    Client client;
    server.then(answer("{}", 200, {{"Connection", "close"}}));
    CHECK_FALSE(client.failure(server.url()));
    CHECK(client.http.idle() == 0);

    server.then(cut(answer("{}"), 20));
    CHECK(client.failure(server.url()) == Kind::closed_early);
    CHECK(client.http.idle() == 0);

    Behaviour talkative = garbage("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n");
    talkative.hang_up = false;
    server.then(talkative);
    CHECK_FALSE(client.failure(server.url()));
    CHECK(client.http.idle() == 0);
}

TEST_CASE("nothing is sent twice: a call that its connection drops is its caller's to repeat") {
    ScriptedModel server;
    Client client;
    for (const std::size_t bytes : {0, 1}) {
        CAPTURE(bytes);
        const int before = server.requests();
        server.then(cut(answer("{}"), bytes));  // on a fresh connection
        CHECK(client.failure(server.url()) == Kind::closed_early);
        CHECK_FALSE(client.failure(server.url()));
        server.then(cut(answer("{}"), bytes));  // on a kept one
        CHECK(client.failure(server.url()) == Kind::closed_early);
        CHECK(client.http.idle() == 0);
        CHECK(server.requests() == before + 3);
    }
}

TEST_CASE("a time-out on a kept connection is not repeated") {
    ScriptedModel server;
    net::HttpSettings settings;
    settings.timeouts.first_byte = 200ms;
    Client client(settings);
    CHECK_FALSE(client.failure(server.url()));
    server.then(silence());
    CHECK(client.failure(server.url()) == Kind::timeout_first_byte);
    CHECK(server.requests() == 2);
}

TEST_CASE("a connection that the server closed while idle is noticed before it is used") {
    ScriptedModel server;
    Client client;
    Behaviour leaving = answer("{}");
    leaving.hang_up = true;
    server.then(leaving);
    CHECK_FALSE(client.failure(server.url()));
    server.wait_for_open(0);
    CHECK_FALSE(client.failure(server.url()));
    CHECK(server.requests() == 2);
    CHECK(server.connections() == 2);
}

TEST_CASE("no more connections are kept than allowed, and none for longer than allowed") {
    ScriptedModel one;
    ScriptedModel other;
    net::HttpSettings settings;
    settings.max_idle = 1;
    settings.max_idle_age = 30ms;
    Client client(settings);
    CHECK_FALSE(client.failure(one.url()));
    CHECK_FALSE(client.failure(other.url()));
    CHECK(client.http.idle() == 1);
    client.loop.run_until([&] { return client.http.idle() == 0; });  // nobody asks: the timer does it
}

TEST_CASE("a closed client keeps nothing, so that the loop runs out of work") {
    ScriptedModel server;
    Client client;
    CHECK_FALSE(client.failure(server.url()));
    client.http.close();
    CHECK(client.http.idle() == 0);
    client.loop.context.restart();
    client.loop.context.run();
    CHECK_FALSE(client.failure(server.url()));
    CHECK(client.http.idle() == 0);
}

}  // namespace http_pool_test
