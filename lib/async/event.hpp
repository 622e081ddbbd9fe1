#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

namespace spotter::async {

/// A bell with one listener. A ring before the wait is not lost; several rings are one.
class Event {
  public:
    explicit Event(boost::asio::any_io_executor executor) : timer_(std::move(executor)) {}

    void ring() {
        rung_ = true;
        timer_.cancel();
    }

    /// Waits for a ring or for `when`. True when it rang. A cancellation ends the wait as well.
    boost::asio::awaitable<bool> wait_until(std::chrono::steady_clock::time_point when) {
        if (!rung_) {
            timer_.expires_at(when);
            boost::system::error_code ignored;
            co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
        }
        co_return std::exchange(rung_, false);
    }

    boost::asio::awaitable<bool> wait() { return wait_until(std::chrono::steady_clock::time_point::max()); }

  private:
    boost::asio::steady_timer timer_;
    bool rung_ = false;
};

}  // namespace spotter::async
