#include "http/message.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"

namespace spotter::http {
namespace {

bool same_letters(std::string_view a, std::string_view b) {
    auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (same_letters(key, name)) return value;
    return {};
}

Response error_response(int status, std::string_view message) {
    Response response;
    response.status = status;
    response.body = fmt::format(R"({{"error":{}}})", json::quoted(message));
    return response;
}

Match find_route(const Routes& routes, std::string_view method, std::string_view path) {
    std::string allowed;
    for (const Route& route : routes) {
        if (route.path != path) continue;
        if (route.method == method) return {.route = &route};
        allowed += (allowed.empty() ? "" : ", ") + route.method;
    }
    if (allowed.empty()) return {.error = error_response(404, "Not found")};
    Match match{.error = error_response(405, "Method not allowed")};
    match.error.headers.emplace_back("Allow", allowed);
    return match;
}

}  // namespace spotter::http
