// Exercises by a model.

#include <doctest/doctest.h>

#include "base/json.hpp"
#include "e2e/command.hpp"
#include "e2e/conversations.hpp"
#include "e2e/daemon.hpp"
#include "e2e/requests.hpp"
#include "work/kind.hpp"

namespace exercise_model_test {

using namespace spotter;
using namespace spotter::test;

namespace {

constexpr const char* wanted = R"({"type": "term_matching", "difficulty": 2, "topics": ["birds", "colors"]})";

struct Exercises : Stage {
    Requests requests{app};
    /// The builtin's answer, as a model might give it.
    const std::string good = work::find_kind("exercise")->read(wanted).value()->plan();

    std::string ask() { return requests.ask("exercise", wanted); }
};

/// Matches two terms with each other's partner.
std::string mistranslated(const std::string& exercise) {
    json::Document document = json::parse(exercise).value();
    auto& pairs = document["correctPairs"];
    pairs[0]["english"].Swap(pairs[1]["english"]);
    return json::write(document);
}

}  // namespace

TEST_CASE("a model's exercise is in its row and in the cache, and costs whoever asks the same no call") {
    Exercises stage;
    stage.model.always(completion(stage.good));
    Daemon daemon = stage.serve();
    std::string first = stage.ask();
    REQUIRE(stage.requests.end_of(first) == "completed");
    CHECK(stage.requests.of(first, "result ->> 'type'") == "term_matching");
    CHECK(stage.requests.of(first, "generation_metadata ->> 'source'") == "model");
    CHECK(stage.requests.of(first, "generation_calls") == "1");
    CHECK(stage.app.value("select c.exercise_data = r.result and c.expires_at > now() + interval '23 hours' "
                          "from public.exercise_cache c, public.generation_requests r") == "t");

    std::string second = stage.ask();
    REQUIRE(stage.requests.end_of(second) == "completed");
    CHECK(stage.requests.of(second, "generation_metadata ->> 'source'") == "cache");
    CHECK(stage.app.value("select count(distinct result) from public.generation_requests") == "1");
    CHECK(stage.model.requests() == 1);
    CHECK(daemon.stop() == 0);
}

TEST_CASE("an exercise that breaks a rule is asked for again with what it broke, and never stored") {
    Exercises stage;
    stage.model.then(completion(mistranslated(stage.good)));
    stage.model.always(completion(stage.good));
    Daemon daemon = stage.serve();
    std::string row = stage.ask();
    REQUIRE(stage.requests.end_of(row) == "completed");

    CHECK(stage.model.requests() == 2);
    std::string first = user_message(stage.model.request(0).body);
    std::string second = user_message(stage.model.request(1).body);
    CHECK(!has(first, "broke rules"));
    CHECK(second.starts_with(first));
    CHECK(has(second, "broke rules"));
    CHECK(has(second, "/correctPairs/0: "));
    CHECK(has(second, "does not mean"));
    CHECK(has(daemon.log(), "translations_right"));
    CHECK(stage.requests.of(row, "generation_calls") == "2");
    CHECK(stage.requests.of(row, "generation_metadata ->> 'finalComplexity'") == "full");
    json::Document good = json::parse(stage.good).value();
    CHECK(stage.requests.of(row, "result #>> '{correctPairs,0,english}'") ==
          json::text(good["correctPairs"][0], "english"));
    CHECK(daemon.stop() == 0);
}

}  // namespace exercise_model_test
