#include <doctest/doctest.h>

#include "support/ports.hpp"
#include "unit/net/client_fixture.hpp"

namespace http_proxy_test {

using namespace spotter;
using namespace spotter::test;
using Kind = net::HttpError::Kind;

namespace {

ScriptedModelOptions proxy_for_example() {
    ScriptedModelOptions options;
    options.proxy = true;
    options.hosts = {"api.example.test"};
    return options;
}

net::HttpSettings through(const ScriptedModel& proxy, const std::string& credentials = "") {
    const auto url =
        net::parse_proxy_url("http://" + credentials + "127.0.0.1:" + std::to_string(proxy.port()));
    net::HttpSettings settings;
    settings.proxy.http = url.value();
    settings.proxy.https = url.value();
    settings.ca_file = proxy.ca_file();
    return settings;
}

}  // namespace

TEST_CASE("plain http asks the proxy for the whole URL, and gives it its own credentials") {
    ScriptedModel proxy;
    Client client(through(proxy, "me:pass@"));
    CHECK_FALSE(client.failure("http://api.example.test/v1/models"));
    const auto seen = proxy.request(0);
    CHECK(seen.target == "http://api.example.test/v1/models");
    CHECK(net::find_header(seen.headers, "host") == "api.example.test");
    CHECK(net::find_header(seen.headers, "proxy-authorization") == "Basic bWU6cGFzcw==");
}

TEST_CASE("https goes through a tunnel, in which the server's certificate is verified") {
    ScriptedModel proxy(proxy_for_example());
    proxy.then(answer(""));
    proxy.then(answer("inside"));
    Client client(through(proxy, "me:pass@"));
    auto request = Client::request("https://api.example.test/v1");
    request.headers = {{"Authorization", "Bearer key"}};
    CHECK(client.send(std::move(request)).value().body == "inside");

    const auto connect = proxy.request(0);
    CHECK(connect.method == "CONNECT");
    CHECK(connect.target == "api.example.test:443");
    CHECK(net::find_header(connect.headers, "proxy-authorization") == "Basic bWU6cGFzcw==");
    CHECK_FALSE(net::find_header(connect.headers, "authorization"));
    const auto inner = proxy.request(1);
    CHECK(inner.target == "/v1");
    CHECK_FALSE(net::find_header(inner.headers, "proxy-authorization"));
    CHECK(client.http.idle() == 1);

    CHECK(client.failure("https://other.example.test/v1") == Kind::certificate);
}

TEST_CASE("a proxy that refuses the tunnel, is silent or is not there, is a connection that failed") {
    ScriptedModel proxy(proxy_for_example());
    proxy.then(answer("", 407));
    Client client(through(proxy));
    const auto outcome = client.post("https://api.example.test/v1");
    REQUIRE(outcome.has_error());
    CHECK(outcome.error().kind == Kind::connect);
    CHECK(outcome.error().message.find("407") != std::string::npos);

    ScriptedModel silent;  // no proxy: it takes the CONNECT for a request
    silent.always(silence());
    auto impatient = through(silent);
    impatient.timeouts.connect = std::chrono::milliseconds(50);
    CHECK(Client(impatient).failure("https://api.example.test/v1") == Kind::timeout_connect);

    const BadPort nobody(BadPort::Manner::refusing);
    net::HttpSettings nowhere;
    nowhere.proxy.https = net::parse_proxy_url("127.0.0.1:" + std::to_string(nobody.number())).value();
    CHECK(Client(nowhere).failure("https://api.example.test/v1") == Kind::connect);
}

TEST_CASE("what NO_PROXY names is called directly") {
    ScriptedModel proxy;
    ScriptedModel server;
    Client client(through(proxy));
    CHECK_FALSE(client.failure(server.url()));
    CHECK(proxy.connections() == 0);
}

}  // namespace http_proxy_test
