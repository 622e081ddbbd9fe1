#include "net/proxy.hpp"

#include <doctest/doctest.h>

namespace proxy_test {

using namespace spotter::net;

namespace {

bool goes_direct(const char* no_proxy, const char* target) {
    ProxySettings settings;
    settings.http = parse_proxy_url("proxy:1").value();
    settings.https = parse_proxy_url("proxy:2").value();
    settings.no_proxy = no_proxy;
    return proxy_for(settings, parse_url(target).value()) == nullptr;
}

}  // namespace

TEST_CASE("http and https go through their own proxies") {
    ProxySettings settings;
    settings.https = parse_proxy_url("secure:2").value();
    CHECK(proxy_for(settings, parse_url("http://example.com").value()) == nullptr);
    const auto* proxy = proxy_for(settings, parse_url("https://example.com").value());
    REQUIRE(proxy);
    CHECK(proxy->host == "secure");
}

TEST_CASE("NO_PROXY excludes a domain with all below it, and nothing that only ends alike") {
    CHECK(goes_direct("example.com", "https://example.com"));
    CHECK(goes_direct("example.com", "https://api.example.com"));
    CHECK(goes_direct(".example.com", "https://api.example.com"));
    CHECK(goes_direct("*.example.com", "https://api.example.com"));
    CHECK(goes_direct("a.org, EXAMPLE.com ,b.org", "http://example.com"));
    CHECK(goes_direct("*", "http://example.com"));
    CHECK_FALSE(goes_direct("example.com", "https://badexample.com"));
    CHECK_FALSE(goes_direct("api.example.com", "https://example.com"));
    CHECK_FALSE(goes_direct("", "https://example.com"));
    CHECK_FALSE(goes_direct(",,", "https://example.com"));
}

TEST_CASE("NO_PROXY knows ports, addresses and networks") {
    CHECK(goes_direct("example.com:8080", "http://example.com:8080"));
    CHECK_FALSE(goes_direct("example.com:8080", "http://example.com"));
    CHECK(goes_direct("10.1.2.3", "http://10.1.2.3"));
    CHECK(goes_direct("10.0.0.0/8", "http://10.200.2.3:99"));
    CHECK_FALSE(goes_direct("10.0.0.0/8", "http://11.0.0.1"));
    CHECK_FALSE(goes_direct("10.0.0.0/8", "http://example.com"));
    CHECK(goes_direct("fd00::/8", "http://[fd12::1]"));
    CHECK(goes_direct("[fd12::1]:80", "http://[fd12::1]"));
    CHECK_FALSE(goes_direct("[fd12::1]:81", "http://[fd12::1]"));
}

TEST_CASE("loopback never goes through a proxy") {
    CHECK(goes_direct("", "http://localhost:1234"));
    CHECK(goes_direct("", "http://127.0.0.1:1234"));
    CHECK(goes_direct("", "http://[::1]:1234"));
}

}  // namespace proxy_test
