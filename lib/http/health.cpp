#include "http/health.hpp"

#include <fmt/format.h>

#include "base/json.hpp"

namespace spotter::http {
namespace {

Response answer(const Readiness& readiness) {
    bool ready = readiness.reasons.empty();
    Response response;
    response.status = ready ? 200 : 503;
    response.body = fmt::format(R"({{"ready":{},"reasons":{},"notes":{}}})", ready,
                                json::quoted(readiness.reasons), json::quoted(readiness.notes));
    return response;
}

// A handler of what is known at once.
Handler at_once(std::function<Response()> make) {
    return [make = std::move(make)](Request) -> boost::asio::awaitable<Response> { co_return make(); };
}

}  // namespace

Routes health_routes(std::function<Readiness()> readiness, std::function<std::string()> metrics) {
    auto alive = [] { return Response{.body = R"({"status":"alive"})"}; };
    auto ready = [readiness = std::move(readiness)] { return answer(readiness()); };
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
