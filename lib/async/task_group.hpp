#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <string>

#include "async/event.hpp"

namespace spotter::async {

/// Coroutines that belong together: nothing runs that nobody waits for. On one thread.
class TaskGroup {
  public:
    /// `failed` hears of every task that ended by an exception other than its own cancellation.
    using Failed = std::function<void(const std::string& name, std::exception_ptr)>;

    TaskGroup(boost::asio::any_io_executor executor, Failed failed);

    using Id = std::uint64_t;
    Id spawn(std::string name, boost::asio::awaitable<void> task);

    /// Asks every task to end: its wait throws operation_aborted.
    void cancel();
    void cancel(Id task);  ///< nothing when it has ended

    /// Returns when no task is left. One waiter at a time.
    boost::asio::awaitable<void> drained();

    std::size_t size() const { return tasks_.size(); }

  private:
    struct Task {
        std::string name;
        boost::asio::cancellation_signal cancellation;
    };

    boost::asio::any_io_executor executor_;
    Failed failed_;
    std::map<Id, Task> tasks_;
    Id next_ = 1;
    Event empty_;
};

}  // namespace spotter::async
