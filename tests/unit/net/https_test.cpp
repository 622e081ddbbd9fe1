#include <doctest/doctest.h>

#include <cstdlib>

#include "unit/net/client_fixture.hpp"

namespace https_test {

using namespace spotter;
using namespace spotter::test;
using Kind = net::HttpError::Kind;

namespace {

ScriptedModelOptions tls(std::vector<std::string> hosts = {"localhost"}, int days = 1) {
    ScriptedModelOptions options;
    options.tls = true;
    options.hosts = std::move(hosts);
    options.certificate_days = days;
    return options;
}

net::HttpSettings trusting(const ScriptedModel& server) {
    net::HttpSettings settings;
    settings.ca_file = server.ca_file();
    return settings;
}

std::string at(const char* host, const ScriptedModel& server) {
    return "https://" + std::string(host) + ":" + std::to_string(server.port()) + "/v1";
}

}  // namespace

TEST_CASE("a server whose certificate is trusted and names it is called, again over the same connection") {
    ScriptedModel server(tls());
    server.always([](const ReceivedRequest& request) { return answer(request.body); });
    Client client(trusting(server));
    const std::string large(200'000, 'x');
    CHECK(client.post(server.url(), large).value().body == large);
    CHECK(client.post(server.url(), "again").value().body == "again");
    CHECK(server.connections() == 1);
}

TEST_CASE("a certificate by an unknown authority, for another host or out of date is refused") {
    const auto refusal = [](ScriptedModel& server, net::HttpSettings settings) {
        Client client(std::move(settings));
        const auto outcome = client.post(at("localhost", server));
        REQUIRE(outcome.has_error());
        CHECK(server.requests() == 0);
        CHECK(outcome.error().kind == Kind::certificate);
        return outcome.error().message;
    };
    ScriptedModel unknown(tls());
    CHECK(refusal(unknown, {}).find("self-signed") != std::string::npos);
    ScriptedModel another(tls({"api.example.com", "127.0.0.1"}));
    CHECK(refusal(another, trusting(another)).find("ostname mismatch") != std::string::npos);
    ScriptedModel old(tls({"localhost"}, -1));
    CHECK(refusal(old, trusting(old)).find("expired") != std::string::npos);
}

TEST_CASE("an address is held against the addresses in a certificate, not against its names") {
    ScriptedModel by_address(tls({"127.0.0.1"}));
    CHECK_FALSE(Client(trusting(by_address)).failure(at("127.0.0.1", by_address)));
    ScriptedModel by_name(tls({"localhost"}));
    CHECK(Client(trusting(by_name)).failure(at("127.0.0.1", by_name)) == Kind::certificate);
}

TEST_CASE("a server without TLS is no certificate problem") {
    ScriptedModel plain;
    Client client;
    CHECK(client.failure(at("127.0.0.1", plain)) == Kind::tls);
}

TEST_CASE("an answer that is cut under TLS is closed early") {
    ScriptedModel server(tls());
    server.then(cut(answer("{}"), 30));
    Client client(trusting(server));
    CHECK(client.failure(server.url()) == Kind::closed_early);
}

TEST_CASE("authorities named by SSL_CERT_FILE are trusted") {
    ScriptedModel server(tls());
    setenv("SSL_CERT_FILE", server.ca_file().c_str(), 1);
    Client client;  // reads it now
    unsetenv("SSL_CERT_FILE");
    CHECK_FALSE(client.failure(server.url()));
}

TEST_CASE("a CA file that cannot be read is told at the start, by its name") {
    net::HttpSettings settings;
    settings.ca_file = "/nowhere/ca.pem";
    CHECK_THROWS_WITH_AS(Client{settings}, doctest::Contains("/nowhere/ca.pem"), std::runtime_error);
}

}  // namespace https_test
