#include "net/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <cctype>
#include <charconv>

namespace spotter::net {
namespace {

constexpr std::uint16_t default_port(bool tls) {
    return tls ? 443 : 80;
}

/// 0 for what is no port. (Boost.URL's own number wraps around beyond 65535.)
std::uint16_t port_of(std::string_view digits) {
    std::uint16_t port = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    return problem == std::errc() && end == digits.data() + digits.size() ? port : 0;
}

/// `text` without what may be a user and password before the host.
std::string shown(std::string_view text) {
    const auto scheme = text.find("://");
    const auto start = scheme == std::string_view::npos ? 0 : scheme + 3;
    const auto end = std::min(text.find('/', start), text.size());
    const auto at = text.substr(0, end).rfind('@');
    if (at == std::string_view::npos || at < start) return std::string(text);
    return fmt::format("{}…{}", text.substr(0, start), text.substr(at));
}

Error invalid(std::string_view text, std::string_view problem) {
    return Error{"invalid_url", fmt::format("\"{}\" {}", shown(text), problem)};
}

std::string bracketed(const std::string& host) {
    return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

Result<Url> parse(std::string_view text) {
    const auto scheme_end = text.find("://");
    if (scheme_end == std::string_view::npos)
        return invalid(text, fmt::format("has no scheme; write https://{}", shown(text)));
    const std::string scheme = lower(std::string(text.substr(0, scheme_end)));
    if (scheme != "http" && scheme != "https")
        return invalid(text,
                       fmt::format("has the scheme \"{}\"; only http and https are spoken here", scheme));

    const auto parsed = boost::urls::parse_uri({text.data(), text.size()});
    if (!parsed) return invalid(text, "is not a URL; look for spaces and unusual characters");
    if (parsed->encoded_host().empty()) return invalid(text, "has no host");
    if (parsed->has_fragment()) return invalid(text, "has a fragment (#…); leave it out");
    const auto port = parsed->has_port() ? port_of(parsed->port()) : default_port(scheme == "https");
    if (port == 0) return invalid(text, "has a port that is none; write 1 to 65535");

    Url url;
    url.tls = scheme == "https";
    url.host = lower(parsed->host_address());
    url.port = port;
    url.path = std::string(parsed->encoded_path());
    while (url.path.ends_with('/')) url.path.pop_back();
    url.query = std::string(parsed->encoded_query());
    if (parsed->has_userinfo()) url.credentials = Secret(parsed->userinfo());
    return url;
}

}  // namespace

std::string Url::authority() const {
    return port == default_port(tls) ? bracketed(host) : fmt::format("{}:{}", bracketed(host), port);
}

std::string Url::origin() const {
    return fmt::format("{}://{}:{}", tls ? "https" : "http", bracketed(host), port);
}

std::string Url::target() const {
    const std::string from_root = path.empty() ? "/" : path;
    return query.empty() ? from_root : from_root + "?" + query;
}

Url Url::under(std::string_view suffix) const {
    Url deeper = *this;
    deeper.path += suffix;
    return deeper;
}

Result<Url> parse_url(std::string_view text) {
    auto url = parse(text);
    if (url && !url->credentials.empty())
        return invalid(text, "holds a user or password; give the key by its own setting");
    return url;
}

Result<Url> parse_proxy_url(std::string_view text) {
    const bool bare = text.find("://") == std::string_view::npos;
    auto url = parse(bare ? "http://" + std::string(text) : std::string(text));
    if (url && url->tls)
        return invalid(text, "is a proxy behind https; write the http:// address of the proxy");
    return url;
}

}  // namespace spotter::net
