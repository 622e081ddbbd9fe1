#include "net/connection.hpp"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/error.hpp>

#include "net/tls.hpp"

namespace spotter::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

/// A peer that vanished without a word is noticed in about two minutes, even while a long answer is awaited.
void configure(asio::ip::tcp::socket& socket) {
    error_code ignored;  // each is an improvement, none is a need
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket.set_option(asio::socket_base::keep_alive(true), ignored);
    const int handle = socket.native_handle();
    const int idle_s = 60, interval_s = 15, probes = 4;
    setsockopt(handle, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
    setsockopt(handle, IPPROTO_TCP, TCP_KEEPINTVL, &interval_s, sizeof interval_s);
    setsockopt(handle, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
}

}  // namespace

Limit Limit::in(std::chrono::milliseconds length, HttpError::Kind kind, Clock::time_point deadline) {
    const auto at = Clock::now() + length;
    return at < deadline ? Limit{at, kind} : Limit{deadline, HttpError::Kind::deadline};
}

HttpError http_error(const error_code& ec, Limit limit, HttpError::Kind otherwise, std::string_view step) {
    if (ec == beast::error::timeout)
        return HttpError{limit.kind, fmt::format("out of time while {} ({})", step, name(limit.kind))};
    if (ec == asio::error::operation_aborted)
        return HttpError{HttpError::Kind::cancelled, fmt::format("cancelled while {}", step)};
    return HttpError{otherwise, fmt::format("{} failed: {}", step, ec.message())};
}

asio::awaitable<error_code> Connection::connect(std::vector<asio::ip::tcp::endpoint> endpoints,
                                                Clock::time_point by) {
    error_code ec = asio::error::host_not_found;
    for (std::size_t i = 0; i < endpoints.size(); ++i) {
        const auto now = Clock::now();
        const auto left = static_cast<Clock::rep>(endpoints.size() - i);
        error_code closing;
        tcp_.socket().close(closing);
        tcp_.expires_at(now + std::max(by - now, Clock::duration::zero()) / left);
        co_await tcp_.async_connect(endpoints[i], asio::redirect_error(asio::use_awaitable, ec));
        if (!ec) {
            configure(tcp_.socket());
            break;
        }
        if (ec == asio::error::operation_aborted) break;
    }
    co_return ec;
}

asio::awaitable<error_code> Connection::start_tls(asio::ssl::context& context, std::string host,
                                                  Clock::time_point by) {
    tls_ = std::make_unique<asio::ssl::stream<beast::tcp_stream&>>(tcp_, context);
    expect_host(tls_->native_handle(), host);
    error_code ec;
    tcp_.expires_at(by);
    co_await tls_->async_handshake(asio::ssl::stream_base::client,
                                   asio::redirect_error(asio::use_awaitable, ec));
    co_return ec;
}

std::string Connection::certificate_problem() const {
    return tls_ ? net::certificate_problem(tls_->native_handle()) : "";
}

asio::awaitable<error_code> Connection::write(std::string_view head, std::string_view body,
                                              Clock::time_point by) {
    const std::array<asio::const_buffer, 2> both{asio::buffer(head), asio::buffer(body)};
    error_code ec;
    tcp_.expires_at(by);
    if (tls_)
        co_await asio::async_write(*tls_, both, asio::redirect_error(asio::use_awaitable, ec));
    else
        co_await asio::async_write(tcp_, both, asio::redirect_error(asio::use_awaitable, ec));
    co_return ec;
}

asio::awaitable<error_code> Connection::read(beast::flat_buffer& into, std::size_t at_most,
                                             Clock::time_point by) {
    const auto room = into.prepare(at_most);
    error_code ec;
    std::size_t came = 0;
    tcp_.expires_at(by);
    if (tls_)
        came = co_await tls_->async_read_some(room, asio::redirect_error(asio::use_awaitable, ec));
    else
        came = co_await tcp_.async_read_some(room, asio::redirect_error(asio::use_awaitable, ec));
    into.commit(came);
    co_return ec;
}

bool Connection::quiet() {
    char byte = 0;
    const auto came = recv(tcp_.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (came < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
    // With TLS a session ticket may lie there; without it, nothing should.
    return came > 0 && tls_ != nullptr;
}

}  // namespace spotter::net
