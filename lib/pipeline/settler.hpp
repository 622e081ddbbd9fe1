#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>

#include "async/event.hpp"
#include "base/metrics.hpp"
#include "queue/queue.hpp"

namespace spotter::pipeline {

/// Writes outcomes back. A flush goes out at once when none is under way, and what comes meanwhile goes with
/// the next. While the database is away everything is kept and tried again: what was paid for is not thrown
/// away. Bounded by its callers, since each waits here with its slot in hand.
class Settler {
  public:
    /// `lives`: how long the answers of each lane are cached.
    Settler(boost::asio::any_io_executor executor, queue::Queue& queue, std::vector<queue::CacheLife> lives,
            Metrics& metrics);

    /// Returns when the outcome is in the database, or was dropped because the row's lease was lost. Not to
    /// be cancelled: what is given up waiting for is written all the same.
    boost::asio::awaitable<void> settle(queue::Settlement settlement);

    /// The flushing; until cancelled.
    boost::asio::awaitable<void> run();

    std::size_t waiting() const { return waiting_.size() + put_aside_.size(); }
    /// Why results cannot be written; empty while they are.
    const std::string& problem() const { return problem_; }

  private:
    struct Entry {
        queue::Settlement settlement;
        async::Event done;
        bool in_doubt = false;  ///< may have been written by a try whose answer was lost
        bool let_go = false;    ///< nobody waits for it any more
    };
    using Batch = std::vector<std::shared_ptr<Entry>>;

    static boost::asio::awaitable<void> settled(std::shared_ptr<Entry> entry);
    boost::asio::awaitable<void> arrival();
    Batch take_batch();
    void put_aside(std::shared_ptr<Entry> entry);
    boost::asio::awaitable<void> flush(Batch batch);
    boost::asio::awaitable<void> flush_one_by_one(Batch batch);
    boost::asio::awaitable<db::Outcome<queue::Settled>> write(const Batch& batch);
    static void let_go(Entry& entry);
    void delayed(std::size_t rows, const std::string& why);
    void finish(const Batch& batch, const queue::Settled& settled);

    boost::asio::any_io_executor executor_;
    queue::Queue& queue_;
    std::vector<queue::CacheLife> lives_;
    Metrics& metrics_;
    std::deque<std::shared_ptr<Entry>> waiting_;
    /// What the database would not take just now, and when it is tried again: somebody has the row or the
    /// table locked, a trigger of the app's is broken, or even that the row fails is refused.
    Batch put_aside_;
    std::chrono::steady_clock::time_point again_{};
    async::Event arrived_;
    std::string problem_;
};

/// What is written instead of an outcome that the database refuses: the row fails and says so. An answer is
/// cached all the same, so that nobody pays for it again. What Postgres said is for the log: it may name what
/// the owner should not see. Pure.
queue::Settlement refused(queue::Settlement settlement);

}  // namespace spotter::pipeline
