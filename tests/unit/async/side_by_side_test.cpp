#include "async/side_by_side.hpp"

#include <doctest/doctest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <stdexcept>
#include <vector>

#include "async/timeout.hpp"
#include "support/loop.hpp"

namespace side_by_side_test {

using namespace spotter::test;
using namespace std::chrono_literals;
using spotter::async::side_by_side;
using spotter::async::sleep_for;
namespace asio = boost::asio;

TEST_CASE("all are run, so many at a time") {
    Loop loop;
    int running = 0, most = 0, ended = 0;
    auto work = [&](std::size_t) -> asio::awaitable<void> {
        most = std::max(most, ++running);
        co_await sleep_for(1ms);
        --running;
        ++ended;
    };
    loop.run(side_by_side(10, 3, work));
    CHECK(ended == 10);
    CHECK(most == 3);
    loop.run(side_by_side(0, 3, work));
    CHECK(ended == 10);
}

TEST_CASE("the first that throws is heard when all that run have ended, and no other is begun") {
    Loop loop;
    int begun = 0, ended = 0;
    auto work = [&](std::size_t number) -> asio::awaitable<void> {
        ++begun;
        co_await sleep_for(1ms);
        if (number == 0) throw std::runtime_error("the first");
        ++ended;
    };
    CHECK_THROWS_WITH(loop.run(side_by_side(10, 2, work)), "the first");
    CHECK(begun < 10);
    CHECK(ended == begun - 1);
}

TEST_CASE("a cancellation ends those that run, begins no other, and is waited for") {
    Loop loop;
    int begun = 0, ended = 0;
    bool returned = false;
    auto work = [&](std::size_t) -> asio::awaitable<void> {
        ++begun;
        struct End {
            int& ended;
            ~End() { ++ended; }
        } end{ended};
        co_await sleep_for(1h);
    };
    asio::cancellation_signal cancel;
    asio::co_spawn(loop.context, side_by_side(10, 4, work),
                   asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr) { returned = true; }));
    loop.run_until([&] { return begun == 4; });
    cancel.emit(asio::cancellation_type::all);
    loop.run_until([&] { return returned; });
    CHECK(begun == 4);
    CHECK(ended == 4);
}

}  // namespace side_by_side_test
