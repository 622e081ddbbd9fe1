#include "daemon/commands/print.hpp"

#include <doctest/doctest.h>

using namespace spotter::cli;

namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a row that was put off says why, and when it is tried again") {
    std::string shown = standing_for_people(
        R"({"id":"a","status":"pending","reason":"quota","starts_in_seconds":90,"ahead":3,"attempts":1,"calls":4,
            "crashes":0,"waited_seconds":12.5,"workers":1})");
    CHECK(has(shown, "quota: the account at the model's provider has no money or quota left"));
    CHECK(has(shown, "next try in  1 min 30 s"));
    CHECK(has(shown, "1 attempt, 4 calls\n"));
    CHECK_FALSE(has(shown, "ahead of it"));
}

TEST_CASE("a row that nobody works on says that no daemon runs") {
    std::string shown = standing_for_people(R"({"id":"a","status":"pending","ahead":1,"workers":0})");
    CHECK(has(shown, "no daemon is running on this database; start one by: spotter serve"));
    CHECK(has(shown, "ahead of it  1 row\n"));
}

TEST_CASE("a settled row says who answered, or what its owner can do") {
    CHECK(has(
        standing_for_people(R"({"id":"a","status":"completed","source":"cache","model":"m","workers":0})"),
        "the cache (made by m)"));
    std::string failed = standing_for_people(
        R"({"id":"a","status":"failed","error":"Set it.","error_code":"invalid_input","waited_seconds":0.02})");
    CHECK(has(failed, "Set it. [invalid_input]"));
    CHECK(has(failed, "took         20 ms"));
}

TEST_CASE("every reason that a row can have is explained in words of its own") {
    for (const char* reason :
         {"worker_lost", "worker_stopped", "claim_interrupted", "internal_error", "rate_limited", "quota",
          "unauthorized", "misconfigured", "certificate", "unreachable"}) {
        CAPTURE(reason);
        CHECK(explain_reason(reason) != explain_reason("something else"));
    }
}

TEST_CASE("the queue in a few lines, with the reasons of what was put off") {
    std::string shown = overview_for_people(
        R"({"pending":3,"ready":1,"deferred":2,"oldest_ready_seconds":5,"reasons":{"overloaded":2},"processing":0,
            "completed":1,"failed":0,"workers":[]})");
    CHECK(has(shown, "3 rows, 1 ready (the oldest for 5.0 s), 2 put off"));
    CHECK(has(shown, "2 overloaded: "));
    CHECK(has(shown, "none is running: spotter serve"));
}
