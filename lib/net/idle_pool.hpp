#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <list>
#include <memory>
#include <string>

#include "net/connection.hpp"

namespace spotter::net {

/// Open connections between two calls. Bounded in number (the oldest goes first) and in age; a timer closes
/// those that nobody came for.
class IdlePool {
  public:
    IdlePool(const boost::asio::any_io_executor& executor, std::size_t max_idle,
             std::chrono::milliseconds max_age);
    IdlePool(const IdlePool&) = delete;
    ~IdlePool();

    /// The connection to `origin` that was used last and is still open, or nullptr.
    std::unique_ptr<Connection> take(const std::string& origin);
    void put(std::string origin, std::unique_ptr<Connection> connection);

    /// Closes all, and keeps none from now on.
    void close();
    std::size_t size() const { return idle_.size(); }

  private:
    struct Idle {
        std::string origin;
        std::unique_ptr<Connection> connection;
        std::chrono::steady_clock::time_point since;
    };
    void drop_old();
    void watch();

    std::list<Idle> idle_;  ///< oldest first
    std::size_t max_idle_;
    std::chrono::milliseconds max_age_;
    boost::asio::steady_timer timer_;
    bool watching_ = false;
    std::shared_ptr<bool> alive_ =
        std::make_shared<bool>(true);  ///< false once the timer's handler has no pool
};

}  // namespace spotter::net
