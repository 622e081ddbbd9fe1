#include "async/task_group.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

namespace spotter::async {
namespace {

bool is_cancellation(std::exception_ptr problem) {
    try {
        std::rethrow_exception(problem);
    } catch (const boost::system::system_error& error) {
        return error.code() == boost::asio::error::operation_aborted;
    } catch (...) {
        return false;
    }
}

}  // namespace

TaskGroup::TaskGroup(boost::asio::any_io_executor executor, Failed failed)
    : executor_(std::move(executor)), failed_(std::move(failed)), empty_(executor_) {}

TaskGroup::Id TaskGroup::spawn(std::string name, boost::asio::awaitable<void> task) {
    Id id = next_++;
    Task& self = tasks_[id];
    self.name = std::move(name);
    auto ended = [this, id](std::exception_ptr problem) {
        auto finished = tasks_.extract(id);
        if (tasks_.empty()) empty_.ring();
        if (problem && !is_cancellation(problem)) failed_(finished.mapped().name, problem);
    };
    boost::asio::co_spawn(executor_, std::move(task),
                          boost::asio::bind_cancellation_slot(self.cancellation.slot(), std::move(ended)));
    return id;
}

void TaskGroup::cancel() {
    // A task that ends at once takes itself off the list, so step on before it can.
    for (auto task = tasks_.begin(); task != tasks_.end();) {
        auto next = std::next(task);
        task->second.cancellation.emit(boost::asio::cancellation_type::terminal);
        task = next;
    }
}

void TaskGroup::cancel(Id task) {
    if (auto found = tasks_.find(task); found != tasks_.end())
        found->second.cancellation.emit(boost::asio::cancellation_type::terminal);
}

boost::asio::awaitable<void> TaskGroup::drained() {
    while (!tasks_.empty()) co_await empty_.wait();
}

}  // namespace spotter::async
