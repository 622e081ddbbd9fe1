#include "async/blocking_pool.hpp"

#include <utility>

namespace spotter::async {

BlockingPool::BlockingPool(std::size_t threads) {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this, i] { run(i); });
}

BlockingPool::~BlockingPool() {
    {
        std::lock_guard lock(mutex_);
        closing_ = true;
        for (std::condition_variable* idle : idle_) idle->notify_one();
    }
    for (std::thread& thread : threads_) thread.join();
}

void BlockingPool::post(Job job) {
    std::lock_guard lock(mutex_);
    queue_.push_back(std::move(job));
    if (idle_.empty()) return;
    idle_.back()->notify_one();
    idle_.pop_back();
}

void BlockingPool::run(std::size_t thread) {
    std::condition_variable arrived;
    for (;;) {
        Job job;
        {
            std::unique_lock lock(mutex_);
            while (queue_.empty()) {
                if (closing_) return;
                idle_.push_back(&arrived);
                arrived.wait(lock);
                std::erase(idle_, &arrived);  // woken by itself, it is still there
            }
            job = std::move(queue_.front());
            queue_.pop_front();
        }
        job(thread);
    }
}

}  // namespace spotter::async
