#include "http/server.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <future>
#include <thread>

#include "http/health.hpp"

namespace server_test {

namespace asio = boost::asio;
using asio::ip::tcp;
using spotter::http::health_routes;
using spotter::http::Request;
using spotter::http::Response;
using spotter::http::Routes;
using spotter::http::Server;
using spotter::http::ServerSettings;

namespace {

ServerSettings any_port() {
    ServerSettings settings;
    settings.port = 0;
    return settings;
}

/// A server on a thread of its own, stopped at the end at the latest.
class Running {
  public:
    Running(Routes routes, ServerSettings settings = any_port())
        : server_(loop_.get_executor(), std::move(settings), std::move(routes)) {
        REQUIRE(server_.open().has_value());
        asio::co_spawn(loop_, server_.run(), [this](std::exception_ptr) { ended_.set_value(); });
        thread_ = std::thread([this] { loop_.run(); });
    }
    ~Running() {
        stop();
        thread_.join();
    }

    void stop() {
        asio::post(loop_, [this] { server_.stop(); });
    }
    /// True when run() has returned, or does within `limit`.
    bool ended(std::chrono::seconds limit = std::chrono::seconds(10)) {
        return future_.wait_for(limit) == std::future_status::ready;
    }
    asio::io_context& loop() { return loop_; }
    uint16_t port() const { return server_.port(); }

  private:
    asio::io_context loop_;
    Server server_;
    std::promise<void> ended_;
    std::future<void> future_ = ended_.get_future();
    std::thread thread_;
};

/// A client that says what it is told to and reads what comes.
class Client {
  public:
    explicit Client(uint16_t port) : socket_(loop_) {
        socket_.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port));
    }

    void send(const std::string& text) {
        boost::system::error_code ignored;  // the server may have hung up: what it said is what counts
        asio::write(socket_, asio::buffer(text), ignored);
    }

    /// One response with its body.
    std::string receive() {
        boost::system::error_code ec;
        size_t head = asio::read_until(socket_, asio::dynamic_buffer(pending_), "\r\n\r\n", ec);
        if (ec) return std::exchange(pending_, {});
        size_t at = pending_.find("Content-Length: ");
        size_t length = at < head ? std::stoul(pending_.substr(at + 16)) : 0;
        if (pending_.size() < head + length)
            asio::read(socket_, asio::dynamic_buffer(pending_),
                       asio::transfer_exactly(head + length - pending_.size()), ec);
        std::string response = pending_.substr(0, head + length);
        pending_.erase(0, head + length);
        return response;
    }

    std::string get(const std::string& path) {
        send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
        return receive();
    }

    /// True when the server has hung up and nothing is left to read. Blocks until something comes.
    bool closed() {
        boost::system::error_code ec;
        char byte = 0;
        return pending_.empty() && asio::read(socket_, asio::buffer(&byte, 1), ec) == 0;
    }

  private:
    asio::io_context loop_;
    tcp::socket socket_;
    std::string pending_;
};

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

Routes healthy() {
    return health_routes([] { return spotter::http::Readiness{}; }, [] { return std::string("up 1\n"); });
}

boost::asio::awaitable<Response> echo(Request request) {
    Response response;
    response.body =
        request.path + "|" + request.query + "|" + std::string(request.header("x-MARK")) + "|" + request.body;
    co_return response;
}

boost::asio::awaitable<Response> fail(Request) {
    throw std::runtime_error("the password is swordfish");
    co_return Response();
}

}  // namespace

TEST_CASE("an alive process says so") {
    Running server(healthy());
    std::string answer = Client(server.port()).get("/healthz");
    CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(contains(answer, "Content-Type: application/json\r\n"));
    CHECK(answer.ends_with("\r\n\r\n{\"status\":\"alive\"}"));
}

TEST_CASE("readiness is 503 with the reasons, and 200 without any") {
    std::atomic<bool> listening = false;
    auto readiness = [&]() -> spotter::http::Readiness {
        if (listening) return {{}, {"paused: everything"}};
        return {{"the database says \"no\"", "not listening"}, {}};
    };
    Running server(health_routes(readiness, [] { return std::string(); }));
    Client client(server.port());

    std::string answer = client.get("/readyz");
    CHECK(answer.starts_with("HTTP/1.1 503 "));
    CHECK(answer.ends_with(
        R"({"ready":false,"reasons":["the database says \"no\"","not listening"],"notes":[]})"));
    listening = true;
    answer = client.get("/readyz");
    CHECK(answer.starts_with("HTTP/1.1 200 "));
    CHECK(answer.ends_with(R"({"ready":true,"reasons":[],"notes":["paused: everything"]})"));
}

TEST_CASE("metrics are text in Prometheus' format") {
    Running server(healthy());
    std::string answer = Client(server.port()).get("/metrics");
    CHECK(contains(answer, "Content-Type: text/plain; version=0.0.4"));
    CHECK(answer.ends_with("\r\n\r\nup 1\n"));
}

TEST_CASE("an unknown path is 404 and a wrong method 405 with what is allowed, both in JSON") {
    Running server(healthy());
    Client client(server.port());
    std::string answer = client.get("/nowhere");
    CHECK(answer.starts_with("HTTP/1.1 404 "));
    CHECK(answer.ends_with(R"({"error":"Not found"})"));

    client.send("POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    answer = client.receive();
    CHECK(answer.starts_with("HTTP/1.1 405 "));
    CHECK(contains(answer, "Allow: GET\r\n"));
    CHECK(answer.ends_with(R"({"error":"Method not allowed"})"));
}

TEST_CASE("a handler sees path, query, headers in any case, and body") {
    Running server({{"POST", "/echo", echo}});
    Client client(server.port());
    client.send("POST /echo?a=1&b=%20 HTTP/1.1\r\nHost: x\r\nX-Mark: seen\r\nContent-Length: 5\r\n\r\nhello");
    CHECK(client.receive().ends_with("/echo|a=1&b=%20|seen|hello"));
}

TEST_CASE("requests that were sent together are answered in order on one connection") {
    Running server({{"GET", "/a", echo}, {"GET", "/b", echo}});
    Client client(server.port());
    client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    CHECK(client.receive().ends_with("/a|||"));
    CHECK(client.receive().ends_with("/b|||"));
    CHECK(client.closed());
}

TEST_CASE("what a handler throws stays inside, and the connection lives on") {
    Running server({{"GET", "/fail", fail}, {"GET", "/a", echo}});
    Client client(server.port());
    std::string answer = client.get("/fail");
    CHECK(answer.starts_with("HTTP/1.1 500 "));
    CHECK(answer.ends_with(R"({"error":"Internal error"})"));
    CHECK(client.get("/a").starts_with("HTTP/1.1 200 "));
}

TEST_CASE("a body over the limit is 413, though the client goes on sending it") {
    Running server({{"POST", "/echo", echo}});
    Client client(server.port());
    size_t size = 1024 * 1024 + 1;
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n");
    client.send(std::string(size, 'x'));
    CHECK(client.receive().starts_with("HTTP/1.1 413 "));
    CHECK(client.closed());
}

TEST_CASE("a body at the limit is taken") {
    Running server({{"POST", "/echo", echo}});
    Client client(server.port());
    size_t size = 1024 * 1024;
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
                std::string(size, 'x'));
    CHECK(client.receive().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("headers over the limit are 431, and what is no HTTP is 400") {
    Running server(healthy());
    Client large(server.port());
    large.send("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: " + std::string(20'000, 'x') + "\r\n\r\n");
    CHECK(large.receive().starts_with("HTTP/1.1 431 "));
    Client confused(server.port());
    confused.send("\x16\x03\x01 hello\r\n\r\n");
    CHECK(confused.receive().starts_with("HTTP/1.1 400 "));
}

TEST_CASE("a client that sends its request too slowly, or nothing, is hung up on") {
    ServerSettings settings = any_port();
    settings.idle_timeout = settings.read_timeout = std::chrono::milliseconds(50);
    Running server(healthy(), settings);
    Client slow(server.port());
    slow.send("GET /healthz HT");
    CHECK(slow.closed());
    CHECK(Client(server.port()).closed());
}

TEST_CASE("over the limit of connections, the next is served when one ends") {
    ServerSettings settings = any_port();
    settings.max_connections = 1;
    Running server(healthy(), settings);
    auto first = std::make_unique<Client>(server.port());
    CHECK(first->get("/healthz").starts_with("HTTP/1.1 200 "));

    Client second(server.port());
    second.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(first->get("/healthz").starts_with("HTTP/1.1 200 "));  // the first is not pushed out
    first.reset();
    CHECK(second.receive().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("stopping drops idle connections and answers what is under way") {
    std::promise<void> entered;
    std::function<void()> release;
    auto hold = [&](Request) -> boost::asio::awaitable<Response> {
        boost::asio::steady_timer until(co_await boost::asio::this_coro::executor,
                                        std::chrono::steady_clock::time_point::max());
        release = [&until] { until.cancel(); };
        entered.set_value();
        boost::system::error_code ignored;
        co_await until.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
        co_return Response{.body = "at last"};
    };
    Running server({{"GET", "/hold", hold}, {"GET", "/a", echo}});
    Client idle(server.port());
    CHECK(idle.get("/a").starts_with("HTTP/1.1 200 "));
    Client busy(server.port());
    busy.send("GET /hold HTTP/1.1\r\nHost: x\r\n\r\n");
    entered.get_future().wait();

    server.stop();
    CHECK(idle.closed());
    CHECK_THROWS_AS(Client(server.port()), boost::system::system_error);
    asio::post(server.loop(), [&] { release(); });
    std::string answer = busy.receive();
    CHECK(answer.ends_with("at last"));
    CHECK(contains(answer, "Connection: close\r\n"));
    CHECK(server.ended());
}

TEST_CASE("an address in use, and one that is none, are errors that name it") {
    Running first(healthy());
    asio::io_context loop;
    ServerSettings settings;
    settings.port = first.port();
    auto taken = Server(loop.get_executor(), settings, {}).open();
    REQUIRE(taken.has_error());
    CHECK(taken.error().code == "listen_failed");
    CHECK(contains(taken.error().message, std::to_string(settings.port)));

    settings.host = "nowhere";
    auto invalid = Server(loop.get_executor(), settings, {}).open();
    REQUIRE(invalid.has_error());
    CHECK(contains(invalid.error().message, "nowhere"));
}

TEST_CASE("localhost is an address to listen on") {
    asio::io_context loop;
    ServerSettings settings = any_port();
    settings.host = "localhost";
    Server server(loop.get_executor(), settings, {});
    CHECK(server.open().has_value());
    CHECK(server.port() != 0);
}

}  // namespace server_test
