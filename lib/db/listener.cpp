#include "db/listener.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <chrono>

#include "async/backoff.hpp"
#include "async/event.hpp"
#include "async/timeout.hpp"
#include "base/log.hpp"

namespace spotter::db {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

constexpr const char* channel = "spotter";
const Statement check{"listener_check", "select 1"};

/// A silent connection is asked whether it still stands this often.
constexpr auto check_every = 15s;

/// Waits until the socket has something to read or `timeout` is over. The descriptor stays libpq's.
asio::awaitable<void> readable(int socket, std::chrono::steady_clock::duration timeout) {
    // Shared with the timer, whose handler may already be on its way when the wait is over.
    auto descriptor =
        std::make_shared<asio::posix::stream_descriptor>(co_await asio::this_coro::executor, socket);
    asio::steady_timer timer(descriptor->get_executor(), timeout);
    timer.async_wait([descriptor](boost::system::error_code ec) {
        if (!ec) descriptor->cancel(ec);
    });
    boost::system::error_code ended;
    co_await descriptor->async_wait(asio::posix::stream_descriptor::wait_read,
                                    asio::redirect_error(asio::use_awaitable, ended));
    descriptor->release();
}

}  // namespace

Listener::Listener(Endpoint endpoint, Heard heard)
    : connection_(std::move(endpoint), 1), heard_(std::move(heard)) {}

asio::awaitable<Outcome<int>> Listener::connect() {
    auto work = [](Session& session) {
        session.listen(channel);
        session.run(check);  // a connection that broke under LISTEN says so here
        return session.connection().sock();
    };
    co_return co_await connection_.run(work);
}

asio::awaitable<Outcome<void>> Listener::hear(int socket) {
    for (;;) {
        co_await readable(socket, check_every);
        auto work = [](Session& session) {
            auto payloads = session.heard();
            if (!payloads.empty()) return payloads;
            session.run(check);
            // What came along with the answer: the socket will not tell of it again.
            return session.heard();
        };
        auto payloads = co_await connection_.run(work);
        if (!payloads) co_return payloads.error();
        for (const std::string& payload : *payloads) heard_(payload);
    }
}

asio::awaitable<void> Listener::run() {
    async::Backoff backoff(200ms, 5s);
    for (;;) {
        auto socket = co_await connect();
        Failure failure;
        if (socket) {
            backoff.reset();
            listening_ = true;
            problem_.clear();
            log::info("listening");
            heard_("");
            auto ended = co_await hear(*socket);
            failure = ended.error();
        } else {
            failure = socket.error();
        }
        if (listening_ || problem_.empty()) log::warn("listener_lost", {{"error", failure.message}});
        listening_ = false;
        problem_ = failure.message;
        co_await async::sleep_for(backoff.next());
    }
}

}  // namespace spotter::db
