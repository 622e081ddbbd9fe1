#include "base/reminder.hpp"

#include <doctest/doctest.h>

namespace reminder_test {

using spotter::Reminder;
using namespace std::chrono_literals;

TEST_CASE("what holds on is told at its beginning, again after a while, and at its end") {
    Reminder reminder(10min);
    auto start = Reminder::Clock::time_point(1h);
    CHECK(!reminder.due("", start));
    CHECK(reminder.due("paused", start + 1s));
    CHECK(!reminder.due("paused", start + 9min));
    CHECK(reminder.due("paused", start + 11min));
    CHECK(!reminder.due("paused", start + 20min));
    CHECK(reminder.due("paused", start + 21min));
    CHECK(reminder.due("", start + 22min));
    CHECK(!reminder.due("", start + 3h));
}

TEST_CASE("what changes is told at once") {
    Reminder reminder(10min);
    auto start = Reminder::Clock::time_point(1h);
    CHECK(reminder.due("the kind", start));
    CHECK(reminder.due("everything", start + 1s));
    CHECK(!reminder.due("everything", start + 2s));
}

}  // namespace reminder_test
