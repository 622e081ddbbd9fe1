#include "net/exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace spotter::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using Kind = HttpError::Kind;
using Parser = http::response_parser<http::string_body>;

constexpr std::uint32_t max_head = 32 * 1024;
/// While an answer is awaited little is held, since thousands wait; a body is then read in larger pieces.
constexpr std::size_t first_read = 1024;
constexpr std::size_t next_read = 16 * 1024;

bool has_control(std::string_view text) {
    return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

HttpError parse_error(const error_code& ec, std::size_t max_body, std::string_view peer) {
    if (ec == http::error::body_limit || ec == http::error::buffer_overflow)
        return HttpError{Kind::too_large,
                         fmt::format("the answer of {} is larger than {} bytes", peer, max_body)};
    if (ec == http::error::header_limit)
        return HttpError{Kind::too_large, fmt::format("the head of {}'s answer is too large", peer)};
    if (ec == http::error::partial_message || ec == http::error::end_of_stream)
        return HttpError{Kind::closed_early, fmt::format("{} closed the connection within its answer", peer)};
    return HttpError{Kind::protocol, fmt::format("{} does not answer in HTTP: {}", peer, ec.message())};
}

/// Reads into `parser` until a message is complete.
asio::awaitable<std::optional<HttpError>> read_message(Connection& connection, beast::flat_buffer& buffer,
                                                       Parser& parser, ExchangeBounds bounds,
                                                       std::string_view peer, bool& answered) {
    while (true) {
        error_code ec;
        if (buffer.size() > 0) {
            buffer.consume(parser.put(buffer.data(), ec));
            if (ec && ec != http::error::need_more) co_return parse_error(ec, bounds.max_body, peer);
            if (parser.is_done()) co_return std::nullopt;
        }
        const Limit limit = answered
                                ? Limit::in(bounds.idle, Kind::timeout_idle, bounds.deadline)
                                : Limit::in(bounds.first_byte, Kind::timeout_first_byte, bounds.deadline);
        ec = co_await connection.read(buffer, answered ? next_read : first_read, limit.at);
        answered = answered || buffer.size() > 0;
        if (ec == asio::error::eof && parser.got_some()) {
            parser.put_eof(ec = {});
            if (ec) co_return parse_error(ec, bounds.max_body, peer);
            co_return std::nullopt;
        }
        if (ec) co_return http_error(ec, limit, Kind::closed_early, fmt::format("reading from {}", peer));
    }
}

HttpResponse response_of(Parser& parser) {
    HttpResponse response;
    response.status = parser.get().result_int();
    for (const auto& field : parser.get())
        response.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    response.body = std::move(parser.get().body());
    return response;
}

void prepare(Parser& parser, std::size_t max_body) {
    parser.eager(true);
    parser.header_limit(max_head);
    parser.body_limit(max_body);
}

}  // namespace

std::optional<HttpError> unsendable(const HttpRequest& request) {
    for (const auto& [name, value] : request.headers)
        if (has_control(name) || has_control(value))
            return HttpError{Kind::protocol,
                             fmt::format("the header {} has a line break or control character in its value",
                                         has_control(name) ? "to be sent" : name)};
    return std::nullopt;
}

std::string request_head(const HttpRequest& request, std::size_t body_size, std::string_view target,
                         const Headers& more) {
    std::string head = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n", request.method,
                                   target, request.url.authority(), body_size);
    for (const Headers* headers : {&request.headers, &more})
        for (const auto& [name, value] : *headers) head += fmt::format("{}: {}\r\n", name, value);
    return head + "\r\n";
}

asio::awaitable<Exchanged> exchange(Connection& connection, std::string head, std::string body,
                                    ExchangeBounds bounds, std::string_view peer) {
    const Limit sending = Limit::in(bounds.idle, Kind::timeout_idle, bounds.deadline);
    const error_code unsent = co_await connection.write(head, body, sending.at);
    std::string().swap(head);
    std::string().swap(body);
    if (unsent) {
        const auto error =
            http_error(unsent, sending, Kind::closed_early, fmt::format("sending to {}", peer));
        // A server may have refused and closed before it read everything: then its answer is still to be had.
        if (error.kind != Kind::closed_early) co_return Exchanged{error, false};
    }

    bool answered = false;
    beast::flat_buffer buffer;
    std::optional<Parser> parser;
    do {  // an interim answer (1xx) is followed by the one that counts
        parser.emplace();
        prepare(*parser, bounds.max_body);
        const auto problem = co_await read_message(connection, buffer, *parser, bounds, peer, answered);
        if (problem) co_return Exchanged{*problem, false};
    } while (parser->get().result_int() < 200);

    const bool reusable = !unsent && parser->keep_alive() && !parser->need_eof() && buffer.size() == 0;
    co_return Exchanged{response_of(*parser), reusable};
}

asio::awaitable<std::optional<HttpError>> open_tunnel(Connection& connection, std::string authority,
                                                      Headers headers, Limit limit) {
    std::string head = fmt::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\n", authority);
    for (const auto& [name, value] : headers) head += fmt::format("{}: {}\r\n", name, value);
    head += "\r\n";
    if (const auto ec = co_await connection.write(head, "", limit.at))
        co_return http_error(ec, limit, Kind::connect, "asking the proxy for a tunnel");

    bool answered = false;
    beast::flat_buffer buffer;
    Parser parser;
    prepare(parser, 0);
    parser.skip(true);  // a CONNECT's answer has no body: what follows is the tunnel
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(limit.at - std::chrono::steady_clock::now());
    const ExchangeBounds bounds{left, left, limit.at, 0};
    if (auto problem = co_await read_message(connection, buffer, parser, bounds, "the proxy", answered)) {
        if (problem->kind == Kind::deadline || problem->kind == Kind::timeout_first_byte)
            problem->kind = limit.kind;
        co_return problem;
    }
    const unsigned status = parser.get().result_int();
    if (status / 100 == 2) co_return std::nullopt;
    co_return HttpError{Kind::connect,
                        fmt::format("the proxy refused a tunnel to {} with status {}", authority, status)};
}

}  // namespace spotter::net
