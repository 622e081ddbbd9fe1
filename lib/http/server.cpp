#include "http/server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <list>
#include <optional>

#include "async/event.hpp"
#include "async/task_group.hpp"
#include "async/timeout.hpp"
#include "base/log.hpp"

namespace spotter::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

auto into(error_code& ec) {
    return asio::redirect_error(asio::use_awaitable, ec);
}

Request to_request(beast::http::request<beast::http::string_body> raw) {
    Request request;
    request.method = raw.method_string();
    std::string_view target = raw.target();
    size_t mark = target.find('?');
    request.path = target.substr(0, mark);
    if (mark != std::string_view::npos) request.query = target.substr(mark + 1);
    for (const auto& field : raw) request.headers.emplace_back(field.name_string(), field.value());
    request.body = std::move(raw.body());
    return request;
}

beast::http::response<beast::http::string_body> to_raw(Response response, bool keep_alive) {
    beast::http::response<beast::http::string_body> raw;
    raw.result(static_cast<unsigned>(response.status));
    raw.set(beast::http::field::content_type, response.type);
    for (const auto& [name, value] : response.headers) raw.insert(name, value);
    raw.body() = std::move(response.body);
    raw.keep_alive(keep_alive);
    raw.prepare_payload();
    return raw;
}

void connection_failed(const std::string&, std::exception_ptr problem) {
    try {
        std::rethrow_exception(problem);
    } catch (const std::exception& error) {
        log::error("http_connection_failed", {{"reason", error.what()}});
    }
}

// What to tell a client whose request could not be read; nullopt when there is nobody to tell.
std::optional<Response> read_failure(error_code ec) {
    using beast::http::error;
    if (ec == error::header_limit) return error_response(431, "Header too large");
    if (ec == error::body_limit) return error_response(413, "Body too large");
    if (ec.category() == make_error_code(error::bad_method).category() && ec != error::end_of_stream &&
        ec != error::partial_message)
        return error_response(400, "Malformed request");
    return std::nullopt;
}

}  // namespace

class Server::Implementation {
  public:
    Implementation(asio::any_io_executor executor, ServerSettings settings, Routes routes)
        : settings_(std::move(settings)),
          routes_(std::move(routes)),
          acceptor_(executor),
          tasks_(executor, connection_failed),
          room_(executor) {}

    Result<void> open();
    uint16_t port() const { return port_; }
    asio::awaitable<void> run();
    void stop();

  private:
    struct Connection {
        beast::tcp_stream stream;
        beast::flat_buffer buffer = {};
        bool idle = true;  // between requests
    };

    asio::awaitable<void> serve(std::list<Connection>::iterator connection);
    asio::awaitable<bool> answer_one(Connection& connection);
    asio::awaitable<Response> respond(Request request);
    asio::awaitable<bool> write(Connection& connection, Response response, bool keep_alive);
    asio::awaitable<void> close(Connection& connection);

    ServerSettings settings_;
    Routes routes_;
    tcp::acceptor acceptor_;
    uint16_t port_ = 0;
    bool stopping_ = false;
    std::list<Connection> connections_;
    async::TaskGroup tasks_;
    async::Event room_;  // a connection ended
};

Result<void> Server::Implementation::open() {
    error_code ec;
    auto address = asio::ip::make_address(settings_.host == "localhost" ? "127.0.0.1" : settings_.host, ec);
    tcp::endpoint endpoint(address, static_cast<uint16_t>(settings_.port));
    if (!ec) acceptor_.open(endpoint.protocol(), ec);
    if (!ec) acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec) acceptor_.bind(endpoint, ec);
    if (!ec) acceptor_.listen(asio::socket_base::max_listen_connections, ec);
    if (!ec) port_ = acceptor_.local_endpoint(ec).port();
    if (!ec) return {};
    return Error{"listen_failed", fmt::format("Cannot listen on {}, port {}: {}.", settings_.host,
                                              settings_.port, ec.message())};
}

asio::awaitable<void> Server::Implementation::run() {
    constexpr auto pause = std::chrono::milliseconds(100);
    while (!stopping_) {
        if (connections_.size() >= settings_.max_connections) {
            co_await room_.wait();
            continue;
        }
        error_code ec;
        tcp::socket socket = co_await acceptor_.async_accept(into(ec));
        if (stopping_) break;
        if (ec) {  // out of file descriptors, say: the client's connection waits in the kernel
            log::warn("accept_failed", {{"reason", ec.message()}});
            co_await async::sleep_for(pause);
            continue;
        }
        socket.set_option(tcp::no_delay(true), ec);
        auto connection =
            connections_.insert(connections_.end(), Connection{beast::tcp_stream(std::move(socket))});
        tasks_.spawn("http_connection", serve(connection));
    }
    co_await tasks_.drained();
}

void Server::Implementation::stop() {
    stopping_ = true;
    error_code ignored;
    acceptor_.close(ignored);
    room_.ring();
    for (Connection& connection : connections_)
        if (connection.idle) connection.stream.cancel();
}

asio::awaitable<void> Server::Implementation::serve(std::list<Connection>::iterator connection) {
    struct Leave {
        Implementation& server;
        std::list<Connection>::iterator connection;
        ~Leave() {
            server.connections_.erase(connection);
            server.room_.ring();
        }
    } leave{*this, connection};
    while (co_await answer_one(*connection)) {
    }
}

// One request and its response. True when another may follow.
asio::awaitable<bool> Server::Implementation::answer_one(Connection& connection) {
    error_code ec;
    if (connection.buffer.size() == 0) {
        connection.idle = true;
        if (stopping_) co_return false;
        connection.stream.expires_after(settings_.idle_timeout);
        size_t got = co_await connection.stream.async_read_some(connection.buffer.prepare(4096), into(ec));
        if (ec) co_return false;
        connection.buffer.commit(got);
    }
    connection.idle = false;

    beast::http::request_parser<beast::http::string_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(settings_.max_header_bytes));
    parser.body_limit(settings_.max_body_bytes);
    connection.stream.expires_after(settings_.read_timeout);
    co_await beast::http::async_read(connection.stream, connection.buffer, parser, into(ec));
    if (ec) {
        if (auto failure = read_failure(ec)) {
            co_await write(connection, std::move(*failure), false);
            co_await close(connection);
        }
        co_return false;
    }

    bool keep_alive = parser.get().keep_alive();
    Request request = to_request(parser.release());
    connection.stream.expires_never();  // a handler has its own limits
    Response response = co_await respond(std::move(request));
    keep_alive = keep_alive && !stopping_;
    co_return co_await write(connection, std::move(response), keep_alive) && keep_alive;
}

asio::awaitable<Response> Server::Implementation::respond(Request request) {
    Match match = find_route(routes_, request.method, request.path);
    if (match.route == nullptr) co_return std::move(match.error);
    try {
        co_return co_await match.route->handler(std::move(request));
    } catch (const std::exception& error) {
        log::error("http_handler_failed", {{"path", match.route->path}, {"reason", error.what()}});
    }
    co_return error_response(500, "Internal error");
}

asio::awaitable<bool> Server::Implementation::write(Connection& connection, Response response,
                                                    bool keep_alive) {
    error_code ec;
    auto raw = to_raw(std::move(response), keep_alive);
    connection.stream.expires_after(settings_.write_timeout);
    co_await beast::http::async_write(connection.stream, raw, into(ec));
    co_return !ec;
}

// Reads on for a moment: closing a socket with unread bytes in it resets the connection, and the client might
// never see the answer that tells it what was wrong.
asio::awaitable<void> Server::Implementation::close(Connection& connection) {
    constexpr auto moment = std::chrono::seconds(2);
    error_code ec;
    connection.stream.socket().shutdown(tcp::socket::shutdown_send, ec);
    connection.stream.expires_after(moment);
    while (!ec) {
        connection.buffer.clear();
        co_await connection.stream.async_read_some(connection.buffer.prepare(16384), into(ec));
    }
}

Server::Server(asio::any_io_executor executor, ServerSettings settings, Routes routes)
    : implementation_(std::make_unique<Implementation>(executor, std::move(settings), std::move(routes))) {}
Server::~Server() = default;
Result<void> Server::open() {
    return implementation_->open();
}
uint16_t Server::port() const {
    return implementation_->port();
}
asio::awaitable<void> Server::run() {
    return implementation_->run();
}
void Server::stop() {
    implementation_->stop();
}

}  // namespace spotter::http
