#include "net/http.hpp"

#include <algorithm>

namespace spotter::net {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

}  // namespace

std::optional<std::string_view> find_header(const Headers& headers, std::string_view name) {
    for (const Header& header : headers)
        if (std::ranges::equal(header.name, name, {}, lower, lower)) return header.value;
    return std::nullopt;
}

std::string_view name(HttpError::Kind kind) {
    using Kind = HttpError::Kind;
    switch (kind) {
        case Kind::resolve:
            return "resolve";
        case Kind::connect:
            return "connect";
        case Kind::tls:
            return "tls";
        case Kind::certificate:
            return "certificate";
        case Kind::timeout_connect:
            return "timeout_connect";
        case Kind::timeout_first_byte:
            return "timeout_first_byte";
        case Kind::timeout_idle:
            return "timeout_idle";
        case Kind::deadline:
            return "deadline";
        case Kind::closed_early:
            return "closed_early";
        case Kind::too_large:
            return "too_large";
        case Kind::protocol:
            return "protocol";
        case Kind::cancelled:
            return "cancelled";
    }
    return "connect";
}

}  // namespace spotter::net
