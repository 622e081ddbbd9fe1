#include "net/resolver.hpp"

#include <boost/asio/steady_timer.hpp>

#include "async/timeout.hpp"

namespace spotter::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

asio::awaitable<void> wait(asio::steady_timer& signal) {
    boost::system::error_code cancelled;
    co_await signal.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

}  // namespace

struct Resolver::Lookup {
    explicit Lookup(const asio::any_io_executor& executor)
        : done(executor, asio::steady_timer::time_point::max()) {}

    asio::steady_timer done;  ///< never expires; cancelled when the answer is there
    bool finished = false;
    std::vector<asio::ip::address> addresses;
    std::string message;
};

Resolver::Resolver(asio::any_io_executor executor)
    : executor_(std::move(executor)), resolver_(std::make_shared<tcp::resolver>(executor_)) {}

asio::awaitable<Resolver::Answer> Resolver::resolve(std::string host, std::uint16_t port,
                                                    std::chrono::steady_clock::time_point by) {
    Answer answer;
    boost::system::error_code no_address;
    const auto literal = asio::ip::make_address(host, no_address);
    if (!no_address) {
        answer.endpoints.emplace_back(literal, port);
        co_return answer;
    }
    const auto lookup = look_up(host);
    if (!lookup->finished) {
        auto waiting = wait(lookup->done);
        const bool woken = co_await async::with_timeout(by, std::move(waiting));
        if (!lookup->finished) answer.problem = woken ? Problem::cancelled : Problem::timeout;
    }
    answer.message = lookup->message;
    for (const auto& address : lookup->addresses) answer.endpoints.emplace_back(address, port);
    co_return answer;
}

std::shared_ptr<Resolver::Lookup> Resolver::look_up(const std::string& host) {
    if (auto running = under_way_[host].lock(); running && !running->finished) return running;
    auto lookup = std::make_shared<Lookup>(executor_);
    under_way_[host] = lookup;
    auto keep = [lookup, resolver = resolver_](boost::system::error_code ec,
                                               const tcp::resolver::results_type& found) {
        lookup->finished = true;
        if (ec) lookup->message = ec.message();
        for (const auto& entry : found) lookup->addresses.push_back(entry.endpoint().address());
        lookup->done.cancel();
    };
    resolver_->async_resolve(host, "", std::move(keep));
    return lookup;
}

}  // namespace spotter::net
