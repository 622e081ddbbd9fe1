#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <string>

#include "db/pool.hpp"

namespace spotter::db {

/// Listens on the channel "spotter" over a connection of its own and reconnects when that breaks. A
/// notification is only a hint to look. Its payload says where: a lane's name, "" for any, "leases" for
/// leases of our own that may be gone. `heard` is called once for each payload of a batch, and with "" after
/// every connect, since whatever came before it was not heard.
///
/// It counts as listening once it has heard its own voice: a notification sent over another connection, which
/// does not arrive where a transaction pooler swallows LISTEN, or where the two addresses are of two
/// databases. From then on it asks its own session every few seconds whether it still listens.
class Listener {
  public:
    using Heard = std::function<void(const std::string& payload)>;

    /// `endpoint` is where it listens; `others` where they that notify are connected.
    Listener(Endpoint endpoint, Endpoint others, Heard heard);

    /// Until cancelled.
    boost::asio::awaitable<void> run();

    bool listening() const { return listening_; }
    /// Rows are found by polling alone: nothing is heard at this address, or there has been no connection for
    /// a while.
    bool polling_only() const { return polling_only_; }
    const std::string& problem() const { return problem_; }  ///< why it is not listening; empty when it is

  private:
    struct Connected;
    struct Loss;

    boost::asio::awaitable<Loss> listen();
    boost::asio::awaitable<Outcome<Connected>> connect();
    boost::asio::awaitable<Outcome<std::string>> speak();
    boost::asio::awaitable<Loss> hear(Connected connected, std::string echo);
    /// Hands payloads on; true when `echo` was among them.
    bool hand_on(const std::vector<std::string>& payloads, const std::string& echo);
    void proven(const std::string& address);
    void lost(const Loss& loss);

    Pool connection_;
    Endpoint others_;
    Heard heard_;
    bool listening_ = false;
    bool polling_only_ = false;
    std::chrono::steady_clock::time_point deaf_since_ = std::chrono::steady_clock::now();
    std::string problem_ = "not connected yet";
};

}  // namespace spotter::db
