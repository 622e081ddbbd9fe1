#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace spotter::net {

/// Names to addresses. Asio asks for one name at a time on a thread of its own and cannot be interrupted, so
/// that callers who want the same name share one look-up, and a caller whose time is up leaves it behind.
class Resolver {
  public:
    explicit Resolver(boost::asio::any_io_executor executor);

    enum class Problem { not_found, timeout, cancelled };
    struct Answer {
        std::vector<boost::asio::ip::tcp::endpoint> endpoints;  ///< empty: see `problem`
        Problem problem = Problem::not_found;
        std::string message;
    };

    /// Addresses are taken as they are, names are looked up until `by`.
    boost::asio::awaitable<Answer> resolve(std::string host, std::uint16_t port,
                                           std::chrono::steady_clock::time_point by);

  private:
    struct Lookup;
    std::shared_ptr<Lookup> look_up(const std::string& host);

    boost::asio::any_io_executor executor_;
    std::shared_ptr<boost::asio::ip::tcp::resolver> resolver_;
    std::map<std::string, std::weak_ptr<Lookup>> under_way_;
};

}  // namespace spotter::net
