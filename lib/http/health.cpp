#include "http/health.hpp"

#include <fmt/format.h>

#include "base/json.hpp"

namespace spotter::http {
namespace {

Response readiness(const std::vector<std::string>& reasons) {
    std::string list;
    for (const std::string& reason : reasons) list += (list.empty() ? "" : ",") + json::quoted(reason);
    Response response;
    response.status = reasons.empty() ? 200 : 503;
    response.body = fmt::format(R"({{"ready":{},"reasons":[{}]}})", reasons.empty(), list);
    return response;
}

// A handler of what is known at once.
Handler at_once(std::function<Response()> make) {
    return [make = std::move(make)](Request) -> boost::asio::awaitable<Response> { co_return make(); };
}

}  // namespace

Routes health_routes(std::function<std::vector<std::string>()> why_not_ready,
                     std::function<std::string()> metrics) {
    auto alive = [] { return Response{.body = R"({"status":"alive"})"}; };
    auto ready = [why_not_ready = std::move(why_not_ready)] { return readiness(why_not_ready()); };
    auto figures = [metrics = std::move(metrics)] {
        return Response{.body = metrics(), .type = "text/plain; version=0.0.4; charset=utf-8"};
    };
    return {
        {"GET", "/healthz", at_once(alive)},
        {"GET", "/readyz", at_once(ready)},
        {"GET", "/metrics", at_once(figures)},
    };
}

}  // namespace spotter::http
