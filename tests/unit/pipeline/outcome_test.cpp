#include "pipeline/outcome.hpp"

#include <doctest/doctest.h>

#include "pipeline/settler.hpp"

namespace outcome_test {

using namespace spotter;
using namespace spotter::pipeline;
using queue::Seconds;
using queue::Settlement;

namespace {

queue::ClaimedRow row_that_waited(Seconds waited) {
    queue::ClaimedRow row;
    row.lease = {"id", 7};
    row.waited = waited;
    return row;
}

}  // namespace

TEST_CASE("what is put off says why and spends no attempt") {
    Settlement put_off = deferred(row_that_waited(Seconds(10)), "rate_limited", Seconds(20), Seconds(86400));
    CHECK(put_off.status == Settlement::Status::pending);
    CHECK(put_off.reason == "rate_limited");
    CHECK(put_off.wait == Seconds(20));
    CHECK_FALSE(put_off.spends_attempt);
    CHECK(put_off.lease.token == 7);
}

TEST_CASE("a row that was put off for a day fails, and its owner hears for how long it was tried") {
    Settlement end = deferred(row_that_waited(Seconds(86400)), "overloaded", Seconds(20), Seconds(86400));
    CHECK(end.status == Settlement::Status::failed);
    CHECK(end.error_code == "gave_up");
    CHECK(end.error.find("24 hours") != std::string::npos);
    CHECK(end.error.find("'pending'") != std::string::npos);
}

TEST_CASE("the longer a row has been tried the longer it rests") {
    CHECK(deferred(row_that_waited(Seconds(4000)), "malformed", Seconds(20), Seconds(86400)).wait ==
          Seconds(1000));
    CHECK(deferred(row_that_waited(Seconds(40000)), "malformed", Seconds(20), Seconds(86400)).wait ==
          Seconds(1800));
    CHECK(deferred(row_that_waited(Seconds(40000)), "quota", Seconds(3600), Seconds(86400)).wait ==
          Seconds(3600));
}

TEST_CASE("nothing is put off beyond the moment at which it is given up") {
    CHECK(deferred(row_that_waited(Seconds(90)), "quota", Seconds(3600), Seconds(100)).wait == Seconds(10));
}

TEST_CASE("a mistake of ours is tried again after a growing while, until the attempts are used up") {
    Settlement first = after_unexpected({"id", 7}, 1, 5);
    Settlement third = after_unexpected({"id", 7}, 3, 5);
    CHECK(first.status == Settlement::Status::pending);
    CHECK(first.spends_attempt);
    CHECK(third.wait > first.wait);
    CHECK(after_unexpected({"id", 7}, 5, 5).status == Settlement::Status::failed);
    CHECK(after_unexpected({"id", 7}, 5, 5).error_code == "internal_error");
}

TEST_CASE("a stopped worker's row goes back at once") {
    Settlement back = released({"id", 7});
    CHECK(back.status == Settlement::Status::pending);
    CHECK(back.reason == "worker_stopped");
    CHECK(back.wait == Seconds(0));
    CHECK_FALSE(back.spends_attempt);
}

TEST_CASE("an outcome that the database refuses becomes a failure that says so") {
    Settlement settlement;
    settlement.lease = {"id", 7};
    settlement.status = Settlement::Status::completed;
    settlement.content = "{}";
    Settlement instead = refused(settlement);
    CHECK(instead.status == Settlement::Status::failed);
    CHECK(instead.error_code == "write_refused");
    CHECK(instead.error.find("'pending'") != std::string::npos);
    CHECK(instead.content == "{}");  // for the cache
}

}  // namespace outcome_test
