#include "work/sql_query/statement.hpp"

#include <doctest/doctest.h>

#include "work/sql_query/limits.hpp"
#include "work/sql_query/row_limit.hpp"

namespace spotter::work::sql {
namespace {

/// The statement as it is stored, or what is said against it.
std::string stored(const std::string& sql) {
    auto statement = Statement::parse(sql);
    if (!statement) return statement.error().message;
    auto plain = statement->rewritten();
    if (!plain) return plain.error().message;
    auto limited = with_row_limit(*plain);
    return limited ? limited->text() : limited.error().message;
}

TEST_CASE("a statement without a limit gets one, and keeps its order") {
    CHECK(stored("select * from users") == "SELECT * FROM users LIMIT 1000");
    CHECK(stored("select id from users order by name desc") ==
          "SELECT id FROM users ORDER BY name DESC LIMIT 1000");
    CHECK(stored("select 1 union select 2 order by 1") == "SELECT 1 UNION SELECT 2 ORDER BY 1 LIMIT 1000");
    CHECK(stored("values (1), (2)") == "VALUES (1), (2) LIMIT 1000");
    CHECK(stored("table users") == "SELECT * FROM users LIMIT 1000");
    CHECK(stored("select id from users offset 5") == "SELECT id FROM users LIMIT 1000 OFFSET 5");
    CHECK(stored("with a as (select 1 limit 5) select * from a") ==
          "WITH a AS (SELECT 1 LIMIT 5) SELECT * FROM a LIMIT 1000");
}

TEST_CASE("a low limit is kept, and a high one is lowered") {
    CHECK(stored("select 1 limit 0") == "SELECT 1 LIMIT 0");
    CHECK(stored("select 1 limit 1000") == "SELECT 1 LIMIT 1000");
    CHECK(stored("select 1 fetch first 7 rows only") == "SELECT 1 LIMIT 7");
    CHECK(stored("select 1 fetch next row only") == "SELECT 1 LIMIT 1");
    for (std::string limit :
         {"1001", "999999999", "99999999999999999999999", "1e9", "all", "null", "-1", "- 1"})
        CHECK(stored("select id from users limit " + limit + " offset 3") ==
              "SELECT id FROM users LIMIT 1000 OFFSET 3");
}

TEST_CASE("a limit that is no number is kept inside of one that is") {
    CHECK(stored("select id from users order by id limit 5 * 1000") ==
          "SELECT * FROM (SELECT id FROM users ORDER BY id LIMIT (5 * 1000)) answer LIMIT 1000");
    CHECK(stored("select id from users order by id fetch first 5000 rows with ties") ==
          "SELECT * FROM (SELECT id FROM users ORDER BY id FETCH FIRST 5000 ROWS WITH TIES) answer LIMIT "
          "1000");
    CHECK(stored("select 1 limit '5000'") == "SELECT * FROM (SELECT 1 LIMIT '5000') answer LIMIT 1000");
    CHECK(stored("select 1 limit (select 5000)") ==
          "SELECT * FROM (SELECT 1 LIMIT (SELECT 5000)) answer LIMIT 1000");
}

TEST_CASE("what is stored holds no comment, no semicolon and no other spelling") {
    CHECK(stored("-- first\nselect /* second */ 1 -- third\n;; -- fourth") == "SELECT 1 LIMIT 1000");
    CHECK(stored("select $q$it's$q$, U&'d\\0061t', 'a\\b', E'a\\\\b'") ==
          "SELECT 'it''s', 'dat', E'a\\\\b', E'a\\\\b' LIMIT 1000");
    CHECK(stored("select U&\"\\0069d\" from \"users\"") == "SELECT id FROM users LIMIT 1000");
    CHECK(stored("SELECT\n\tID\r\nFROM Users") == "SELECT id FROM users LIMIT 1000");
}

TEST_CASE("numbers below zero survive, although the tree leaves them out") {
    for (std::string number : {"-1", "-7", "- 7", "-2147483648", "-9223372036854775808"})
        CHECK(stored("select " + number) != stored("select 0"));
    CHECK(stored("select -5 offset -3") == "SELECT -5 LIMIT 1000 OFFSET -3");
    CHECK(stored("select (-5)::text") != stored("select -5::text"));
    auto statement = Statement::parse("select -12");
    REQUIRE(statement.has_value());
    const json::Value& target = (*statement->select())["targetList"][0]["ResTarget"]["val"];
    CHECK(statement->whole_number(target) == -12);
}

TEST_CASE("a statement is refused by its length and its depth before anything walks it") {
    std::string long_one = "select '" + std::string(longest_statement, 'x') + "'";
    CHECK(stored(long_one).find("longer than 20000 bytes") != std::string::npos);
    std::string deep_one = "select 1";
    for (int i = 0; i < deepest_tree; ++i) deep_one += "+1";
    CHECK(stored(deep_one).find("nested too deeply") != std::string::npos);
    CHECK(stored(std::string("select 1\0; drop table x", 22)).find("NUL") != std::string::npos);
}

TEST_CASE("what Postgres' parser says is passed on with its place") {
    auto statement = Statement::parse("select from where");
    REQUIRE(statement.has_error());
    CHECK(statement.error().code == "syntax");
    CHECK(statement.error().message == "Postgres says: syntax error at or near \"where\", at character 13");
}

TEST_CASE("only a lone SELECT counts as one") {
    for (std::string sql : {"", ";", "-- x", "select 1; select 2", "delete from users", "explain select 1"}) {
        auto statement = Statement::parse(sql);
        REQUIRE(statement.has_value());
        CHECK(statement->select() == nullptr);
    }
}

}  // namespace
}  // namespace spotter::work::sql
