#include "net/url.hpp"

#include <doctest/doctest.h>

namespace url_test {

using namespace spotter;
using net::parse_proxy_url;
using net::parse_url;

TEST_CASE("a URL is taken apart") {
    const auto url = parse_url("https://API.Example.com/v1/?api-version=2").value();
    CHECK(url.tls);
    CHECK(url.host == "api.example.com");
    CHECK(url.port == 443);
    CHECK(url.path == "/v1");
    CHECK(url.query == "api-version=2");
    CHECK(url.target() == "/v1?api-version=2");
    CHECK(url.authority() == "api.example.com");
    CHECK(url.origin() == "https://api.example.com:443");
}

TEST_CASE("a path is appended whether or not the URL ends in a slash, and before the query") {
    CHECK(parse_url("http://h:1/v1")->under("/chat").target() == "/v1/chat");
    CHECK(parse_url("http://h:1/v1/")->under("/chat").target() == "/v1/chat");
    CHECK(parse_url("http://h:1")->under("/chat").target() == "/chat");
    CHECK(parse_url("https://h/d?v=1")->under("/chat").target() == "/d/chat?v=1");
    CHECK(parse_url("http://h")->target() == "/");
}

TEST_CASE("a port that is not the scheme's own stands in the Host header, and IPv6 in brackets") {
    CHECK(parse_url("http://127.0.0.1:1234/v1")->authority() == "127.0.0.1:1234");
    const auto v6 = parse_url("http://[::1]:8080/").value();
    CHECK(v6.host == "::1");
    CHECK(v6.authority() == "[::1]:8080");
    CHECK(parse_url("HTTP://h:80")->authority() == "h");
}

TEST_CASE("a wrong URL is refused with what to write instead") {
    const auto message = [](std::string_view text) { return parse_url(text).error().message; };
    CHECK(message("api.example.com") == "\"api.example.com\" has no scheme; write https://api.example.com");
    CHECK(message("localhost:1234/v1") ==
          "\"localhost:1234/v1\" has no scheme; write https://localhost:1234/v1");
    CHECK(message("ftp://h/").find("only http and https") != std::string::npos);
    CHECK(message("https:///v1").find("no host") != std::string::npos);
    CHECK(message("https://h/a b").find("spaces") != std::string::npos);
    CHECK(message("https://h/#top").find("fragment") != std::string::npos);
    CHECK(message("https://h:0/").find("1 to 65535") != std::string::npos);
    CHECK(message("https://h:99999/").find("1 to 65535") != std::string::npos);
    CHECK(parse_url("").has_error());
}

TEST_CASE("a password in a URL is neither accepted for a server nor repeated in the message") {
    for (const auto* text : {"https://me:hunter2@api.example.com/v1", "me:hunter2@api.example.com"}) {
        const auto refused = parse_url(text);
        REQUIRE(refused.has_error());
        CHECK(refused.error().message.find("hunter2") == std::string::npos);
    }
}

TEST_CASE("a proxy may come without a scheme and with credentials, but not behind https") {
    CHECK(parse_proxy_url("proxy.local:3128")->port == 3128);
    CHECK(parse_proxy_url("http://me:p%40ss@proxy.local:3128")->credentials.reveal() == "me:p@ss");
    CHECK(parse_proxy_url("https://proxy.local").has_error());
    CHECK(parse_proxy_url("http://me:hunter2@pro xy").error().message.find("hunter2") == std::string::npos);
}

}  // namespace url_test
