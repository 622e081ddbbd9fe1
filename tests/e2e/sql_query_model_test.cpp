// SQL by a model: what passes our rules is proven by the database before it stands.

#include <doctest/doctest.h>

#include "e2e/command.hpp"
#include "e2e/conversations.hpp"
#include "e2e/questions.hpp"

namespace sql_query_model_test {

using namespace spotter;
using namespace spotter::test;

namespace {

const std::string unplannable = "select sum(note) as total from orders";
const std::string plannable = "select count(*) as orders from orders";

}  // namespace

TEST_CASE("SQL that Postgres cannot plan is asked for again in Postgres' own words, and the next may stand") {
    Questions stage;
    stage.model.then(query(unplannable));
    stage.model.always(query(plannable));
    Daemon daemon = stage.serve();
    std::string row = stage.ask("how much is it in all");
    REQUIRE(stage.requests.end_of(row) == "completed");

    CHECK(stage.model.requests() == 2);
    CHECK(!has(user_message(stage.model.request(0).body), "broke rules"));
    std::string again = user_message(stage.model.request(1).body);
    CAPTURE(again);
    CHECK(has(again, "broke rules"));
    CHECK(has(again, "/sql: function sum(text) does not exist"));
    CHECK(has(again, "You might need to add explicit type casts."));
    CHECK(has(daemon.log(), "rules=plan"));

    CHECK(stage.app.value(stage.requests.of(row, "result ->> 'sql'")) == "7");
    CHECK(stage.requests.of(row, "generation_calls") == "2");
    CHECK(stage.requests.of(row, "generation_metadata ->> 'finalComplexity'") == "full");
    CHECK(stage.app.value("select c.generated_sql = r.result ->> 'sql' from public.ai_worker_cache c, "
                          "public.generation_requests r") == "t");
    CHECK(daemon.stop() == 0);
}

TEST_CASE("SQL that Postgres can never plan fails its row with why, and is never cached") {
    Questions stage;
    stage.model.always(query(unplannable));
    Daemon daemon = stage.serve();
    std::string row = stage.ask("how much is it in all");
    REQUIRE(stage.requests.end_of(row) == "failed");
    CHECK(stage.requests.of(row, "generation_error_code") == "no_valid_answer");
    CHECK(has(stage.requests.of(row, "generation_error"), "The last one failed in: plan."));
    CHECK(stage.requests.of(row, "generation_calls") == "6");
    CHECK(stage.app.value("select count(*) from public.ai_worker_cache") == "0");
    CHECK(daemon.stop() == 0);
}

TEST_CASE(
    "a table that the asker may not see is in no prompt, and SQL that reads it all the same is refused") {
    Questions stage;
    stage.app.run("create table public.salaries (employee text, amount_paid numeric)");
    stage.model.always(query("select amount_paid from salaries"));
    Daemon daemon = stage.serve();
    std::string row = stage.ask("what are the salaries");
    REQUIRE(stage.requests.end_of(row) == "failed");
    CHECK(stage.requests.of(row, "generation_error_code") == "no_valid_answer");
    std::string error = stage.requests.of(row, "generation_error");
    CAPTURE(error);
    CHECK(has(error, "known tables"));
    CHECK(!has(stage.model.request(0).body, "amount_paid"));
    CHECK(stage.app.value("select count(*) from public.ai_worker_cache") == "0");
    CHECK(daemon.stop() == 0);
}

}  // namespace sql_query_model_test
