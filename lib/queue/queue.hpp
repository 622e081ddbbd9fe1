#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "db/pool.hpp"
#include "queue/lane.hpp"
#include "queue/row.hpp"

/// The queue in Postgres: the row is the job.
namespace spotter::queue {

/// Who we are to other daemons.
struct Worker {
    std::int64_t id = 0;
    std::string host;
    int pid = 0;
    int slots = 0;
    double rate = 0;  ///< rows settled a second, of late
};

/// How users' rows follow each other.
struct Turns {
    int user_slots = 0;      ///< rows of one user that may be worked on at once; 0: any number
    double paid_weight = 1;  ///< how many times another's share a paying user has
    Seconds ageing{60};      ///< of waiting that a step of priority is worth
};

/// How long a completed row's content stays in the cache.
struct CacheLife {
    Seconds life{86400};
    double paid_times = 1;  ///< as long for a paying user
};

/// What a claim looks at.
struct Look {
    std::size_t lane = 0;  ///< whose rows
    int batch = 200;       ///< rows, at most
    int by_turns = 100;    ///< of these, found by their users' turns; the others are the most urgent of all
    int slots = 0;         ///< misses to take, at most
    std::optional<Seconds> since;  ///< only rows that became ready in the last so many seconds
};

struct Claim {
    std::vector<ClaimedRow> rows;  ///< misses, now ours
    int hits = 0;                  ///< completed from the cache, inside the database
    int parked = 0;                ///< misses that wait now for a row with the same key
    int looked_at = 0;             ///< all these, and misses that were left as they are
    Seconds oldest{0};             ///< for how long the first of all that could be seen had been ready
    std::string cache_error;       ///< not empty: the cache is out of order, and was not asked
};

/// A row that a rescue took from a silent worker.
struct Rescued {
    std::string id;
    int crashes = 0;
    bool quarantined = false;
    std::int64_t worker = 0;
};

/// What an operator holds up.
struct Pause {
    std::string kind;  ///< "*": everything
    Seconds since{0};
    std::string by, reason;
};

/// What a mending of flights found.
struct Mended {
    int flights = 0;  ///< that nobody led
    int rows = 0;     ///< that waited for nobody
};

/// What a look through a part of the table for old queue data found.
struct Trimmed {
    int rows = 0;
    bool end = false;  ///< of the table
};

struct Depth {
    std::int64_t pending = 0;
    std::int64_t processing = 0;
    Seconds oldest{0};  ///< how long the first ready row has been ready
};

/// What a settling did.
struct Settled {
    std::vector<std::string> accepted;  ///< ids; what is missing had lost its lease
    std::vector<std::string> locked;    ///< ids that somebody has locked: to be tried again
    int shared = 0;                     ///< rows that had waited for these and are completed with them
    std::string cache_error;  ///< not empty: the cache is out of order, and nothing was written to it
};

/// The operations on the queue, each one transaction. Errors are db::Failure values.
class Queue {
  public:
    template <class T>
    using Answer = boost::asio::awaitable<db::Outcome<T>>;

    /// `lanes` are what is worked on; a lease names one by its place.
    Queue(db::Pool& pool, std::vector<Lane> lanes, Turns turns = {});

    const std::vector<Lane>& lanes() const { return lanes_; }
    /// Of a kind; "" where no lane has it.
    std::string versions(const std::string& kind) const;
    /// What is claimed from now on is known by other keys.
    void set_versions(std::size_t lane, std::string versions) {
        lanes_.at(lane).versions = std::move(versions);
    }
    /// The tables of the lanes, each once.
    std::size_t tables() const { return tables_.size(); }
    std::size_t table_of(std::size_t lane) const { return table_of_lane_.at(lane); }

    Answer<Worker> enlist(std::string host, int pid, int slots);
    /// After `late` it does not judge others for a while: spotter.silent_workers in schema/0002_daemon.sql.
    Answer<void> beat(Worker worker, Seconds late, Seconds lease);
    Answer<void> retire(Worker worker);

    Answer<Claim> claim(Worker worker, Look look);
    /// The same one by one, for when some row makes the whole batch fail; that row is failed with a message.
    Answer<Claim> claim_one_by_one(Worker worker, Look look);

    /// Settles rows of one lane, all or nothing.
    Answer<Settled> settle(std::vector<Settlement> settlements, CacheLife life);

    Answer<void> note_stage(Lease lease, std::string stage, int percent);
    /// Takes the rows of a table back from workers that have been silent for so long.
    Answer<std::vector<Rescued>> rescue(Worker worker, std::size_t table, Seconds silence, int max_crashes);
    /// Forgets silent workers that have no row.
    Answer<void> bury(Worker worker, Seconds silence);
    /// Gives back rows of a table that are ours by another token than those in `held`; their ids.
    Answer<std::vector<std::string>> reclaim_orphans(Worker worker, std::size_t table,
                                                     std::vector<std::int64_t> held);
    /// The tokens that are ours by the database's account.
    Answer<std::vector<std::int64_t>> standing_leases(Worker worker);
    Answer<Mended> mend_flights();
    /// While it is armed, an INSERT of the lane's notifies.
    Answer<void> arm_bell(Worker worker, std::size_t lane);
    Answer<void> disarm_bell(Worker worker, std::size_t lane);
    Answer<std::vector<Pause>> paused();
    /// How many rows were put off, by reason; counts to 10,000.
    Answer<std::map<std::string, int>> put_off();
    /// Takes the queue's own data out of rows finished longer than `keep` ago, in `pages` of a table from
    /// `page` on.
    Answer<Trimmed> trim(std::size_t table, std::int64_t page, int pages, Seconds keep);
    Answer<Depth> depth();

  private:
    db::Pool& pool_;
    const TableStatements& of_table(std::size_t lane) const { return tables_.at(table_of(lane)); }

    std::vector<Lane> lanes_;
    std::vector<TableStatements> tables_;
    std::vector<std::size_t> table_of_lane_;
    Turns turns_;
};

}  // namespace spotter::queue
