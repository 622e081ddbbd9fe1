#include "async/semaphore.hpp"

#include <doctest/doctest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <deque>
#include <optional>
#include <vector>

#include "support/loop.hpp"

namespace semaphore_test {

using namespace spotter::test;
using spotter::async::Semaphore;
namespace asio = boost::asio;

namespace {

/// Some who want a permit, each of whom can be cancelled and keeps what it gets until it is told.
struct Line {
    Loop loop;
    Semaphore semaphore;
    struct One {
        std::optional<Semaphore::Permit> permit;
        asio::cancellation_signal cancel;
        bool ended = false;
    };
    std::deque<One> all;

    explicit Line(std::size_t permits) : semaphore(loop.context.get_executor(), permits) {}

    One& enter() {
        One& one = all.emplace_back();
        asio::co_spawn(loop.context, want(one),
                       asio::bind_cancellation_slot(one.cancel.slot(),
                                                    [&one](std::exception_ptr) { one.ended = true; }));
        settle();
        return one;
    }
    asio::awaitable<void> want(One& one) { one.permit.emplace(co_await semaphore.acquire()); }
    /// Runs whatever can run now.
    void settle() {
        loop.context.restart();
        while (loop.context.poll() > 0) {
        }
    }
};

}  // namespace

TEST_CASE("a semaphore gives as many permits as it has, and the next in the order of asking") {
    Line line(2);
    auto &first = line.enter(), &second = line.enter(), &third = line.enter(), &fourth = line.enter();
    CHECK(first.permit.has_value());
    CHECK(second.permit.has_value());
    CHECK(!third.permit.has_value());
    second.permit.reset();
    line.settle();
    CHECK(third.permit.has_value());
    CHECK(!fourth.permit.has_value());
    first.permit.reset();
    line.settle();
    CHECK(fourth.permit.has_value());
}

TEST_CASE("who is cancelled in the line leaves it, and takes no permit along") {
    Line line(1);
    auto &first = line.enter(), &second = line.enter(), &third = line.enter();
    SUBCASE("before its turn") {
        second.cancel.emit(asio::cancellation_type::all);
        line.settle();
        first.permit.reset();
    }
    SUBCASE("when it is served and has not come for it yet") {
        first.permit.reset();
        second.cancel.emit(asio::cancellation_type::all);
    }
    line.settle();
    CHECK(second.ended);
    second.permit.reset();
    line.settle();
    CHECK(third.permit.has_value());
    third.permit.reset();
    CHECK(line.enter().permit.has_value());
}

TEST_CASE("who is cancelled before it asks is not in the line") {
    Line line(1);
    auto& first = line.enter();
    Line::One& late = line.all.emplace_back();
    spotter::async::Event never(line.loop.context.get_executor());
    auto want = [&]() -> asio::awaitable<void> {
        co_await never.wait();
        co_await line.want(late);
    };
    asio::co_spawn(
        line.loop.context, want(),
        asio::bind_cancellation_slot(late.cancel.slot(), [&late](std::exception_ptr) { late.ended = true; }));
    line.settle();
    late.cancel.emit(asio::cancellation_type::all);
    line.settle();
    CHECK(late.ended);
    first.permit.reset();
    line.settle();
    CHECK(line.enter().permit.has_value());
}

}  // namespace semaphore_test
