#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string_view>
#include <vector>

#include "support/scripted_model.hpp"

namespace spotter::test {

/// What the server's thread and the test's share.
class ScriptedState {
  public:
    explicit ScriptedState(std::size_t kept_requests);

    void then(Behaviour behaviour, int times);
    void always(ScriptedModel::Handler handler);
    void close_at_accept(bool closing);

    /// A connection was made; false when it is to be closed at once.
    bool accepted();
    /// A request was read: counts it, and says what to do with it.
    Behaviour received(ReceivedRequest request);
    void finished();

    struct Counts {
        int requests = 0;
        int connections = 0;
        int open = 0;
        int most_open = 0;
    };
    Counts counts() const;
    std::vector<ReceivedRequest> kept() const;
    ReceivedRequest kept(std::size_t index) const;

    /// Returns when `reached` holds of the counts. Throws with `what` after half a minute.
    void wait(std::string_view what, const std::function<bool(const Counts&)>& reached) const;

  private:
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::deque<Behaviour> queue_;
    ScriptedModel::Handler standing_;
    bool closing_ = false;
    Counts counts_;
    std::size_t kept_requests_;
    std::vector<ReceivedRequest> kept_;
};

}  // namespace spotter::test
