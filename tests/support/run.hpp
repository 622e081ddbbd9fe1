#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <utility>

namespace spotter::test {

/// What a coroutine returns or throws. The loop outlives every pool whose threads post to it, as the daemon's
/// does: a thread may still be inside of its post when what it posted has run.
template <class T>
T run(boost::asio::awaitable<T> operation) {
    static boost::asio::io_context io;
    io.restart();
    auto result = boost::asio::co_spawn(io, std::move(operation), boost::asio::use_future);
    io.run();
    return result.get();
}

}  // namespace spotter::test
