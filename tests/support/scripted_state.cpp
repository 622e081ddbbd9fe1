#include "support/scripted_state.hpp"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>

namespace spotter::test {

ScriptedState::ScriptedState(std::size_t kept_requests) : kept_requests_(kept_requests) {
    standing_ = [](const ReceivedRequest&) { return completion("{}"); };
}

void ScriptedState::then(Behaviour behaviour, int times) {
    const std::lock_guard lock(mutex_);
    for (int i = 0; i < times; ++i) queue_.push_back(behaviour);
}

void ScriptedState::always(ScriptedModel::Handler handler) {
    const std::lock_guard lock(mutex_);
    standing_ = std::move(handler);
}

void ScriptedState::close_at_accept(bool closing) {
    const std::lock_guard lock(mutex_);
    closing_ = closing;
}

bool ScriptedState::accepted() {
    const std::lock_guard lock(mutex_);
    ++counts_.connections;
    changed_.notify_all();
    return !closing_;
}

Behaviour ScriptedState::received(ReceivedRequest request) {
    ScriptedModel::Handler handler;
    {
        const std::lock_guard lock(mutex_);
        ++counts_.requests;
        ++counts_.open;
        counts_.most_open = std::max(counts_.most_open, counts_.open);
        if (kept_.size() < kept_requests_) kept_.push_back(request);
        changed_.notify_all();
        if (!queue_.empty()) {
            Behaviour next = std::move(queue_.front());
            queue_.pop_front();
            return next;
        }
        handler = standing_;
    }
    return handler(request);  // outside the lock: it may look at the model itself
}

void ScriptedState::finished() {
    const std::lock_guard lock(mutex_);
    --counts_.open;
    changed_.notify_all();
}

ScriptedState::Counts ScriptedState::counts() const {
    const std::lock_guard lock(mutex_);
    return counts_;
}

std::vector<ReceivedRequest> ScriptedState::kept() const {
    const std::lock_guard lock(mutex_);
    return kept_;
}

ReceivedRequest ScriptedState::kept(std::size_t index) const {
    const std::lock_guard lock(mutex_);
    return kept_.at(index);
}

void ScriptedState::wait(std::string_view what, const std::function<bool(const Counts&)>& reached) const {
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, std::chrono::seconds(30), [&] { return reached(counts_); })) return;
    throw std::runtime_error(
        fmt::format("the scripted model waited in vain for {}: {} requests, {} of them open", what,
                    counts_.requests, counts_.open));
}

}  // namespace spotter::test
