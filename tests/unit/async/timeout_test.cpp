#include "async/timeout.hpp"

#include <doctest/doctest.h>

#include <boost/asio/post.hpp>
#include <stdexcept>

#include "support/loop.hpp"

namespace timeout_test {

using namespace spotter;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using test::Loop;

namespace {

constexpr auto long_enough = 1h;

asio::awaitable<int> at_once(int value) {
    co_return value;
}

/// Waits for ever, answers to cancellation with a value, and says that it ended.
asio::awaitable<int> hanging(bool& ended) {
    co_await async::sleep_for(long_enough);
    ended = true;
    co_return -1;
}

asio::awaitable<int> throwing_when_cancelled(bool& ended) {
    asio::steady_timer timer(co_await asio::this_coro::executor, long_enough);
    try {
        co_await timer.async_wait(asio::use_awaitable);
    } catch (...) {
        ended = true;
        throw;
    }
    co_return 0;
}

asio::awaitable<int> failing() {
    throw std::logic_error("broken");
    co_return 0;
}

asio::awaitable<void> nothing() {
    co_return;
}

asio::awaitable<void> hanging_without_value() {
    co_await async::sleep_for(long_enough);
}

asio::awaitable<std::optional<int>> with_two_limits(async::Clock::duration inner,
                                                    async::Clock::duration outer, bool& ended) {
    auto limited = async::with_timeout(inner, hanging(ended));
    auto twice = co_await async::with_timeout(outer, std::move(limited));
    co_return twice ? *twice : std::optional<int>(-2);
}

}  // namespace

TEST_CASE("an operation that ends in time gives its value") {
    Loop loop;
    CHECK(loop.run(async::with_timeout(long_enough, at_once(7))) == 7);
    CHECK(loop.run(async::with_timeout(long_enough, nothing())));
}

TEST_CASE("an operation whose time is up is cancelled and has ended when the caller goes on") {
    Loop loop;
    bool ended = false;
    CHECK(loop.run(async::with_timeout(1ms, hanging(ended))) == std::nullopt);
    CHECK(ended);
    CHECK_FALSE(loop.run(async::with_timeout(1ms, hanging_without_value())));
}

TEST_CASE("an operation that throws because its time is up is only late") {
    Loop loop;
    bool ended = false;
    CHECK(loop.run(async::with_timeout(1ms, throwing_when_cancelled(ended))) == std::nullopt);
    CHECK(ended);
}

TEST_CASE("an operation that throws by itself does not wait for its time to be up") {
    Loop loop;
    CHECK_THROWS_AS(loop.run(async::with_timeout(long_enough, failing())), std::logic_error);
}

TEST_CASE("of two nested time-outs the one that comes first counts") {
    Loop loop;
    bool ended = false;
    CHECK(loop.run(with_two_limits(1ms, long_enough, ended)) == std::nullopt);
    CHECK(loop.run(with_two_limits(long_enough, 1ms, ended)) == -2);
    CHECK(ended);
}

TEST_CASE("a cancellation of the caller reaches the operation") {
    Loop loop;
    bool ended = false;
    std::optional<int> result;
    asio::cancellation_signal stop;
    auto finished = [&](std::exception_ptr, std::optional<int> value) { result = value.value_or(0); };
    asio::co_spawn(loop.context, async::with_timeout(long_enough, hanging(ended)),
                   asio::bind_cancellation_slot(stop.slot(), finished));
    loop.context.poll();
    CHECK_FALSE(ended);
    stop.emit(asio::cancellation_type::terminal);
    loop.run_until([&] { return result.has_value(); });
    CHECK(ended);
    CHECK(*result == -1);
}

TEST_CASE("a finished operation leaves no work behind") {
    Loop loop;
    loop.run(async::with_timeout(long_enough, at_once(1)));
    loop.context.restart();
    loop.context.run();  // would stay for an hour
    CHECK(loop.context.stopped());
}

}  // namespace timeout_test
