#include "support/tcp_proxy.hpp"

#include <array>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <list>
#include <thread>

namespace spotter::test {
namespace {

namespace asio = boost::asio;
using asio::use_awaitable;
using asio::ip::tcp;

tcp::endpoint loopback_endpoint(std::uint16_t port) {
    return {asio::ip::address_v4::loopback(), port};
}

void reset(tcp::socket& socket) {
    boost::system::error_code ignored;
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
    socket.close(ignored);
}

struct Pair {
    explicit Pair(tcp::socket accepted) : caller(std::move(accepted)), target(caller.get_executor()) {}
    tcp::socket caller;
    tcp::socket target;
    bool kept = false;  ///< the caller was reset, and the target is to stay
};

}  // namespace

struct TcpProxy::State {
    explicit State(std::uint16_t to) : target(to), acceptor(context, loopback_endpoint(0)) {
        asio::co_spawn(context, accept(), [](std::exception_ptr problem) {
            if (problem) std::rethrow_exception(problem);
        });
        thread = std::thread([this] { context.run(); });
    }
    ~State() {
        context.stop();
        thread.join();
    }

    asio::awaitable<void> accept();
    asio::awaitable<void> serve(std::shared_ptr<Pair> pair);
    asio::awaitable<void> pump(std::shared_ptr<Pair> pair, tcp::socket& from, tcp::socket& to);
    asio::awaitable<void> pass(bool answer);

    std::atomic<std::uint16_t> target;
    std::atomic<int> connections = 0;
    asio::io_context context;
    // What follows belongs to the thread.
    asio::steady_timer gate{context, asio::steady_timer::time_point::max()};  ///< cancelled to open it
    bool silent = false;
    bool answers_silent = false;
    std::chrono::milliseconds late{0};
    std::list<std::weak_ptr<Pair>> pairs;
    tcp::acceptor acceptor;
    std::thread thread;
};

asio::awaitable<void> TcpProxy::State::accept() {
    auto ended = [](std::exception_ptr) {};  // one side went away: a connection's usual end
    while (true) {
        tcp::socket socket = co_await acceptor.async_accept(use_awaitable);
        ++connections;
        auto pair = std::make_shared<Pair>(std::move(socket));
        pairs.remove_if([](const auto& old) { return old.expired(); });
        pairs.push_back(pair);
        asio::co_spawn(context, serve(std::move(pair)), ended);
    }
}

asio::awaitable<void> TcpProxy::State::serve(std::shared_ptr<Pair> pair) {
    co_await pass(false);
    co_await pair->target.async_connect(loopback_endpoint(target), use_awaitable);
    pair->caller.set_option(tcp::no_delay(true));
    pair->target.set_option(tcp::no_delay(true));
    auto ended = [](std::exception_ptr) {};
    asio::co_spawn(context, pump(pair, pair->caller, pair->target), ended);
    co_await pump(pair, pair->target, pair->caller);
}

/// Carries bytes one way until either side ends, which ends the other.
asio::awaitable<void> TcpProxy::State::pump(std::shared_ptr<Pair> pair, tcp::socket& from, tcp::socket& to) {
    std::array<char, 16384> piece;
    const bool answers = &from == &pair->target;
    boost::system::error_code ec;
    while (!ec) {
        std::size_t size =
            co_await from.async_read_some(asio::buffer(piece), asio::redirect_error(use_awaitable, ec));
        co_await pass(answers);
        if (!ec)
            co_await asio::async_write(to, asio::buffer(piece, size),
                                       asio::redirect_error(use_awaitable, ec));
    }
    if (pair->kept) co_return;
    pair->caller.close();
    pair->target.close();
}

/// Waits for as long as the proxy is silent, and then for its delay.
asio::awaitable<void> TcpProxy::State::pass(bool answer) {
    while (silent || (answer && answers_silent)) {
        boost::system::error_code opened;
        co_await gate.async_wait(asio::redirect_error(use_awaitable, opened));
    }
    if (late.count() == 0) co_return;
    asio::steady_timer timer(context, late);
    co_await timer.async_wait(use_awaitable);
}

TcpProxy::TcpProxy(std::uint16_t target) : state_(std::make_unique<State>(target)) {}
TcpProxy::~TcpProxy() = default;

std::uint16_t TcpProxy::port() const {
    return state_->acceptor.local_endpoint().port();
}

void TcpProxy::forward_to(std::uint16_t target) {
    state_->target = target;
}

void TcpProxy::silence(bool silent) {
    asio::post(state_->context, [state = state_.get(), silent] {
        state->silent = silent;
        if (!silent) state->gate.cancel();
    });
}

void TcpProxy::silence_answers(bool silent) {
    asio::post(state_->context, [state = state_.get(), silent] {
        state->answers_silent = silent;
        if (!silent) state->gate.cancel();
    });
}

void TcpProxy::delay(std::chrono::milliseconds each_way) {
    asio::post(state_->context, [state = state_.get(), each_way] { state->late = each_way; });
}

void TcpProxy::reset() {
    asio::post(state_->context, [state = state_.get()] {
        for (auto& weak : state->pairs)
            if (auto pair = weak.lock()) {
                test::reset(pair->caller);
                test::reset(pair->target);
            }
        state->pairs.clear();
    });
}

void TcpProxy::reset_callers() {
    asio::post(state_->context, [state = state_.get()] {
        for (auto& weak : state->pairs)
            if (auto pair = weak.lock()) {
                pair->kept = true;
                test::reset(pair->caller);
            }
    });
}

int TcpProxy::connections() const {
    return state_->connections;
}

}  // namespace spotter::test
