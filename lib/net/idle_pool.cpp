#include "net/idle_pool.hpp"

namespace spotter::net {

using Clock = std::chrono::steady_clock;

IdlePool::IdlePool(const boost::asio::any_io_executor& executor, std::size_t max_idle,
                   std::chrono::milliseconds max_age)
    : max_idle_(max_idle), max_age_(max_age), timer_(executor) {}

IdlePool::~IdlePool() {
    *alive_ = false;
}

std::unique_ptr<Connection> IdlePool::take(const std::string& origin) {
    drop_old();
    for (auto place = idle_.end(); place != idle_.begin();) {
        --place;
        if (place->origin != origin) continue;
        auto connection = std::move(place->connection);
        place = idle_.erase(place);
        if (connection->quiet()) return connection;
    }
    return nullptr;
}

void IdlePool::put(std::string origin, std::unique_ptr<Connection> connection) {
    if (max_idle_ == 0) return;
    if (idle_.size() >= max_idle_) idle_.pop_front();
    idle_.push_back({std::move(origin), std::move(connection), Clock::now()});
    watch();
}

void IdlePool::close() {
    max_idle_ = 0;
    idle_.clear();
    timer_.cancel();
}

void IdlePool::drop_old() {
    const auto oldest = Clock::now() - max_age_;
    while (!idle_.empty() && idle_.front().since <= oldest) idle_.pop_front();
}

void IdlePool::watch() {
    if (watching_ || idle_.empty()) return;
    watching_ = true;
    timer_.expires_at(idle_.front().since + max_age_);
    timer_.async_wait([this, alive = alive_](boost::system::error_code) {
        if (!*alive) return;
        watching_ = false;
        drop_old();
        watch();
    });
}

}  // namespace spotter::net
