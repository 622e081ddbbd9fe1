#include "support/scripted_model.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdio>
#include <stdexcept>
#include <thread>

#include "base/file.hpp"
#include "support/scripted_state.hpp"
#include "support/test_certificate.hpp"

namespace spotter::test {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::use_awaitable;
using asio::ip::tcp;
using Parser = http::request_parser<http::string_body>;

std::string answer_bytes(const Behaviour& behaviour) {
    if (behaviour.raw) return behaviour.body;
    std::string head = fmt::format("HTTP/1.1 {} Scripted\r\n", behaviour.status);
    for (const auto& [name, value] : behaviour.headers) head += fmt::format("{}: {}\r\n", name, value);
    if (!net::find_header(behaviour.headers, "Content-Length") &&
        !net::find_header(behaviour.headers, "Transfer-Encoding"))
        head += fmt::format("Content-Length: {}\r\n", behaviour.body.size());
    return head + "\r\n" + behaviour.body;
}

ReceivedRequest taken(http::request<http::string_body> message) {
    ReceivedRequest request;
    request.method = std::string(message.method_string());
    request.target = std::string(message.target());
    for (const auto& field : message)
        request.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    request.body = std::move(message.body());
    return request;
}

asio::awaitable<void> rest(std::chrono::milliseconds length) {
    if (length.count() == 0) co_return;
    asio::steady_timer timer(co_await asio::this_coro::executor, length);
    co_await timer.async_wait(use_awaitable);
}

template <class Stream>
asio::awaitable<void> wait_for_the_end(Stream& stream) {
    char ignored = 0;
    while (true)
        co_await stream.async_read_some(asio::buffer(&ignored, 1), use_awaitable);  // ends by throwing
}

asio::awaitable<void> wait_at(asio::steady_timer& gate) {
    boost::system::error_code released;
    co_await gate.async_wait(asio::redirect_error(use_awaitable, released));
}

/// Sends as told; true when the connection may serve another request.
template <class Stream>
asio::awaitable<bool> play(Stream& stream, Behaviour behaviour, asio::steady_timer& gate) {
    if (behaviour.never) co_await wait_for_the_end(stream);
    if (behaviour.held) co_await wait_at(gate);
    co_await rest(behaviour.delay);
    std::string bytes = answer_bytes(behaviour);
    if (behaviour.cut_at) bytes.resize(std::min(bytes.size(), *behaviour.cut_at));
    const std::size_t piece = behaviour.drip == 0 ? bytes.size() : behaviour.drip;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        const auto part = asio::buffer(bytes.data() + at, std::min(piece, bytes.size() - at));
        co_await asio::async_write(stream, part, use_awaitable);
        co_await rest(behaviour.pause);
    }
    co_return !behaviour.cut_at && !behaviour.hang_up;
}

/// What sessions share.
struct Script {
    ScriptedState& state;
    std::uint64_t largest_request;
    asio::steady_timer& gate;  ///< never expires; cancelled to let held answers go
};

/// Counts a request as open for as long as it lives.
class OpenRequest {
  public:
    explicit OpenRequest(ScriptedState& state) : state_(state) {}
    OpenRequest(const OpenRequest&) = delete;
    ~OpenRequest() { state_.finished(); }

  private:
    ScriptedState& state_;
};

template <class Stream>
asio::awaitable<void> serve(Stream& stream, Script& script) {
    boost::beast::flat_buffer buffer;
    for (bool more = true; more;) {
        Behaviour behaviour;
        {
            Parser parser;
            parser.body_limit(script.largest_request);
            boost::system::error_code ec;
            co_await http::async_read(stream, buffer, parser, asio::redirect_error(use_awaitable, ec));
            if (ec == http::error::body_limit) co_await play(stream, answer("", 413), script.gate);
            if (ec) co_return;
            behaviour = script.state.received(taken(parser.release()));
        }
        const OpenRequest open(script.state);
        more = co_await play(stream, std::move(behaviour), script.gate);
    }
}

asio::awaitable<void> serve_tls(tcp::socket socket, asio::ssl::context& context, Script& script) {
    asio::ssl::stream<tcp::socket> stream(std::move(socket), context);
    co_await stream.async_handshake(asio::ssl::stream_base::server, use_awaitable);
    co_await serve(stream, script);
}

/// Answers a CONNECT with a tunnel, any other request by the script.
asio::awaitable<void> serve_proxy(tcp::socket socket, asio::ssl::context& context, Script& script) {
    boost::beast::flat_buffer buffer;
    Parser parser;
    co_await http::async_read(socket, buffer, parser, use_awaitable);
    ReceivedRequest request = taken(parser.release());
    const bool tunnel = request.method == "CONNECT";
    Behaviour behaviour = script.state.received(std::move(request));
    const OpenRequest open(script.state);
    if (!tunnel || behaviour.status != 200) {
        co_await play(socket, std::move(behaviour), script.gate);
        co_return;
    }
    static constexpr std::string_view established = "HTTP/1.1 200 Connection established\r\n\r\n";
    co_await asio::async_write(socket, asio::buffer(established), use_awaitable);
    co_await serve_tls(std::move(socket), context, script);
}

/// A file with `content` under a name of its own.
std::string temporary_file(const std::string& content) {
    std::string path = "/tmp/spotter-scripted-model-XXXXXX";
    const int handle = mkstemp(path.data());
    if (handle < 0 || write(handle, content.data(), content.size()) != static_cast<ssize_t>(content.size()))
        throw std::runtime_error("the test certificate could not be written");
    ::close(handle);
    return path;
}

}  // namespace

struct ScriptedModel::Server {
    explicit Server(ScriptedModelOptions how);
    ~Server();

    asio::awaitable<void> accept();
    asio::awaitable<void> session(tcp::socket socket);

    ScriptedModelOptions options;
    asio::ssl::context tls{asio::ssl::context::tls_server};
    std::string ca_file;
    ScriptedState state;  // before the context, whose end is the end of sessions that count here
    asio::io_context context;
    asio::steady_timer gate{context, asio::steady_timer::time_point::max()};
    Script script{state, options.largest_request, gate};
    tcp::acceptor acceptor;
    std::thread thread;
};

ScriptedModel::Server::Server(ScriptedModelOptions how)
    : options(std::move(how)),
      state(options.kept_requests),
      acceptor(context, tcp::endpoint(asio::ip::make_address_v4(options.address), 0)) {
    raise_file_limit();
    if (options.tls || options.proxy) {
        const auto certificate = self_signed(options.hosts, options.certificate_days);
        tls.use_certificate(asio::buffer(certificate.certificate), asio::ssl::context::pem);
        tls.use_private_key(asio::buffer(certificate.key), asio::ssl::context::pem);
        ca_file = temporary_file(certificate.certificate);
    }
    auto unexpected = [](std::exception_ptr problem) {
        if (problem) std::rethrow_exception(problem);
    };
    asio::co_spawn(context, accept(), unexpected);
    thread = std::thread([this] { context.run(); });
}

ScriptedModel::Server::~Server() {
    context.stop();
    thread.join();
    if (!ca_file.empty()) std::remove(ca_file.c_str());
}

asio::awaitable<void> ScriptedModel::Server::accept() {
    auto ended = [](std::exception_ptr problem) {
        try {
            if (problem) std::rethrow_exception(problem);
        } catch (const boost::system::system_error&) {
            // The client went away, or would not have our certificate: a session's usual end.
        }
    };
    while (true) {
        tcp::socket socket = co_await acceptor.async_accept(use_awaitable);
        if (!state.accepted()) continue;
        asio::co_spawn(context, session(std::move(socket)), ended);
    }
}

asio::awaitable<void> ScriptedModel::Server::session(tcp::socket socket) {
    socket.set_option(tcp::no_delay(true));
    if (options.proxy)
        co_await serve_proxy(std::move(socket), tls, script);
    else if (options.tls)
        co_await serve_tls(std::move(socket), tls, script);
    else
        co_await serve(socket, script);
}

ScriptedModel::ScriptedModel(ScriptedModelOptions options)
    : server_(std::make_unique<Server>(std::move(options))) {}
ScriptedModel::~ScriptedModel() = default;

void ScriptedModel::then(Behaviour behaviour, int times) {
    server_->state.then(std::move(behaviour), times);
}
void ScriptedModel::always(Behaviour behaviour) {
    server_->state.always([behaviour = std::move(behaviour)](const ReceivedRequest&) { return behaviour; });
}
void ScriptedModel::always(Handler handler) {
    server_->state.always(std::move(handler));
}
void ScriptedModel::release() {
    asio::post(server_->context, [server = server_.get()] { server->gate.cancel(); });
}
void ScriptedModel::close_at_accept(bool closing) {
    server_->state.close_at_accept(closing);
}

std::uint16_t ScriptedModel::port() const {
    return server_->acceptor.local_endpoint().port();
}
std::string ScriptedModel::url() const {
    return origin() + "/v1";
}
std::string ScriptedModel::origin() const {
    if (server_->options.tls) return fmt::format("https://localhost:{}", port());
    return fmt::format("http://{}:{}", server_->options.address, port());
}
std::string ScriptedModel::ca_file() const {
    return server_->ca_file;
}

int ScriptedModel::requests() const {
    return server_->state.counts().requests;
}
int ScriptedModel::connections() const {
    return server_->state.counts().connections;
}
int ScriptedModel::open() const {
    return server_->state.counts().open;
}
int ScriptedModel::most_open() const {
    return server_->state.counts().most_open;
}
ReceivedRequest ScriptedModel::request(std::size_t index) const {
    return server_->state.kept(index);
}
std::vector<ReceivedRequest> ScriptedModel::all_requests() const {
    return server_->state.kept();
}

void ScriptedModel::wait_for_requests(int count) const {
    server_->state.wait(fmt::format("{} requests", count),
                        [&](const auto& counts) { return counts.requests >= count; });
}
void ScriptedModel::wait_for_open(int count) const {
    server_->state.wait(fmt::format("{} open requests", count),
                        [&](const auto& counts) { return counts.open == count; });
}

}  // namespace spotter::test
