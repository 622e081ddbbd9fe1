#pragma once

#include <optional>
#include <string>

#include "net/url.hpp"

namespace spotter::net {

/// What HTTP_PROXY, HTTPS_PROXY and NO_PROXY say. Read by the configuration, not here.
struct ProxySettings {
    std::optional<Url> http;   ///< for http:// targets
    std::optional<Url> https;  ///< for https:// targets, by CONNECT
    /// Comma-separated: "example.com" (and all below it), ".example.com", "10.0.0.0/8", "host:8080", "*".
    std::string no_proxy;
};

/// The proxy to go through to `target`, or nullptr for the direct way. "localhost" and loopback addresses
/// always go direct: a proxy's loopback is another machine's.
const Url* proxy_for(const ProxySettings& settings, const Url& target);

}  // namespace spotter::net
