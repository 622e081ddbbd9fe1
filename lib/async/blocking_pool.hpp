#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace spotter::async {

/// Threads for work that blocks. Each job runs on one of them and is told which, so that the caller can keep
/// something a thread (a connection). Of those that have nothing to do the one that worked last is taken:
/// what it keeps is warm. The queue is as long as the callers make it: they bound what they start.
class BlockingPool {
  public:
    using Job = std::function<void(std::size_t thread)>;

    explicit BlockingPool(std::size_t threads);
    /// Runs what is queued, then joins.
    ~BlockingPool();
    BlockingPool(const BlockingPool&) = delete;
    BlockingPool& operator=(const BlockingPool&) = delete;

    void post(Job job);
    std::size_t size() const { return threads_.size(); }

  private:
    void run(std::size_t thread);

    std::mutex mutex_;
    std::deque<Job> queue_;
    std::vector<std::condition_variable*> idle_;  ///< who waits for work, the last to have begun at the end
    bool closing_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace spotter::async
