#include "db/silence.hpp"

#include <sys/socket.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace spotter::db {
namespace {

using Clock = std::chrono::steady_clock;

/// One thread watches over all waits of the process: there are as many as connections, and hardly any ends
/// here.
class Watch {
  public:
    static Watch& instance() {
        static Watch watch;
        return watch;
    }
    ~Watch() {
        {
            std::lock_guard lock(mutex_);
            closing_ = true;
        }
        changed_.notify_one();
        thread_.join();
    }

    long add(int socket, Clock::time_point until) {
        std::lock_guard lock(mutex_);
        bool sooner = until < wakes_at_;
        waits_.emplace(++last_, Wait{socket, until});
        if (sooner) changed_.notify_one();
        return last_;
    }
    /// Under the lock: when it is over the socket is not touched, and may be closed.
    void remove(long entry) {
        std::lock_guard lock(mutex_);
        waits_.erase(entry);
    }

    bool holds(long entry) {
        std::lock_guard lock(mutex_);
        return waits_.contains(entry);
    }

  private:
    struct Wait {
        int socket;
        Clock::time_point until;
    };

    void run() {
        std::unique_lock lock(mutex_);
        while (!closing_) {
            auto now = Clock::now();
            wakes_at_ = now + std::chrono::hours(1);
            for (auto at = waits_.begin(); at != waits_.end();) {
                bool over = at->second.until <= now;
                if (over) shutdown(at->second.socket, SHUT_RDWR);
                if (!over) wakes_at_ = std::min(wakes_at_, at->second.until);
                at = over ? waits_.erase(at) : std::next(at);
            }
            changed_.wait_until(lock, wakes_at_);
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<long, Wait> waits_;
    long last_ = 0;
    Clock::time_point wakes_at_ = Clock::time_point::max();
    bool closing_ = false;
    std::thread thread_{[this] { run(); }};  // last: it uses what stands above
};

}  // namespace

SilenceLimit::SilenceLimit(int socket, Clock::duration limit) {
    if (limit > Clock::duration::zero()) entry_ = Watch::instance().add(socket, Clock::now() + limit);
}

SilenceLimit::~SilenceLimit() {
    if (entry_ != 0) Watch::instance().remove(entry_);
}

bool SilenceLimit::over() const {
    return entry_ != 0 && !Watch::instance().holds(entry_);
}

}  // namespace spotter::db
