// The checker itself: each promise's breach is found, and a faultless history passes.

#include "proof/checker.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "proof/tale.hpp"

namespace checker_test {

using namespace spotter::proof;

namespace {

constexpr Terms terms{.calls_per_row = 3, .max_crashes = 2, .flights = true};

std::set<std::string> broken(const History& history) {
    std::set<std::string> promises;
    for (const Violation& violation : check_end(history, terms)) promises.insert(violation.promise);
    return promises;
}

/// Every kind of event that there is, without a fault of the queue's.
Tale faultless() {
    Tale tale;
    tale.insert("a", "x");
    tale.claim("a");
    tale.call("a");
    tale.settle("a");
    tale.insert("b", "x");
    tale.hit("b", "a");

    tale.insert("c", "y");
    tale.claim("c");
    tale.insert("d", "y");
    tale.wait("d");
    tale.call("c", "429");
    tale.defer("c");
    tale.claim("c");
    tale.rescue("c");
    tale.claim("c");
    tale.call("c", "truncated");
    tale.call("c");
    tale.settle("c", 2);
    tale.share("d", "c");

    tale.insert("e", "z");
    tale.claim("e");
    tale.call("e", "invalid");
    tale.fail("e", "no_valid_answer");
    tale.retry("e");
    tale.cancel("e");
    tale.retry("e");
    tale.claim("e");
    tale.cancel("e");
    tale.erase("e");
    tale.tidy("a");
    return tale;
}

using Spoil = std::function<void(Tale&)>;

struct Breach {
    std::string promise;
    std::string name;
    Spoil spoil;  ///< of a tale in which row "r" was claimed, called for and settled
};

const std::vector<Breach> breaches = {
    {"no row is lost", "a row that was acknowledged and never seen",
     [](Tale& t) { t.history.acknowledged.insert("ghost"); }},
    {"no row is lost", "a row left pending", [](Tale& t) { t.insert("s", "y"); }},
    {"no row is lost", "a row left in processing",
     [](Tale& t) {
         t.insert("s", "y");
         t.claim("s");
     }},
    {"transitions are legal", "a row inserted as completed",
     [](Tale& t) { t.insert("s", "y").is = Status::completed; }},
    {"transitions are legal", "a change that nobody saw", [](Tale& t) { t.retry("r").was = Status::failed; }},
    {"transitions are legal", "a finished row that a daemon takes up again",
     [](Tale& t) { t.retry("r").by = "spotter"; }},
    {"transitions are legal", "a finished row that is claimed", [](Tale& t) { t.claim("r"); }},
    {"transitions are legal", "a finished row whose program changes",
     [](Tale& t) {
         RowEvent again = t.last("r");
         again.was = Status::completed;
         again.content = "another";
         again.by = "app";
         t.history.rows.push_back(again);
     }},
    {"transitions are legal", "a finished row that a daemon counts something of",
     [](Tale& t) { ++t.tidy("r").crashes; }},
    {"transitions are legal", "a failed row that completes",
     [](Tale& t) {
         t.retry("r");
         t.cancel("r");
         t.call("r");
         t.settle("r");
     }},
    {"transitions are legal", "a daemon that deletes", [](Tale& t) { t.erase("r").by = "spotter"; }},
    {"transitions are legal", "a lease taken away by an app",
     [](Tale& t) {
         t.retry("r");
         t.claim("r");
         t.defer("r").by = "app";
     }},
    {"transitions are legal", "a claim that is no attempt",
     [](Tale& t) {
         t.retry("r");
         --t.claim("r").attempts;
     }},
    {"transitions are legal", "a crash that is counted twice",
     [](Tale& t) {
         t.retry("r");
         t.claim("r");
         ++t.rescue("r").crashes;
     }},
    {"transitions are legal", "a retry that keeps its crashes", [](Tale& t) { t.retry("r").crashes = 1; }},
    {"transitions are legal", "a lease that changes hands",
     [](Tale& t) {
         t.retry("r");
         t.claim("r");
         RowEvent stolen = t.last("r");
         stolen.was = Status::processing;
         stolen.token = 99;
         t.history.rows.push_back(stolen);
     }},
    {"transitions are legal", "more calls in one go than the budget has",
     [](Tale& t) { t.last("r").calls = 4; }},
    {"transitions are legal", "a result from nowhere", [](Tale& t) { t.last("r").source = "cache"; }},
    {"transitions are legal", "a result for which nobody paid", [](Tale& t) { t.last("r").calls = 0; }},
    {"transitions are legal", "a row that completes with nothing", [](Tale& t) { t.last("r").content = ""; }},
    {"transitions are legal", "a waiting row that is claimed",
     [](Tale& t) {
         t.retry("r");
         t.wait("r");
         t.claim("r").waiting = false;
     }},
    {"a claim has a token of its own", "two claims with one token",
     [](Tale& t) {
         t.retry("r");
         t.claim("r").token = 1;
     }},
    {"only who holds the lease settles", "a row settled by a daemon that lost it",
     [](Tale& t) {
         t.retry("r");
         t.claim("r");
         t.rescue("r").by = "spotter-2";
         t.claim("r").by = "spotter-2";
         t.call("r");
         t.settle("r");
     }},
    {"only who holds the lease settles", "a row put off by a daemon that lost it",
     [](Tale& t) {
         t.retry("r");
         t.claim("r").by = "spotter-2";
         t.defer("r");
     }},
    {"a token has one accepted result at most", "two results for one token",
     [](Tale& t) {
         t.retry("r");
         t.claim("r").token = 1;
         t.call("r");
         t.settle("r");
     }},
    {"transitions are legal", "two results for one row",
     [](Tale& t) {
         t.call("r");
         t.settle("r");
     }},
    {"a program is the model's answer", "a program that nobody gave",
     [](Tale& t) { t.last("r").answer = "Answer 77"; }},
    {"only a good answer is accepted", "a truncated answer",
     [](Tale& t) { t.history.calls[0].given = "cut"; }},
    {"a program is the answer to its own row", "another row's answer",
     [](Tale& t) { t.history.calls[0].marker = "y"; }},
    {"an answer is accepted once", "one answer accepted for two rows",
     [](Tale& t) {
         t.insert("s", "x");
         t.claim("s");
         t.settle("s");
     }},
    {"one answer is one program", "a hit that is another program",
     [](Tale& t) {
         t.insert("s", "x");
         t.hit("s", "r").content = "another";
     }},
    {"an entry of the cache is an accepted result", "an entry without a row",
     [](Tale& t) { t.history.cache.push_back({9, 99, "x", "program of Answer 1", "Answer 1"}); }},
    {"an entry of the cache is an accepted result", "an entry that differs from its row",
     [](Tale& t) { t.history.cache[0].content = "another"; }},
    {"a hit is what the cache holds", "a hit of what was never cached",
     [](Tale& t) {
         t.insert("s", "x");
         t.hit("s", "r");
         t.history.cache.clear();
     }},
    {"waiters are settled with their leader", "a waiter that is settled later",
     [](Tale& t) {
         t.insert("s", "x");
         t.wait("s");
         t.share("s", "r").transaction = 99;
     }},
    {"waiters share one result", "a waiter that gets something else",
     [](Tale& t) {
         t.insert("s", "x");
         t.wait("s");
         t.share("s", "r").content = "another";
     }},
    {"one row a key is at work", "two rows of one key at work",
     [](Tale& t) {
         t.insert("s", "y");
         t.insert("u", "y");
         t.claim("s");
         t.claim("u");
         for (const char* row : {"s", "u"}) {
             t.call(row);
             t.settle(row);
         }
     }},
    {"calls stay within the budget", "more calls than claims allow",
     [](Tale& t) {
         for (int i = 0; i < 3; ++i) t.call("r", "500");
     }},
    {"a failure has a cause", "a row that fails though all answers were good",
     [](Tale& t) {
         t.insert("s", "y");
         t.claim("s");
         t.call("s");
         t.fail("s", "write_refused");
     }},
    {"a failure has a cause", "a row refused, which no bad answer explains",
     [](Tale& t) {
         t.insert("s", "y");
         t.claim("s");
         t.call("s", "500");
         t.fail("s", "internal_error");
     }},
    {"a failure has a cause", "a row quarantined too early",
     [](Tale& t) {
         t.insert("s", "y");
         t.claim("s");
         ++t.fail("s", "quarantined", 0).crashes;
     }},
    {"a claim comes to an end", "a claim that lasted too long",
     [](Tale& t) { t.last("r").at += terms.longest_claim + 1; }},
    {"a claim comes to an end", "a claim that nobody ends while others come and go",
     [](Tale& t) {
         t.retry("r");
         t.claim("r");
         t.insert("s", "y").at = 1000;
     }},
    {"nobody waits in the end", "a finished row that still waits",
     [](Tale& t) { t.last("r").waiting = true; }},
    {"no flight is left in the end", "a flight left over", [](Tale& t) { t.history.flights_left = 1; }},
};

}  // namespace

TEST_CASE("a faultless history keeps every promise") {
    Tale tale = faultless();
    for (const Violation& violation : check_end(tale.history, terms))
        FAIL_CHECK(violation.promise << ": " << violation.what);
}

TEST_CASE("every breach of a promise is found, as that promise's breach") {
    for (const Breach& breach : breaches) {
        CAPTURE(breach.name);
        Tale tale;
        tale.insert("r", "x");
        tale.claim("r");
        tale.call("r");
        tale.settle("r");
        REQUIRE(broken(tale.history).empty());
        breach.spoil(tale);
        CHECK(broken(tale.history).contains(breach.promise));
    }
}

TEST_CASE("before the end a row may be on its way, and nothing else is forgiven") {
    Tale tale;
    tale.insert("r", "x");
    tale.claim("r");
    CHECK(check_so_far(tale.history, terms).empty());
    tale.call("r", "cut");
    tale.settle("r");
    CHECK(check_so_far(tale.history, terms).size() == 1);
}

TEST_CASE("two rows of one key may be at work where there are no flights") {
    Tale tale;
    for (const char* row : {"r", "s"}) {
        tale.insert(row, "x");
        tale.claim(row);
    }
    CHECK(check_so_far(tale.history, {.flights = false}).empty());
    CHECK(check_so_far(tale.history, {.flights = true}).size() == 1);
}

TEST_CASE("two rows of one key may be at work once its flight was taken away") {
    Tale tale;
    for (const char* row : {"r", "s"}) {
        tale.insert(row, "x");
        tale.claim(row);
    }
    tale.history.invalidated.insert("x");
    CHECK(check_so_far(tale.history, {.flights = true}).empty());
}

TEST_CASE("a secret in a log is found, and not repeated") {
    auto violations = check_log("one line\nAuthorization: Bearer sk-1 and sk-1\nlast", "sk-1");
    REQUIRE(violations.size() == 2);
    CHECK(violations[0].what == "Authorization: Bearer …");
    CHECK(violations[0].what.find("sk-1") == std::string::npos);
    CHECK(check_log("one line\nlast", "sk-1").empty());
}

TEST_CASE("a row's story has its own events and the calls for its input") {
    Tale tale = faultless();
    std::string told = story(tale.history, "e");
    CHECK(told.find("no_valid_answer") != std::string::npos);
    CHECK(told.find("asked for z: invalid") != std::string::npos);
    CHECK(told.find("asked for x") == std::string::npos);
}

}  // namespace checker_test
