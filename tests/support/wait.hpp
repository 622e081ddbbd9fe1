#pragma once

#include <chrono>
#include <thread>

namespace spotter::test {

/// True as soon as `predicate` is, false when it is not within `limit`. For what another process does; inside
/// of one, wait for a signal instead.
template <class Predicate>
bool eventually(Predicate predicate, std::chrono::milliseconds limit = std::chrono::seconds(10)) {
    constexpr auto pause = std::chrono::milliseconds(10);
    auto deadline = std::chrono::steady_clock::now() + limit;
    while (!predicate()) {
        if (std::chrono::steady_clock::now() >= deadline) return false;
        std::this_thread::sleep_for(pause);
    }
    return true;
}

}  // namespace spotter::test
