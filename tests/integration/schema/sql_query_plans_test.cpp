#include <doctest/doctest.h>

#include "integration/pipeline/seen_database.hpp"
#include "integration/schema/shop.hpp"
#include "unit/work/sql_query_fixture.hpp"

// That the statements of tests/data are what they are said to be: what a real database can plan for who may
// read it.

namespace sql_query_plans_test {

using namespace spotter::test;
namespace fixture = spotter::work::sql::fixture;

TEST_CASE(
    "every statement that our rules are to accept can be planned for the reader, as asked and as stored") {
    Database db = shop_database();
    SeenDatabase seen(db);
    seen.schema().value();
    auto task = fixture::shop_task();
    auto honest = fixture::entries("sql_honest.txt");
    CHECK(honest.size() > 100);
    for (const auto& entry : honest) {
        CAPTURE(entry.name);
        // Of that one Postgres would not read the limit; it is stored with ours.
        if (entry.name != "larger than any number") CHECK(seen.objection(entry.text) == "");
        auto verdict = fixture::check(*task, entry.text);
        CHECK(fixture::rejections(verdict) == "");
        CHECK(seen.objection(verdict.statement) == "");
    }
}

TEST_CASE("every statement that the builtin answers a question with can be planned for the reader") {
    Database db = shop_database();
    SeenDatabase seen(db);
    seen.schema().value();
    int statements = 0;
    for (const auto& entry : fixture::entries("sql_questions.txt")) {
        if (entry.title == "refused") continue;
        CAPTURE(entry.name);
        CHECK(seen.objection(entry.text) == "");
        ++statements;
    }
    CHECK(statements > 100);
}

}  // namespace sql_query_plans_test
