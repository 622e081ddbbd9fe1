#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

namespace spotter::async {

using Clock = std::chrono::steady_clock;

/// Waits until `when`. False when cancelled.
inline boost::asio::awaitable<bool> sleep_until(Clock::time_point when) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, when);
    boost::system::error_code ec;
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ec));
    co_return !ec;
}

inline boost::asio::awaitable<bool> sleep_for(Clock::duration duration) {
    return sleep_until(Clock::now() + duration);
}

}  // namespace spotter::async
