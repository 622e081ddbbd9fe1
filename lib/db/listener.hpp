#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>

#include "db/pool.hpp"

namespace spotter::db {

/// Listens on the channel "spotter" over a connection of its own and reconnects when that breaks. A
/// notification is only a hint to look: `heard` is called for each batch, and once after every connect, since
/// whatever came before it was not heard.
class Listener {
  public:
    Listener(Endpoint endpoint, std::function<void()> heard);

    /// Until cancelled.
    boost::asio::awaitable<void> run();

    bool listening() const { return listening_; }
    const std::string& problem() const { return problem_; }  ///< why it is not listening; empty when it is

  private:
    boost::asio::awaitable<Outcome<int>> connect();
    boost::asio::awaitable<Outcome<void>> hear(int socket);

    Pool connection_;
    std::function<void()> heard_;
    bool listening_ = false;
    std::string problem_ = "not connected yet";
};

}  // namespace spotter::db
