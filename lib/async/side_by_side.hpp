#pragma once

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstddef>
#include <exception>
#include <memory>

#include "async/task_group.hpp"

namespace spotter::async {

namespace detail {

/// Takes one after the other until none is left.
template <class Work>
boost::asio::awaitable<void> take_turns(std::size_t& next, std::size_t count, Work& work) {
    while (next < count) co_await work(next++);
}

}  // namespace detail

/// Runs the coroutines work(0) to work(count - 1), `at_once` at a time, and returns when all have ended. A
/// cancellation of the caller reaches those that run, and keeps others from being begun. Throws what the
/// first of them threw that did, when all have ended. `work` outlives the call.
template <class Work>
boost::asio::awaitable<void> side_by_side(std::size_t count, std::size_t at_once, Work& work) {
    namespace asio = boost::asio;
    asio::any_io_executor executor = co_await asio::this_coro::executor;
    std::exception_ptr problem;
    std::size_t next = 0;
    TaskGroup group(executor, [&](const std::string&, std::exception_ptr thrown) {
        if (!problem) problem = thrown;
        next = count;
    });
    asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
    asio::cancellation_slot outer = state.slot();
    if (outer.is_connected())
        outer.assign([&](asio::cancellation_type) {
            next = count;
            group.cancel();
        });
    for (std::size_t i = 0; i < std::min(count, at_once); ++i)
        group.spawn("side by side", detail::take_turns(next, count, work));
    // With a slot of its own, so that the wait goes on until those that were cancelled have ended.
    asio::cancellation_signal never;
    auto token = asio::bind_cancellation_slot(never.slot(), asio::use_awaitable);
    co_await asio::co_spawn(executor, group.drained(), std::move(token));
    if (outer.is_connected()) outer.clear();
    if (problem) std::rethrow_exception(problem);
}

}  // namespace spotter::async
