#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>

#include "db/pool.hpp"

namespace spotter::db {

/// Listens on the channel "spotter" over a connection of its own and reconnects when that breaks. A
/// notification is only a hint to look. Its payload says where: "" for rows, "leases" for leases of our own
/// that may be gone. `heard` is called once for each payload of a batch, and with "" after every connect,
/// since whatever came before it was not heard.
class Listener {
  public:
    using Heard = std::function<void(const std::string& payload)>;

    Listener(Endpoint endpoint, Heard heard);

    /// Until cancelled.
    boost::asio::awaitable<void> run();

    bool listening() const { return listening_; }
    const std::string& problem() const { return problem_; }  ///< why it is not listening; empty when it is

  private:
    boost::asio::awaitable<Outcome<int>> connect();
    boost::asio::awaitable<Outcome<void>> hear(int socket);

    Pool connection_;
    Heard heard_;
    bool listening_ = false;
    std::string problem_ = "not connected yet";
};

}  // namespace spotter::db
