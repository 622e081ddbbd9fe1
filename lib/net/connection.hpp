#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.hpp"

namespace spotter::net {

/// Until when a step may take, and what it is called when it takes longer.
struct Limit {
    std::chrono::steady_clock::time_point at;
    HttpError::Kind kind;

    /// `length` from now, unless `deadline` comes first.
    static Limit in(std::chrono::milliseconds length, HttpError::Kind kind,
                    std::chrono::steady_clock::time_point deadline);
};

/// What `ec` means for a step under `limit`: out of time, cancelled, or else `otherwise`. `step` tells what
/// was being done with whom, "connecting to https://api.example.com:443".
HttpError http_error(const boost::system::error_code& ec, Limit limit, HttpError::Kind otherwise,
                     std::string_view step);

/// One TCP connection, plain or with TLS on top. Steps are taken one after another by one coroutine; a step
/// that fails leaves the connection good for nothing but destruction.
class Connection {
  public:
    explicit Connection(const boost::asio::any_io_executor& executor) : tcp_(executor) {}

    /// Tries the endpoints in turn, each for its share of the time left.
    boost::asio::awaitable<boost::system::error_code> connect(
        std::vector<boost::asio::ip::tcp::endpoint> endpoints, std::chrono::steady_clock::time_point by);

    /// Starts TLS and verifies that `host` is who answers. On a failure, see `certificate_problem()`.
    boost::asio::awaitable<boost::system::error_code> start_tls(boost::asio::ssl::context& context,
                                                                std::string host,
                                                                std::chrono::steady_clock::time_point by);
    std::string certificate_problem() const;

    /// Writes both in full. The views outlive the call.
    boost::asio::awaitable<boost::system::error_code> write(std::string_view head, std::string_view body,
                                                            std::chrono::steady_clock::time_point by);

    /// Reads what comes next, up to `at_most` bytes, to the end of `into`.
    boost::asio::awaitable<boost::system::error_code> read(boost::beast::flat_buffer& into,
                                                           std::size_t at_most,
                                                           std::chrono::steady_clock::time_point by);

    /// False when the other side has closed an idle connection or said something nobody asked for.
    bool quiet();

  private:
    boost::beast::tcp_stream tcp_;
    std::unique_ptr<boost::asio::ssl::stream<boost::beast::tcp_stream&>> tls_;
};

}  // namespace spotter::net
