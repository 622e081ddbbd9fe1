#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/secret.hpp"

namespace spotter::net {

/// An http or https URL, taken apart. Built by the functions below, so always complete.
struct Url {
    bool tls = false;  ///< https
    std::string host;  ///< lower case; an IPv6 address without its brackets
    std::uint16_t port = 0;
    std::string path;    ///< percent-encoded, without a trailing slash; empty for the root
    std::string query;   ///< percent-encoded, without the question mark
    Secret credentials;  ///< "user:password", decoded; of proxies only

    /// "api.example.com", "127.0.0.1:1234", "[::1]:80": what a Host header says. The scheme's own port is
    /// left out.
    std::string authority() const;
    /// "https://api.example.com:443": who is spoken to, whatever the path.
    std::string origin() const;
    /// What a request line asks for: path and query, never empty.
    std::string target() const;
    /// This URL with `suffix` ("/chat/completions") after its path; the query stays.
    Url under(std::string_view suffix) const;
};

/// Reads a server's URL: scheme (http, https) and host required, no credentials, no fragment. Error code
/// "invalid_url"; the message says what to write instead and never repeats a password.
Result<Url> parse_url(std::string_view text);

/// Reads a proxy's URL as HTTP_PROXY and HTTPS_PROXY hold it: a scheme may be missing (http), credentials are
/// taken, and https is refused, because a proxy is spoken to in the clear here.
Result<Url> parse_proxy_url(std::string_view text);

}  // namespace spotter::net
