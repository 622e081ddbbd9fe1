#include "net/proxy.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <string_view>

namespace spotter::net {
namespace {

namespace ip = boost::asio::ip;

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
    return out;
}

bool in_network(const std::string& network, const std::string& host) {
    boost::system::error_code ec;
    const ip::address address = ip::make_address(host, ec);
    if (ec) return false;
    if (address.is_v4()) {
        const auto range = ip::make_network_v4(network, ec);
        return !ec &&
               (ip::network_v4(address.to_v4(), range.prefix_length()).canonical() == range.canonical());
    }
    const auto range = ip::make_network_v6(network, ec);
    return !ec && (ip::network_v6(address.to_v6(), range.prefix_length()).canonical() == range.canonical());
}

/// Takes ":8080" off the end of an entry and says whether that port is the target's. IPv6 is written
/// [::1]:8080.
bool strip_port(std::string& entry, std::uint16_t port) {
    const auto colon = entry.rfind(':');
    const bool several = colon != std::string::npos && entry.find(':') != colon;
    if (colon == std::string::npos || (several && entry.front() != '[')) return true;
    if (several && entry.back() == ']') return true;
    const bool same = entry.substr(colon + 1) == std::to_string(port);
    entry.resize(colon);
    return same;
}

bool entry_matches(std::string entry, const Url& target) {
    if (entry == "*") return true;
    if (entry.find('/') != std::string::npos) return in_network(entry, target.host);
    if (!strip_port(entry, target.port)) return false;
    if (entry.starts_with('[') && entry.ends_with(']')) entry = entry.substr(1, entry.size() - 2);
    if (entry.starts_with("*.")) entry.erase(0, 1);
    if (entry.empty()) return false;
    if (entry.starts_with('.')) return target.host.ends_with(entry) || target.host == entry.substr(1);
    return target.host == entry || target.host.ends_with("." + entry);
}

bool loopback(const std::string& host) {
    if (host == "localhost" || host.ends_with(".localhost")) return true;
    boost::system::error_code ec;
    const auto address = ip::make_address(host, ec);
    return !ec && address.is_loopback();
}

bool excluded(std::string_view no_proxy, const Url& target) {
    while (!no_proxy.empty()) {
        const auto comma = std::min(no_proxy.find(','), no_proxy.size());
        if (entry_matches(lower(trimmed(no_proxy.substr(0, comma))), target)) return true;
        no_proxy.remove_prefix(std::min(comma + 1, no_proxy.size()));
    }
    return false;
}

}  // namespace

const Url* proxy_for(const ProxySettings& settings, const Url& target) {
    const auto& proxy = target.tls ? settings.https : settings.http;
    if (!proxy || loopback(target.host) || excluded(settings.no_proxy, target)) return nullptr;
    return &*proxy;
}

}  // namespace spotter::net
