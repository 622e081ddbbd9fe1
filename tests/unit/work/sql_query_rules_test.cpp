#include <map>
#include <set>

#include "base/assets.hpp"
#include "sql_query_fixture.hpp"
#include "work/sql_query/limits.hpp"
#include "work/sql_query/names.hpp"
#include "work/sql_query/statement.hpp"
#include "work/sql_query/tree.hpp"

namespace spotter::work::sql {
namespace {

using namespace fixture;

bool rejects_by(const Verdict& verdict, const std::string& rule) {
    for (const Violation& violation : verdict.violations)
        if (violation.severity == Violation::Severity::reject && violation.rule == rule) return true;
    return false;
}

TEST_CASE("every attack is refused by the rule that is named for it, at every tier") {
    auto task = shop_task();
    auto attacks = entries("sql_attacks.txt");
    CHECK(attacks.size() >= 200);
    for (const Entry& attack : attacks)
        for (Tier tier : tiers) {
            CAPTURE(attack.name);
            CAPTURE(attack.text);
            Verdict verdict = check(*task, attack.text, tier);
            CAPTURE(rejections(verdict));
            CHECK_FALSE(verdict.valid());
            CHECK(rejects_by(verdict, attack.title));
            CHECK(verdict.content.empty());
            CHECK(verdict.statement.empty());
        }
}

TEST_CASE("every honest statement is accepted, at every tier") {
    auto task = shop_task();
    auto statements = entries("sql_honest.txt");
    CHECK(statements.size() >= 100);
    for (const Entry& honest : statements)
        for (Tier tier : tiers) {
            CAPTURE(honest.name);
            CAPTURE(honest.text);
            Verdict verdict = check(*task, honest.text, tier);
            CHECK(rejections(verdict) == "");
            CHECK_FALSE(verdict.statement.empty());
        }
}

/// The number in the LIMIT of the outermost SELECT; -1 when there is none, or when it lets ties through.
long long limit_of(const Statement& statement) {
    const json::Value* limit = json::find(*statement.select(), "limitCount");
    bool ties = json::text(*statement.select(), "limitOption") == "LIMIT_OPTION_WITH_TIES";
    return limit && !ties ? statement.whole_number(*limit).value_or(-1) : -1;
}

TEST_CASE("what is stored ends with a limit of a thousand rows at most, and is accepted again as it is") {
    auto task = shop_task();
    for (const Entry& honest : entries("sql_honest.txt")) {
        CAPTURE(honest.name);
        const std::string stored = check(*task, honest.text).statement;
        CAPTURE(stored);
        auto statement = Statement::parse(stored);
        REQUIRE(statement.has_value());
        CHECK(limit_of(*statement) >= 0);
        CHECK(limit_of(*statement) <= most_rows);
        CHECK(check(*task, stored).statement == stored);
    }
}

TEST_CASE("every rule has an attack, and every attack's rule exists") {
    std::set<std::string> attacked, known{"parses"};
    for (const Entry& attack : entries("sql_attacks.txt")) attacked.insert(attack.title);
    // The table of rules, as it stands in the source.
    std::istringstream source(source_file("lib/work/sql_query/rules.cpp"));
    for (std::string line; std::getline(source, line);)
        for (auto at = line.find("{\""); at != line.npos; at = line.find("{\"", at + 1))
            known.insert(line.substr(at + 2, line.find('"', at + 2) - at - 2));
    CHECK(attacked == known);
}

TEST_CASE("a statement of any depth and length is judged, and ends nobody's stack") {
    auto task = shop_task();
    auto repeated = [](std::string_view text, std::size_t count) {
        std::string out;
        for (std::size_t i = 0; i < count; ++i) out += text;
        return out;
    };
    auto nested = [&](std::string_view open, std::string_view middle, std::string_view close,
                      std::size_t count) {
        return repeated(open, count) + std::string(middle) + repeated(close, count);
    };
    for (std::size_t count : {50, 500, 9'000, 100'000}) {
        CAPTURE(count);
        for (const std::string& sql :
             {"select 1" + repeated("+1", count),
              "select " + repeated("-", count) + "1",
              "select " + repeated("not ", count) + "true",
              "select " + nested("(", "1", ")", count),
              "select " + nested("(select ", "1", ")", count),
              nested("(", "select 1", ")", count),
              "select 1" + repeated(" union select 1", count),
              "select 1" + repeated("::int", count),
              "select " + nested("case when ", "true", " then true end", count),
              "select " + nested("array[", "1", "]", count),
              "select " + nested("lower(", "'a'", ")", count),
              "select id from users" + repeated(" natural join orders", count),
              "select tags" + repeated("[1]", count) + " from users",
              nested("select * from (", "select 1", ") q", count),
              nested("with a as (", "select 1", ") select * from a", count),
              "select 1" + repeated(" isnull", count),
              "select 1" + repeated(" collate \"C\"", count),
              nested("select q.*, q.* from (", "select 1 as a", ") q", count),
              nested("select a || a as a from (", "select '' as a", ") q", count),
              "select 1 from users" + repeated(" join users on true", count),
              "select " + nested("replace(", "'a'", ",'a','bbbbbbbb')", count),
              "select " + repeated("(", count) + "1" + repeated(" between symmetric 1 and 2)::int", count),
              "select 1 -- " + repeated("x", count),
              "select 1 " + nested("/*", "", "*/", count),
              "values (1)" + repeated(",(1)", count),
              "select 1 in (" + repeated("1,", count) + "1)"}) {
            Verdict verdict = check(*task, sql);
            CHECK(verdict.valid() == !verdict.statement.empty());
            if (sql.size() > longest_statement) CHECK_FALSE(verdict.valid());
        }
    }
}

TEST_CASE("honest depth is no reason to refuse") {
    auto task = shop_task();
    std::string sum = "select id", in = "select id from users where id is not null", text = "select name";
    for (int i = 0; i < 100; ++i) sum += " + total", text += " || ' '";
    for (int i = 0; i < 12; ++i) in = "select id from users where id in (" + in + ")";
    CHECK(rejections(check(*task, sum + " from orders")) == "");
    CHECK(rejections(check(*task, text + " from users")) == "");
    CHECK(rejections(check(*task, in)) == "");
}

TEST_CASE("no honest statement is near the bounds of what a planner is given") {
    auto document = json::parse(source_file("tests/data/sql_schema.json"));
    const Schema schema = Schema::read(*document).value();
    auto statements = entries("sql_honest.txt");
    for (Entry& question : entries("sql_questions.txt"))
        if (question.title != "refused") statements.push_back(question);
    double heaviest = 0, longest = 0;
    for (const Entry& honest : statements) {
        CAPTURE(honest.name);
        auto statement = Statement::parse(honest.text);
        REQUIRE(statement.has_value());
        auto names = resolve(*statement->select(), schema);
        CHECK(names.heaviest > 0);
        CHECK(names.heaviest < heaviest_query / 4);
        CHECK(names.longest < longest_value / 10);
        heaviest = std::max(heaviest, names.heaviest);
        longest = std::max(longest, names.longest);
    }
    MESSAGE("the most: " << heaviest << " nodes, " << longest << " bytes");
}

TEST_CASE("a name that the app has a function or operator of as well is used with Postgres' schema alone") {
    const std::string members =
        R"("search_path":["public"],"tables":[{"schema":"public","name":"t","kind":"table","columns":[)"
        R"({"name":"id","type":"integer"},{"name":"name","type":"text"}]}])";
    auto plain = task_of(input("x", "{" + members + "}"));
    auto told = task_of(input("x", "{" + members + R"(,"overloads":["lower","+","=",">=","~","count"]})"));
    const std::map<std::string, std::string> refused = {
        {"select lower(name) from t", "accepted_functions"},
        {"select count(*) from t", "accepted_functions"},
        {"select 1 from lower('a') as l", "accepted_functions"},
        {"select id + 1 from t", "accepted_operators"},
        {"select +id from t", "accepted_operators"},
        {"select name from t where id in (1, 2)", "accepted_operators"},
        {"select name from t where id in (select 1)", "accepted_operators"},
        {"select name from t where id between 1 and 2", "accepted_operators"},
        {"select name from t where name ~ any (array['a'])", "accepted_operators"},
        {"select nullif(id, 1) from t", "accepted_operators"},
        {"select case id when 1 then 2 end from t", "accepted_operators"},
        {"select a.name from t a join t b using (id)", "accepted_operators"},
        {"select 1 from t a natural join t b", "accepted_operators"}};
    for (const auto& [sql, rule] : refused) {
        CAPTURE(sql);
        CHECK(rejections(check(*plain, sql)) == "");
        CHECK(rejects_by(check(*told, sql), rule));
    }
    for (const char* sql : {"select pg_catalog.lower(name) from t", "select upper(name) from t",
                            "select id operator(pg_catalog.+) 1 from t", "select id - 1 from t",
                            "select case when id > 1 then 2 end from t order by id"}) {
        CAPTURE(sql);
        CHECK(rejections(check(*told, sql)) == "");
    }
    CHECK(rejections(check(*told, "select lower(name) from t")).find("Write pg_catalog.lower.") !=
          std::string::npos);
}

TEST_CASE("a path of a table's may be a pattern, and is not compared with") {
    auto task = task_of(input("x", R"({"search_path":["public"],"tables":[{"schema":"public","name":"t",)"
                                   R"("columns":[{"name":"path","type":"jsonpath"},)"
                                   R"({"name":"data","type":"jsonb"}]}]})"));
    CHECK(rejects_by(check(*task, "select data @@ path from t"), "bounded_paths"));
    CHECK(rejects_by(check(*task, "select data @? path from t"), "bounded_paths"));
    CHECK(rejections(check(*task, "select data @@ '$.a > 1' from t")) == "");
}

TEST_CASE("a refusal tells what to write instead") {
    auto task = shop_task();
    const std::map<std::string, std::string> cases = {
        {"select * from \"Users\"", "Write users."},
        {"select * from invoices", "Write sales.invoices."},
        {"select * from \"customer notes\"", "Write \"Customer Notes\"."},
        {"select o.price from orders o", "It has id, user_id, status, total, note"},
        {"select n.body from \"Customer Notes\" n",
         "\"noteId\", \"customerId\", \"order\", \"select\", \"Body text\""},
        {"selec 1", "syntax error at or near \"selec\", at character 1"},
        {"select 'ä' from", "at character 16"},
        {"select pg_sleep(1)", "The function pg_sleep may not be called."},
        {"select auth.uid()", "The function auth.uid may not be called."},
        {"select 'a'::regclass", "Nothing may be cast to the type regclass."},
        {"select tag.tag from users, unnest(tags) as tag", "AS tag(…)"},
        {"drop table users", "The statement is no SELECT but a DropStmt."},
        {"with recursive t as (select 1 as n union all select n + 1 from t) select n from t",
         "WHERE t.depth < 20 (at most 100)"},
    };
    for (const auto& [sql, told] : cases) {
        CAPTURE(sql);
        const std::string said = rejections(check(*task, sql));
        CAPTURE(said);
        CHECK(said.find(told) != said.npos);
        CHECK(said.starts_with("/sql "));
    }
}

TEST_CASE("a statement with thousands of faults is reported by a hundred at most") {
    std::string sql = "select 1";
    for (int i = 0; i < 1500; ++i) sql += ", xmin";
    auto verdict = check(*shop_task(), sql + " from users");
    CHECK_FALSE(verdict.valid());
    CHECK(verdict.violations.size() <= 100);
}

TEST_CASE("a schema that is not on the search path, or that nobody sees, is not read by a bare name") {
    const std::string table = R"("kind":"table","columns":[{"name":"id","type":"integer"}])";
    auto task = task_of(input("x", R"({"search_path":["first","second"],"tables":[)"
                                   R"({"schema":"second","name":"things",)" +
                                       table + R"(},{"schema":"first","name":"things",)" + table +
                                       R"(},{"schema":"third","name":"others",)" + table +
                                       R"(},{"schema":"second","name":"pg_mine",)" + table +
                                       R"(},{"schema":"spotter","name":"worker",)" + table +
                                       R"(},{"schema":"pg_catalog","name":"pg_class",)" + table + "}]}"));
    CHECK(check(*task, "select id from things").valid());
    CHECK(check(*task, "select id from third.others").valid());
    CHECK(check(*task, "select id from second.pg_mine").valid());
    CHECK(rejects_by(check(*task, "select id from others"), "known_tables"));
    CHECK(rejects_by(check(*task, "select id from pg_mine"), "no_catalogue"));
    CHECK(rejects_by(check(*task, "select id from spotter.worker"), "no_catalogue"));
    CHECK(rejects_by(check(*task, "select id from pg_catalog.pg_class"), "no_catalogue"));
}

TEST_CASE("without any table only what reads none is accepted") {
    auto task = task_of(input("x", R"({"search_path":["public"],"tables":[]})"));
    CHECK(check(*task, "select 1 + 1 as two").valid());
    CHECK(rejects_by(check(*task, "select * from users"), "known_tables"));
}

}  // namespace
}  // namespace spotter::work::sql
