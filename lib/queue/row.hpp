#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// A queue's row as the daemon knows it between a claim and its settling.
namespace spotter::queue {

using Seconds = std::chrono::duration<double>;

/// A lease: whoever writes to the row must show its token.
struct Lease {
    std::string id;  ///< uuid
    std::int64_t token = 0;
    std::size_t lane = 0;  ///< its place among the queue's lanes
    auto operator<=>(const Lease&) const = default;
};

/// A row that was claimed and was not in the cache.
struct ClaimedRow {
    Lease lease;
    std::string kind;        ///< "training_program"
    std::string input;       ///< JSON, all that the answer is made from
    std::string cache_key;   ///< of `input`, the versions and the models
    std::string claimed_at;  ///< ISO 8601, the database's clock
    int attempts = 0;        ///< this one included
    Seconds waited{0};       ///< since it was first claimed
};

/// What becomes of a claimed row.
struct Settlement {
    enum class Status {
        completed,
        failed,
        pending,  ///< back in the queue, to be claimed after `wait`
    };
    Lease lease;
    Status status = Status::failed;
    int calls = 0;  ///< model calls spent by this attempt

    // completed; or failed because the row would not take it, and then for the cache alone
    std::string content;    ///< JSON
    std::string columns;    ///< JSON object, see work::Verdict
    std::string metadata;   ///< JSON object for generation_metadata
    std::string model;      ///< who answered
    std::string cache_key;  ///< empty: not to be cached
    std::string cached_asked;  ///< JSON: what the cache says was asked, where that is not what the row says; or empty
    bool alone = false;  ///< those that wait for this row are not completed with it, but find it in the cache

    // failed; code in snake_case and a message for the row's owner
    std::string error_code;
    std::string error;

    // pending
    std::string reason;  ///< for whoever asks why it is not done
    Seconds wait{0};
    bool spends_attempt = false;
};

/// As generation_status has it.
std::string_view name(Settlement::Status status);

}  // namespace spotter::queue
