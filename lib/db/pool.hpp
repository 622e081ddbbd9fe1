#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "async/blocking_pool.hpp"
#include "db/failure.hpp"
#include "db/session.hpp"

namespace spotter::db {

/// As many connections as threads, each opened when first needed and thrown away when it breaks; the others
/// are then tried before they are used again, so that an outage or a failover costs one failure and not one
/// for each connection. Called from the io_context's thread only; the io_context outlives the pool, whose
/// threads post to it.
class Pool {
  public:
    Pool(Endpoint endpoint, std::size_t connections);

    /// Runs `work(Session&)` on a thread of the pool and gives what it returns, or why it could not. Results
    /// of libpqxx stay inside `work`. Not cancelled once begun: the statement's own time-out bounds it.
    template <class Work>
    auto run(Work work) -> boost::asio::awaitable<Outcome<std::invoke_result_t<Work&, Session&>>>;

    /// The same at once, on the caller's thread: for work that does not wait, while nothing else runs on the
    /// pool.
    template <class Work>
    auto run_here(Work work) -> Outcome<std::invoke_result_t<Work&, Session&>> {
        return attempt(work, 0);
    }

    std::size_t size() const { return threads_.size(); }

  private:
    /// Opens the thread's connection if need be, runs `work`, and drops the connection that broke.
    template <class Work>
    auto attempt(Work& work, std::size_t thread) -> Outcome<std::invoke_result_t<Work&, Session&>>;
    Session& session(std::size_t thread);
    void note_server(const std::string& address);
    void discard_if_broken(const Failure& failure, std::size_t thread);

    Endpoint endpoint_;
    std::mutex noting_;
    std::string server_;  ///< where the last session was opened
    struct Slot {
        std::unique_ptr<Session> session;
        unsigned losses_known = 0;  ///< of the pool, when the session was last known to be fit
    };
    std::vector<Slot> slots_;  ///< one a thread, and touched by it alone; the first also by `run_here`
    std::atomic<unsigned> losses_ = 0;  ///< sessions that broke: what broke one may have broken all
    async::BlockingPool threads_;
};

template <class Work>
auto Pool::attempt(Work& work, std::size_t thread) -> Outcome<std::invoke_result_t<Work&, Session&>> {
    try {
        if constexpr (std::is_void_v<std::invoke_result_t<Work&, Session&>>) {
            work(session(thread));
            return {};
        } else {
            return work(session(thread));
        }
    } catch (const std::exception& exception) {
        Failure failure = classify(exception);
        discard_if_broken(failure, thread);
        return failure;
    }
}

template <class Work>
auto Pool::run(Work work) -> boost::asio::awaitable<Outcome<std::invoke_result_t<Work&, Session&>>> {
    using Answer = Outcome<std::invoke_result_t<Work&, Session&>>;
    auto start = [this, &work](auto handler) {
        auto executor = boost::asio::get_associated_executor(handler);
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        threads_.post([this, &work, shared, executor](std::size_t thread) mutable {
            auto answer = std::make_shared<Answer>(attempt(work, thread));
            boost::asio::post(executor,
                              [shared = std::move(shared), answer] { (*shared)(std::move(*answer)); });
        });
    };
    co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(Answer)>(
        std::move(start), boost::asio::use_awaitable);
}

}  // namespace spotter::db
