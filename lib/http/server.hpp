#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "http/message.hpp"

namespace spotter::http {

struct ServerSettings {
    std::string host = "127.0.0.1";     ///< an address of this machine, or "localhost"
    int port = 8088;                    ///< 0 takes a free one
    std::size_t max_connections = 256;  ///< more wait to be accepted
    std::size_t max_header_bytes = 16 * 1024;
    std::size_t max_body_bytes = 1024 * 1024;
    std::chrono::milliseconds idle_timeout{60'000};   ///< between requests of a connection
    std::chrono::milliseconds read_timeout{10'000};   ///< for one request, from its first byte
    std::chrono::milliseconds write_timeout{30'000};  ///< for one response
};

/// An HTTP/1.1 server on one thread: the executor's.
class Server {
  public:
    Server(boost::asio::any_io_executor executor, ServerSettings settings, Routes routes);
    ~Server();

    /// Binds the address. Error code "listen_failed".
    Result<void> open();

    /// The port that was bound; after open().
    uint16_t port() const;

    /// Accepts and answers until stop(), then returns when the last answer is sent. Call it once, after
    /// open(); the server must outlive it.
    boost::asio::awaitable<void> run();

    /// Accepts no more, drops idle connections, and lets requests under way be answered.
    void stop();

  private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace spotter::http
