#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What a handler sees of HTTP.
namespace spotter::http {

struct Request {
    std::string method;  ///< "GET"
    std::string path;    ///< without the query, as sent
    std::string query;   ///< after the '?', as sent
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;

    /// The first header called `name` in any case, or "".
    std::string_view header(std::string_view name) const;
};

struct Response {
    int status = 200;
    std::string body;
    std::string type = "application/json";
    std::vector<std::pair<std::string, std::string>> headers = {};
};

/// The answer of every error: {"error":"…"}.
Response error_response(int status, std::string_view message);

/// Answers one request. What it throws is logged and becomes a 500 that tells nothing.
using Handler = std::function<boost::asio::awaitable<Response>(Request)>;

/// One line of the table of routes.
struct Route {
    std::string method;
    std::string path;
    Handler handler;
};
using Routes = std::vector<Route>;

/// The route of a request. Error 404 when no route has the path; 405, with an Allow header, when none of
/// those has the method.
struct Match {
    const Route* route = nullptr;
    Response error = {};  ///< when there is no route
};
Match find_route(const Routes& routes, std::string_view method, std::string_view path);

}  // namespace spotter::http
