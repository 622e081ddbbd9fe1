#include "pipeline/outcome.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spotter::pipeline {

using queue::Seconds;
using queue::Settlement;

Settlement released(const queue::Lease& lease) {
    return {.lease = lease, .status = Settlement::Status::pending, .reason = std::string(reasons::stopped)};
}

Settlement deferred(const queue::ClaimedRow& row, std::string reason, Seconds wait, Seconds give_up_after) {
    if (row.waited >= give_up_after)
        return failed(
            row.lease, "gave_up",
            fmt::format("The content could not be generated for {:.0f} hours, because the service that "
                        "generates it was not available ({}). Set generation_status to 'pending' to try "
                        "again.",
                        row.waited.count() / 3600, reason));
    constexpr Seconds longest_rest{1800};
    Seconds rest = std::max({wait, Seconds(1), std::min(row.waited / 4, longest_rest)});
    return {.lease = row.lease,
            .status = Settlement::Status::pending,
            .reason = std::move(reason),
            .wait = std::min(rest, std::max(Seconds(1), give_up_after - row.waited))};
}

Settlement after_unexpected(const queue::Lease& lease, int attempts, int max_attempts) {
    if (attempts >= max_attempts)
        return failed(
            lease, "internal_error",
            fmt::format("Something unexpected went wrong {} times; the service's log says what. Set "
                        "generation_status to 'pending' to try again.",
                        attempts));
    return {.lease = lease,
            .status = Settlement::Status::pending,
            .reason = "internal_error",
            .wait = Seconds(std::min(300, 2 << std::min(attempts, 10))),
            .spends_attempt = true};
}

Settlement failed(const queue::Lease& lease, std::string code, std::string message) {
    return {.lease = lease,
            .status = Settlement::Status::failed,
            .error_code = std::move(code),
            .error = std::move(message)};
}

}  // namespace spotter::pipeline
