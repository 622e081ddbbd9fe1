#pragma once

#include <string>
#include <string_view>

#include "queue/row.hpp"

/// The ways in which a claimed row ends without content; each says to its reader why. Pure.
namespace spotter::pipeline {

/// Reasons that decide what becomes of a row.
namespace reasons {
inline constexpr std::string_view stopped = "worker_stopped";
inline constexpr std::string_view timeout = "timeout";
}  // namespace reasons

/// Back to the queue because we stop; spends no attempt.
queue::Settlement released(const queue::Lease& lease);

/// Back to the queue, to be tried after `wait`, because of something that is not the row's fault; spends no
/// attempt. The longer a row has been tried the longer it rests, so that a provider that is down for a day,
/// or answers nonsense for money, is not asked thousands of times. Tried for `give_up_after`, it fails
/// instead.
queue::Settlement deferred(const queue::ClaimedRow& row, std::string reason, queue::Seconds wait,
                           queue::Seconds give_up_after);

/// Our own mistake: another attempt after a while, until there were `max_attempts`.
queue::Settlement after_unexpected(const queue::Lease& lease, int attempts, int max_attempts);

/// The end: `message` is for the row's owner.
queue::Settlement failed(const queue::Lease& lease, std::string code, std::string message);

}  // namespace spotter::pipeline
