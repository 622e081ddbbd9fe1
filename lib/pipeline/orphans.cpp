#include "pipeline/orphans.hpp"

#include <string>
#include <utility>

#include "async/timeout.hpp"
#include "base/log.hpp"

namespace spotter::pipeline {

using namespace std::chrono_literals;
using boost::asio::awaitable;

namespace {

/// After that the server has ended a claim whose connection broke.
constexpr auto longest_statement = 35s;

}  // namespace

awaitable<bool> Orphans::take_back(const queue::Worker& self, std::vector<std::int64_t> held) {
    if (claiming()) {
        co_await async::sleep_for(50ms);
        co_return false;
    }
    const bool second_look = Clock::now() >= look_again_;
    const int looked_into = suspicions_;  // what is suspected from now on is the next look's
    claim_begins();
    auto taken = co_await queue_.reclaim_orphans(self, table_, std::move(held));
    claim_ends();
    if (!taken) {
        log::warn("orphans_not_taken_back", {{"error", taken.error().message}});
        co_await async::sleep_for(backoff_.next());
        co_return false;
    }
    backoff_.reset();
    for (const std::string& row : *taken) log::warn("orphan_taken_back", {{"row", row}});
    look_again_ = second_look ? Clock::time_point::max() : Clock::now() + longest_statement;
    suspicions_ -= looked_into;
    co_return true;
}

}  // namespace spotter::pipeline
