#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <stdexcept>

namespace spotter::test {

/// An io_context on the test's own thread. It runs only while a member below runs it.
class Loop {
  public:
    boost::asio::io_context context;

    /// Runs `work` to its end, and gives what it returns or throws. Other work may be left over.
    template <class T>
    T run(boost::asio::awaitable<T> work) {
        std::optional<T> result;
        std::exception_ptr problem;
        bool done = false;
        boost::asio::co_spawn(context, std::move(work), [&](std::exception_ptr thrown, T value) {
            problem = thrown;
            if (!thrown) result.emplace(std::move(value));
            done = true;
        });
        run_until([&] { return done; });
        if (problem) std::rethrow_exception(problem);
        return std::move(*result);
    }

    void run(boost::asio::awaitable<void> work) {
        std::exception_ptr problem;
        bool done = false;
        boost::asio::co_spawn(context, std::move(work), [&](std::exception_ptr thrown) {
            problem = thrown;
            done = true;
        });
        run_until([&] { return done; });
        if (problem) std::rethrow_exception(problem);
    }

    /// Runs until `reached` holds; throws when it does not within a minute.
    void run_until(const std::function<bool()>& reached) {
        const auto given_up = std::chrono::steady_clock::now() + std::chrono::minutes(1);
        while (!reached()) {
            if (std::chrono::steady_clock::now() > given_up)
                throw std::runtime_error("the loop waited in vain");
            context.restart();
            context.run_one_for(std::chrono::milliseconds(2));
        }
    }
};

}  // namespace spotter::test
