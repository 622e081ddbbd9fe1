#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

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

namespace detail {

/// Shared with the timer's handler, which may already be queued when the operation ends first.
struct Watch {
    boost::asio::cancellation_signal stop;
    bool ended = false;
    bool late = false;
};

template <class T>
boost::asio::awaitable<void> store(boost::asio::awaitable<T> operation, std::optional<T>& into) {
    into.emplace(co_await std::move(operation));
}

/// True when `operation` ended by itself, false when the time was up first.
inline boost::asio::awaitable<bool> run_until(Clock::time_point when,
                                              boost::asio::awaitable<void> operation) {
    namespace asio = boost::asio;
    auto executor = co_await asio::this_coro::executor;
    auto outer = (co_await asio::this_coro::cancellation_state).slot();
    auto watch = std::make_shared<Watch>();

    asio::steady_timer timer(executor, when);
    timer.async_wait([watch](boost::system::error_code ec) {
        if (ec || watch->ended) return;
        watch->late = true;
        watch->stop.emit(asio::cancellation_type::terminal);
    });
    // The operation listens to `watch->stop` only, so that a cancellation of the caller is passed on by hand.
    if (outer.is_connected()) outer.assign([watch](asio::cancellation_type type) { watch->stop.emit(type); });

    std::exception_ptr problem;
    try {
        auto token = asio::bind_cancellation_slot(watch->stop.slot(), asio::use_awaitable);
        co_await asio::co_spawn(executor, std::move(operation), std::move(token));
    } catch (...) {
        problem = std::current_exception();
    }
    watch->ended = true;
    if (outer.is_connected()) outer.clear();
    // An operation that throws because its time was up has no more to say than that.
    if (problem && !watch->late) std::rethrow_exception(problem);
    co_return !watch->late;
}

}  // namespace detail

/// What `operation` returns, or nullopt when `when` came first (for an operation without a value: true or
/// false). At `when` the operation is cancelled, and waited for: it never outlives this call, so it must
/// answer to cancellation. What it returns or throws after `when` is dropped, so it must not be one whose
/// late success matters. A cancellation of the caller reaches the operation, whose own answer to it is
/// returned or thrown.
template <class T>
boost::asio::awaitable<std::optional<T>> with_timeout(Clock::time_point when,
                                                      boost::asio::awaitable<T> operation) {
    std::optional<T> result;
    auto storing = detail::store(std::move(operation), result);
    const bool in_time = co_await detail::run_until(when, std::move(storing));
    if (!in_time) result.reset();
    co_return result;
}

inline boost::asio::awaitable<bool> with_timeout(Clock::time_point when,
                                                 boost::asio::awaitable<void> operation) {
    return detail::run_until(when, std::move(operation));
}

template <class T>
auto with_timeout(Clock::duration duration, boost::asio::awaitable<T> operation) {
    return with_timeout(Clock::now() + duration, std::move(operation));
}

}  // namespace spotter::async
