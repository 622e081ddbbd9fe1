#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <utility>
#include <vector>

namespace spotter::test {

/// What coroutines that run side by side return; throws what one of them throws. The loop outlives every pool
/// whose threads post to it, as the daemon's does: a thread may still be inside of its post when what it
/// posted has run.
template <class T>
std::vector<T> run_all(std::vector<boost::asio::awaitable<T>> operations) {
    static boost::asio::io_context io;
    io.restart();
    std::vector<std::future<T>> results;
    for (auto& operation : operations)
        results.push_back(boost::asio::co_spawn(io, std::move(operation), boost::asio::use_future));
    io.run();
    std::vector<T> values;
    for (auto& result : results) values.push_back(result.get());
    return values;
}

template <class T>
T run(boost::asio::awaitable<T> operation) {
    std::vector<boost::asio::awaitable<T>> alone;
    alone.push_back(std::move(operation));
    return std::move(run_all(std::move(alone)).front());
}

}  // namespace spotter::test
