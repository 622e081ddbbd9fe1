#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <list>
#include <utility>

#include "async/event.hpp"

namespace spotter::async {

/// So many at once; who comes later waits, first come first served. On one thread.
class Semaphore {
  public:
    Semaphore(boost::asio::any_io_executor executor, std::size_t permits)
        : executor_(std::move(executor)), free_(permits) {}

    /// Gives its place back when it goes.
    class Permit {
      public:
        explicit Permit(Semaphore& of) : of_(&of) {}
        Permit(Permit&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {}
        Permit& operator=(Permit&&) = delete;
        ~Permit() {
            if (of_) of_->release();
        }

      private:
        Semaphore* of_;
    };

    /// Throws operation_aborted when cancelled.
    boost::asio::awaitable<Permit> acquire() {
        if (free_ > 0) {
            --free_;
            co_return Permit(*this);
        }
        Place place(*this);
        co_await place.served();
        co_return place.take();
    }

  private:
    struct Waiter {
        explicit Waiter(boost::asio::any_io_executor executor) : bell(std::move(executor)) {}
        Event bell;
        bool served = false;
    };

    /// A place in the line, given up in whatever way its owner goes; a permit it was served with goes to the next.
    class Place {
      public:
        explicit Place(Semaphore& of) : of_(of), at_(of.waiting_.emplace(of.waiting_.end(), of.executor_)) {}
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        ~Place() {
            bool unused = at_->served && !taken_;
            (at_->served ? of_.served_ : of_.waiting_).erase(at_);
            if (unused) of_.release();
        }

        boost::asio::awaitable<bool> served() { return at_->bell.wait(); }
        Permit take() {
            if (!at_->served) throw boost::system::system_error(boost::asio::error::operation_aborted);
            taken_ = true;
            return Permit(of_);
        }

      private:
        Semaphore& of_;
        std::list<Waiter>::iterator at_;
        bool taken_ = false;
    };

    void release() {
        if (waiting_.empty()) {
            ++free_;
            return;
        }
        auto first = waiting_.begin();
        served_.splice(served_.end(), waiting_, first);
        first->served = true;
        first->bell.ring();
    }

    boost::asio::any_io_executor executor_;
    std::size_t free_;
    std::list<Waiter> waiting_;
    std::list<Waiter> served_;  ///< who has a place and has not come for it yet
};

}  // namespace spotter::async
