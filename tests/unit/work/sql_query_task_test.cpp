#include <random>

#include "base/assets.hpp"
#include "sql_query_fixture.hpp"
#include "work/answer_schema.hpp"

namespace spotter::work::sql {
namespace {

using namespace fixture;

/// The rule of the first violation that rejects, or "valid".
std::string judged(std::string_view answer) {
    Verdict verdict = shop_task()->check(Tier::full, answer, stamp);
    for (const Violation& violation : verdict.violations)
        if (violation.severity == Violation::Severity::reject) return violation.rule;
    return "valid";
}

TEST_CASE("the kind is found by its name and asks for the schema") {
    const Kind* kind = find_kind("sql_query");
    REQUIRE(kind);
    CHECK(kind->wants_schema());
    CHECK_FALSE(kind->version.empty());
    auto refused = kind->read_with_schema("{}", R"({"tables":[]})");
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == "invalid_input");
}

TEST_CASE("a valid answer is stored under its documented names, with the statement that is to be planned") {
    auto task = task_of(
        {R"({"prompt":"Get all users","schema_version":"v1"})", source_file("tests/data/sql_schema.json")});
    Verdict verdict =
        task->check(Tier::basic, R"({"sql":"SELECT * FROM users;","explanation":" All \"users\". "})", stamp);
    REQUIRE(verdict.valid());
    CHECK(verdict.statement == "SELECT * FROM users LIMIT 1000");
    auto content = json::parse(verdict.content);
    REQUIRE(content.has_value());
    CHECK(content->MemberCount() == 4);
    CHECK(json::text(*content, "sql") == verdict.statement);
    CHECK(json::boolean(*content, "validated") == true);
    CHECK(json::text(*content, "schema_version") == "v1");
    CHECK(json::text(*content, "explanation") == "All \"users\".");
    CHECK(json::parse(verdict.columns)->ObjectEmpty());
}

TEST_CASE("what is not known is null in the content") {
    for (std::string answer :
         {R"({"sql":"select 1","explanation":null})", R"({"sql":"select 1","explanation":"  "})",
          R"({"sql":"select 1","more":5})"}) {
        Verdict verdict = shop_task()->check(Tier::full, answer, stamp);
        REQUIRE(verdict.valid());
        auto content = json::parse(verdict.content);
        CHECK((*content)["explanation"].IsNull());
        CHECK((*content)["schema_version"].IsNull());
    }
}

TEST_CASE("a long explanation is cut") {
    Verdict verdict = shop_task()->check(Tier::full, write_answer("select 1", std::string(5000, 'x')), stamp);
    REQUIRE(verdict.valid());
    CHECK(verdict.content.size() < 1200);
}

TEST_CASE("an answer without a statement tells the asker why") {
    Verdict verdict =
        shop_task()->check(Tier::full, R"({"sql":" ","explanation":"No table holds the weather."})", stamp);
    CHECK(rejections(verdict) == "/sql cannot_answer: No table holds the weather.\n");
    verdict = shop_task()->check(Tier::full, R"({"sql":"","explanation":null})", stamp);
    CHECK(rejections(verdict) ==
          "/sql cannot_answer: The question cannot be answered from the tables that you may read.\n");
}

TEST_CASE("an answer that is no answer is rejected, never thrown at") {
    for (std::string answer : {"", "null", "[]", "42", "\"select 1\"", "{}", "{\"sql\":5}", "{\"sql\":null}",
                               "{\"sql\":\"select 1\",\"explanation\":5}", "{\"sql\":", "\xff", "select 1"}) {
        CAPTURE(answer);
        CHECK(judged(answer) != "valid");
    }
    CHECK(judged(std::string(100'000, '[')) == "json");
    CHECK(judged(R"({"sql":"select 'a\u0000b'"})") == "json");
    CHECK(judged(std::string(5'000'000, 'x')) == "bounds");
}

TEST_CASE("a statement damaged at random is judged and never throws, and what passes is stored safely") {
    const unsigned seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    auto at_most = [&](std::size_t most) { return random() % (most + 1); };
    auto task = shop_task();
    auto honest = entries("sql_honest.txt");
    auto attacks = entries("sql_attacks.txt");
    for (int i = 0; i < 500; ++i) {
        std::string sql = honest[at_most(honest.size() - 1)].text;
        const std::string& other = attacks[at_most(attacks.size() - 1)].text;
        for (std::size_t hits = at_most(2); hits-- > 0 && !sql.empty();) {
            std::size_t at = at_most(sql.size() - 1);
            switch (at_most(3)) {
                case 0:
                    sql[at] = static_cast<char>(1 + at_most(126));
                    break;
                case 1:
                    sql.erase(at, at_most(20));
                    break;
                case 2:
                    sql.insert(at, other, at_most(other.size() - 1), at_most(60));
                    break;
                default:
                    sql.resize(at + 1);
                    break;
            }
        }
        CAPTURE(sql);
        Verdict verdict = check(*task, sql);
        CHECK(verdict.valid() == !verdict.statement.empty());
        if (verdict.valid()) CHECK(check(*task, verdict.statement).statement == verdict.statement);
    }
}

TEST_CASE("the schema of the answer keeps to what every provider's strict mode takes") {
    auto schema = json::parse(assets::read("lib/work/sql_query/output.schema.json"));
    REQUIRE(schema.has_value());
    CHECK(json::boolean(*schema, "additionalProperties") == false);
    CHECK((*schema)["required"].Size() == (*schema)["properties"].MemberCount());
    std::string text = json::write(*schema);
    for (std::string_view keyword : {"minLength", "maxLength", "pattern", "format", "$ref", "oneOf"})
        CHECK(text.find(fmt::format("\"{}\"", keyword)) == std::string::npos);
}

}  // namespace
}  // namespace spotter::work::sql
