#include "daemon/commands/print.hpp"

#include <doctest/doctest.h>

namespace print_test {

using namespace spotter::cli;

namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::size_t longest_line(const std::string& text) {
    std::size_t longest = 0;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = text.find('\n', at);
        longest = std::max(longest, end - at);
        at = end + 1;
    }
    return longest;
}

}  // namespace

TEST_CASE("a row that was put off says why, what to do, and when it is tried again") {
    std::string shown = standing_for_people(
        R"({"id":"a","status":"pending","reason":"quota","meaning":"The account has no money left.",
            "what_to_do":"An operator tops it up.","starts_in_seconds":90,"attempts":1,"calls":4,
            "crashes":0,"retries":2,"waited_seconds":12.5,"workers":1})");
    CHECK(shown ==
          "row          a\n"
          "status       pending\n"
          "why          quota: The account has no money left.\n"
          "what to do   An operator tops it up.\n"
          "             At once: spotter retry a\n"
          "next try in  1 min 30 s\n"
          "waiting for  12.5 s\n"
          "so far       1 attempt, 4 calls, begun anew 2 times\n");
}

TEST_CASE("a row in the queue shows its place and when its turn is expected") {
    std::string start = R"({"id":"a","status":"pending","reason":"in_queue","meaning":"It waits.",)";
    CHECK(has(standing_for_people(start + R"("ahead":1})"), "ahead of it  1 row\n"));
    CHECK(has(standing_for_people(start + R"("ahead":0,"expected_seconds":0})"),
              "ahead of it  no row; its turn is about now\n"));
    CHECK(has(standing_for_people(start + R"("ahead":10000,"expected_seconds":7200})"),
              "ahead of it  10000 rows or more; its turn is in about 2.0 h\n"));
}

TEST_CASE("a row that waits for another names it, and why that one is put off") {
    std::string start =
        R"({"id":"a","status":"pending","reason":"same_in_flight","meaning":"Another asks for the same.")";
    CHECK(has(standing_for_people(start + "}"), "waits for    another row\n"));
    CHECK(has(standing_for_people(start + R"(,"leader":"b"})"), "waits for    row b\n"));
    CHECK(has(standing_for_people(start + R"(,"leader":"b","leads_starts_in_seconds":60,
                                              "leads_meaning":"No calls at present."})"),
              "waits for    row b, which is put off for 1 min 0 s. No calls at present.\n"));
}

TEST_CASE("a paused row says since when, by whom and why") {
    std::string shown = standing_for_people(
        R"({"id":"a","status":"pending","reason":"paused","meaning":"An operator has stopped it.",
            "what_to_do":"An operator ends that: spotter resume.","paused_seconds":7200,"paused_by":"ada",
            "paused_because":"prices go up","ahead":3})");
    CHECK(has(shown, "paused       for 2.0 h by ada: prices go up\n"));
    CHECK(has(shown, "what to do   An operator ends that: spotter resume.\n"));
}

TEST_CASE("a settled row says who answered, or what its owner can do") {
    CHECK(has(standing_for_people(
                  R"({"id":"a","status":"completed","reason":"done","source":"cache","model":"m"})"),
              "the cache (made by m)"));
    CHECK(has(standing_for_people(
                  R"({"id":"a","status":"completed","reason":"done","source":"flight","model":"m"})"),
              "another row that asked for the same (made by m)"));
    std::string failed = standing_for_people(
        R"({"id":"a","status":"failed","error":"Set it.","error_code":"invalid_input","reason":"invalid_input",
            "what_to_do":"Correct it.","waited_seconds":0.02,"worked_seconds":0.01})");
    CHECK(has(failed, "why          Set it. [invalid_input]\n"));
    CHECK(has(failed, "what to do   Correct it.\n             From here: spotter retry a\n"));
    CHECK(has(failed, "took         20 ms; 10 ms of it from the first claim on\n"));
}

TEST_CASE("nothing is wider than 80 columns, and what follows a line stands below its text") {
    std::string words =
        "The model's provider is overloaded and has been so for quite some time by now, it seems";
    std::string shown =
        standing_for_people(R"({"id":"a","status":"pending","reason":"overloaded","meaning":")" + words +
                            R"(","what_to_do":")" + words + R"("})");
    CHECK(longest_line(shown) <= 80);
    CHECK(has(shown,
              "why          overloaded: The model's provider is overloaded and has been so for\n"
              "             quite some time by now, it seems\n"));
}

TEST_CASE("a number is not parted from its unit") {
    std::string start =
        R"({"id":"a","status":"pending","reason":"same_in_flight","leads_starts_in_seconds":21.8,)";
    std::string leader = "8193d644-2358-44e9-a984-a8a6c42dec75-99";
    CHECK(has(standing_for_people(start + R"("meaning":"m","leader":")" + leader + R"("})"),
              "waits for    row " + leader + ", which is put off for\n             21.8 s.\n"));
}

TEST_CASE("a pause that was made just now is of now") {
    CHECK(pauses_for_people(R"([{"kind":"*","seconds":0,"by":"ada"}])")
              .starts_with("PAUSED       everything as of now by ada\n"));
}

TEST_CASE("the queue in a few lines, with the reasons of what was put off") {
    std::string shown = overview_for_people(
        R"({"pending":4,"ready":1,"deferred":2,"waiting":1,"oldest_ready_seconds":5,
            "reasons":{"overloaded":2},"meanings":{"overloaded":"The provider is overloaded."},"processing":0,
            "completed":1,"failed":0,"paused":[],"workers":[]})");
    CHECK(shown ==
          "pending      4 rows, 1 ready (the oldest for 5.0 s), 2 put off, 1 waits for\n"
          "             another that asks for the same\n"
          "             2 overloaded: The provider is overloaded.\n"
          "processing   0\n"
          "completed    1 in the last 24 h\n"
          "failed       0 in the last 24 h\n"
          "workers      none is running: spotter serve\n");
}

TEST_CASE("a pause stands before everything else, with how to end it") {
    std::string shown = overview_for_people(
        R"({"pending":3,"held":3,"reasons":{},"meanings":{},"workers":[],"paused":[
            {"kind":"*","seconds":200000,"by":"ada","reason":"prices go up"},
            {"kind":"training_program","seconds":3,"by":"bob"}]})");
    CHECK(
        shown.starts_with("PAUSED       everything for 2.3 days by ada: prices go up\n"
                          "             Nothing new is begun until: spotter resume\n"
                          "PAUSED       training_program for 3.0 s by bob\n"
                          "             Nothing new is begun until: spotter resume training_program\n"
                          "pending      3 rows, 3 held by a pause\n"));
    CHECK(pauses_for_people("[]").empty());
}

TEST_CASE("a duration is written in the two largest of its units") {
    CHECK(duration(0.4) == "400 ms");
    CHECK(duration(59.94) == "59.9 s");
    CHECK(duration(119.9) == "1 min 59 s");
    CHECK(duration(7200) == "2.0 h");
    CHECK(duration(200000) == "2.3 days");
}

}  // namespace print_test
