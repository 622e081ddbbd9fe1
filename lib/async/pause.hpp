#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>

#include "async/backoff.hpp"
#include "async/timeout.hpp"

namespace spotter::async {

/// Sleeps for that long or up to a fifth less, so that loops of many daemons do not come round together. A
/// cancellation ends it.
template <class Rep, class Period>
boost::asio::awaitable<void> pause_about(std::chrono::duration<Rep, Period> longest) {
    auto most = std::chrono::duration_cast<std::chrono::milliseconds>(longest);
    co_await sleep_for(Backoff::jittered(most, 0.8, 1.0));
}

}  // namespace spotter::async
