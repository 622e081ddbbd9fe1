#include "net/http_client.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include "net/connection.hpp"
#include "net/exchange.hpp"
#include "net/idle_pool.hpp"
#include "net/resolver.hpp"
#include "net/tls.hpp"

namespace spotter::net {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using Kind = HttpError::Kind;
using Opened = Result<std::unique_ptr<Connection>, HttpError>;

std::string host_and_port(const Url& url) {
    const bool v6 = url.host.find(':') != std::string::npos;
    return v6 ? fmt::format("[{}]:{}", url.host, url.port) : fmt::format("{}:{}", url.host, url.port);
}

Headers proxy_credentials(const Url& proxy) {
    if (proxy.credentials.empty()) return {};
    const std::string& plain = proxy.credentials.reveal();
    std::string encoded(4 * ((plain.size() + 2) / 3) + 1, '\0');  // and the NUL that OpenSSL writes
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                        reinterpret_cast<const unsigned char*>(plain.data()), static_cast<int>(plain.size()));
    encoded.resize(static_cast<std::size_t>(length));
    return {{"Proxy-Authorization", "Basic " + encoded}};
}

/// What goes over the wire for `request`. A proxy of plain http is asked for the whole URL.
std::string head_of(const HttpRequest& request, std::size_t body_size, const Url* proxy) {
    if (!proxy || request.url.tls) return request_head(request, body_size, request.url.target(), {});
    const std::string whole = fmt::format("http://{}{}", request.url.authority(), request.url.target());
    return request_head(request, body_size, whole, proxy_credentials(*proxy));
}

HttpError cancelled(const std::string& origin) {
    return HttpError{Kind::cancelled, fmt::format("cancelled while calling {}", origin)};
}

}  // namespace

struct HttpClient::Parts {
    Parts(asio::any_io_executor on, HttpSettings how)
        : executor(std::move(on)),
          settings(std::move(how)),
          tls(tls_client_context(settings.ca_file)),
          resolver(executor),
          pool(executor, settings.max_idle, settings.max_idle_age) {}

    asio::awaitable<Result<HttpResponse, HttpError>> call(const HttpRequest& request,
                                                          const std::string& origin);
    asio::awaitable<Opened> open(Url target, const Url* proxy, Clock::time_point deadline);
    asio::awaitable<std::optional<HttpError>> reach(Connection& connection, std::string host,
                                                    std::uint16_t port, Clock::time_point deadline);
    asio::awaitable<std::optional<HttpError>> secure(Connection& connection, Url target,
                                                     Clock::time_point deadline);

    asio::any_io_executor executor;
    HttpSettings settings;
    asio::ssl::context tls;
    Resolver resolver;
    IdlePool pool;
};

HttpClient::HttpClient(asio::any_io_executor executor, HttpSettings settings)
    : parts_(std::make_unique<Parts>(std::move(executor), std::move(settings))) {}

HttpClient::~HttpClient() = default;

void HttpClient::close() {
    parts_->pool.close();
}

std::size_t HttpClient::idle() const {
    return parts_->pool.size();
}

asio::awaitable<Result<HttpResponse, HttpError>> HttpClient::send(const HttpRequest& request) {
    const std::string origin = request.url.origin();
    try {
        co_return co_await parts_->call(request, origin);
    } catch (const boost::system::system_error& error) {
        // A cancellation that arrives between two waits is thrown by Asio at the second.
        if (error.code() != asio::error::operation_aborted) throw;
    }
    co_return cancelled(origin);
}

asio::awaitable<Result<HttpResponse, HttpError>> HttpClient::Parts::call(const HttpRequest& request,
                                                                         const std::string& origin) {
    const Url* proxy = proxy_for(settings.proxy, request.url);
    // What cannot be sent is said before anybody is called.
    if (auto error = unsendable(request)) co_return *error;

    const auto deadline = std::min(request.deadline, Clock::now() + settings.timeouts.total);
    const ExchangeBounds bounds{settings.timeouts.first_byte, settings.timeouts.idle, deadline,
                                settings.max_response};

    std::unique_ptr<Connection> connection = pool.take(origin);
    if (!connection) {
        auto opened = co_await open(request.url, proxy, deadline);
        if (!opened) co_return opened.error();
        connection = std::move(*opened);
    }
    std::string body = request.body ? request.body() : "";
    std::string head = head_of(request, body.size(), proxy);
    auto exchanged = co_await exchange(*connection, std::move(head), std::move(body), bounds, origin);
    if (exchanged.reusable) pool.put(origin, std::move(connection));
    co_return std::move(exchanged.outcome);
}

asio::awaitable<Opened> HttpClient::Parts::open(Url target, const Url* proxy, Clock::time_point deadline) {
    auto connection = std::make_unique<Connection>(executor);
    const Url& next = proxy ? *proxy : target;
    if (auto error = co_await reach(*connection, next.host, next.port, deadline)) co_return *error;
    if (proxy && target.tls) {
        const Limit limit = Limit::in(settings.timeouts.connect, Kind::timeout_connect, deadline);
        auto credentials = proxy_credentials(*proxy);
        auto authority = host_and_port(target);
        auto error = co_await open_tunnel(*connection, std::move(authority), std::move(credentials), limit);
        if (error) co_return *error;
    }
    if (target.tls)
        if (auto error = co_await secure(*connection, target, deadline)) co_return *error;
    co_return Opened(std::move(connection));
}

asio::awaitable<std::optional<HttpError>> HttpClient::Parts::reach(Connection& connection, std::string host,
                                                                   std::uint16_t port,
                                                                   Clock::time_point deadline) {
    const Limit naming = Limit::in(settings.timeouts.resolve, Kind::timeout_connect, deadline);
    const auto answer = co_await resolver.resolve(host, port, naming.at);
    if (answer.endpoints.empty()) {
        if (answer.problem == Resolver::Problem::cancelled) co_return cancelled(host);
        if (answer.problem == Resolver::Problem::timeout)
            co_return HttpError{naming.kind, fmt::format("out of time while looking up {}", host)};
        co_return HttpError{Kind::resolve, fmt::format("{} has no address: {}", host, answer.message)};
    }
    const Limit connecting = Limit::in(settings.timeouts.connect, Kind::timeout_connect, deadline);
    const auto ec = co_await connection.connect(answer.endpoints, connecting.at);
    if (!ec) co_return std::nullopt;
    co_return http_error(ec, connecting, Kind::connect, fmt::format("connecting to {} port {}", host, port));
}

asio::awaitable<std::optional<HttpError>> HttpClient::Parts::secure(Connection& connection, Url target,
                                                                    Clock::time_point deadline) {
    const Limit limit = Limit::in(settings.timeouts.tls, Kind::timeout_connect, deadline);
    const auto ec = co_await connection.start_tls(tls, target.host, limit.at);
    if (!ec) co_return std::nullopt;
    if (const auto problem = connection.certificate_problem(); !problem.empty())
        co_return HttpError{Kind::certificate, fmt::format("the certificate of {} is not trusted: {}",
                                                           target.origin(), problem)};
    co_return http_error(ec, limit, Kind::tls, fmt::format("TLS with {}", target.origin()));
}

}  // namespace spotter::net
