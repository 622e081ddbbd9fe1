#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <string>
#include <string_view>

#include "net/connection.hpp"

namespace spotter::net {

/// The time and space an exchange may take.
struct ExchangeBounds {
    std::chrono::milliseconds first_byte;
    std::chrono::milliseconds idle;
    std::chrono::steady_clock::time_point deadline;
    std::size_t max_body;
};

struct Exchanged {
    Result<HttpResponse, HttpError> outcome;
    bool reusable = false;  ///< the connection is good for another exchange
};

/// Why a request cannot be sent (kind protocol): a header with a control character, such as the newline at
/// the end of a key that came from a file.
std::optional<HttpError> unsendable(const HttpRequest& request);

/// The head of a request that can be sent; `target` is the path, or the whole URL to a proxy.
std::string request_head(const HttpRequest& request, std::size_t body_size, std::string_view target,
                         const Headers& more);

/// One request and its answer. A server that answers before it has read everything, and then closes, is
/// heard. `head` and `body` are let go once they are sent, since thousands may wait for their answers; `peer`
/// is for messages and outlives the call.
boost::asio::awaitable<Exchanged> exchange(Connection& connection, std::string head, std::string body,
                                           ExchangeBounds bounds, std::string_view peer);

/// Asks a proxy for a tunnel to `authority` ("host:443"). Empty when it stands.
boost::asio::awaitable<std::optional<HttpError>> open_tunnel(Connection& connection, std::string authority,
                                                             Headers headers, Limit limit);

}  // namespace spotter::net
