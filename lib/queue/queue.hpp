#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/pool.hpp"
#include "queue/row.hpp"

/// The queue of training programs in Postgres: the row is the job.
namespace spotter::queue {

/// Who we are to other daemons.
struct Worker {
    std::int64_t id = 0;
    std::string host;
    int pid = 0;
    int slots = 0;
};

struct Claim {
    std::vector<ClaimedRow> rows;  ///< misses, now ours
    int hits = 0;                  ///< completed from the cache, inside the database
    int looked_at = 0;             ///< hits, misses, and misses there was no slot for
    std::string cache_error;       ///< not empty: the cache is out of order, and was not asked
};

/// A row that a rescue took from a silent worker.
struct Rescued {
    std::string id;
    int crashes = 0;
    bool quarantined = false;
    std::int64_t worker = 0;
};

struct Depth {
    std::int64_t pending = 0;
    std::int64_t processing = 0;
    Seconds oldest{0};  ///< how long the first ready row has been ready
};

/// What a settling did.
struct Settled {
    std::vector<std::string> accepted;  ///< ids; what is missing had lost its lease
    std::string cache_error;  ///< not empty: the cache is out of order, and nothing was written to it
};

/// The operations on the queue, each one transaction. Errors are db::Failure values.
class Queue {
  public:
    template <class T>
    using Answer = boost::asio::awaitable<db::Outcome<T>>;

    Queue(db::Pool& pool, std::string versions) : pool_(pool), versions_(std::move(versions)) {}

    Answer<Worker> enlist(std::string host, int pid, int slots);
    Answer<void> beat(Worker worker);
    Answer<void> retire(Worker worker);

    /// Looks at up to `batch` ready rows, takes at most `slots` of those that are not cached.
    Answer<Claim> claim(Worker worker, int batch, int slots);
    /// The same one by one, for when some row makes the whole batch fail; that row is failed with a message.
    Answer<Claim> claim_one_by_one(Worker worker, int batch, int slots);

    /// Settles all or nothing. `cache_life` is how long a completed row's content stays in the cache.
    Answer<Settled> settle(std::vector<Settlement> settlements, Seconds cache_life);

    Answer<void> note_stage(Lease lease, std::string stage, int percent);
    Answer<std::vector<Rescued>> rescue(Worker worker, Seconds silence, int max_crashes);
    Answer<std::vector<std::string>> reclaim_orphans(Worker worker, std::vector<std::int64_t> held);
    Answer<Depth> depth();

  private:
    db::Pool& pool_;
    std::string versions_;  ///< of prompt, rules and models; part of every cache key
};

}  // namespace spotter::queue
