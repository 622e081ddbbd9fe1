#include "work/sql_query/planner.hpp"

#include "property.hpp"
#include "sql_query_fixture.hpp"
#include "sql_query_schemas.hpp"
#include "work/sql_query/planner/time_span.hpp"
#include "work/sql_query/planner/token.hpp"

namespace spotter::work::sql {
namespace {

using namespace fixture;

/// The statement as it is stored, or what the asker is told.
std::string answered(const Task& task) {
    Verdict verdict = task.check(Tier::full, task.plan(), stamp);
    return verdict.valid() ? verdict.statement : rejections(verdict);
}

/// What an answer may be rejected for: nothing, or that there is none.
void check_sound(const Task& task) {
    const std::string answer = answered(task);
    bool refused = answer.starts_with("/sql cannot_answer: ");
    CHECK_MESSAGE((refused || answer.starts_with("SELECT ")), answer);
}

TEST_CASE("the common forms of question are answered, and what is not understood is not guessed at") {
    for (const Entry& entry : entries("sql_questions.txt")) {
        CAPTURE(entry.name);
        const std::string answer = answered(*shop_task(entry.name));
        if (entry.title == "refused") {
            CHECK(answer.starts_with("/sql cannot_answer: "));
            CHECK_MESSAGE(answer.find(entry.text) != answer.npos, answer);
        } else {
            CHECK(answer == entry.text);
        }
    }
}

TEST_CASE("every question of the known forms about plain names is answered, by a statement that passes") {
    const unsigned seed = property_seed();
    const int runs = property_runs();
    MESSAGE("seed " << seed << ", " << runs << " schemas");
    for (int run = 0; run < runs; ++run) {
        RandomSchema schema(seed + static_cast<unsigned>(run), Naming::plain);
        const std::string question = schema.question();
        CAPTURE(seed);
        CAPTURE(run);
        CAPTURE(question);
        const std::string answer = answered(*task_of(input(question, schema.json())));
        CHECK_MESSAGE(answer.starts_with("SELECT "), answer);
    }
}

TEST_CASE("a word behind a column that is one thing, though it ends like several, is its value") {
    const std::string schema =
        R"({"search_path":["public"],"tables":[{"schema":"public","name":"parcels",)"
        R"("columns":[{"name":"status","type":"text"},{"name":"address","type":"text"}]}]})";
    CHECK(answered(*task_of(input("parcels with status sent", schema))) ==
          "SELECT * FROM parcels WHERE parcels.status ILIKE 'sent' LIMIT 1000");
}

TEST_CASE("no name and no question makes the planner write what is refused") {
    const unsigned seed = property_seed();
    const int runs = property_runs();
    MESSAGE("seed " << seed << ", " << runs << " schemas");
    for (int run = 0; run < runs; ++run) {
        RandomSchema schema(seed + static_cast<unsigned>(run), Naming::wild);
        for (const std::string& question : {schema.question(), schema.gibberish()}) {
            CAPTURE(seed);
            CAPTURE(run);
            CAPTURE(question);
            check_sound(*task_of(input(question, schema.json())));
        }
    }
}

TEST_CASE("the same question gives the same answer, byte for byte") {
    RandomSchema schema(7, Naming::wild);
    const std::string tables = schema.json();
    for (int i = 0; i < 20; ++i) {
        const std::string question = schema.question();
        CHECK(task_of(input(question, tables))->plan() == task_of(input(question, tables))->plan());
    }
}

TEST_CASE("texts are put into a statement as texts, whatever they are") {
    for (std::string text :
         {"'; drop table users; --", "\\'; drop table users; --", "%_\\", "$1", "{{x}}", "\"", "é"}) {
        const std::string question = "users where name is “" + text + "”";
        CAPTURE(question);
        Verdict verdict = shop_task(question)->check(Tier::full, shop_task(question)->plan(), stamp);
        CHECK(rejections(verdict) == "");
        CHECK(verdict.statement.starts_with("SELECT * FROM users WHERE users.name ILIKE "));
    }
}

TEST_CASE("a table that is linked in several ways is joined by the key that is named, or not at all") {
    const std::string schema =
        R"({"search_path":["public"],"tables":[{"schema":"public","name":"people","columns":[)"
        R"({"name":"id","type":"integer"},{"name":"name","type":"text"}],"primary_key":["id"]},)"
        R"({"schema":"public","name":"tasks","columns":[{"name":"id","type":"integer"},)"
        R"({"name":"author_id","type":"integer"},{"name":"assignee_id","type":"integer"}],"primary_key":["id"],)"
        R"("foreign_keys":[{"columns":["author_id"],"schema":"public","table":"people","references":["id"]},)"
        R"({"columns":["assignee_id"],"schema":"public","table":"people","references":["id"]}]}]})";
    CHECK(answered(*task_of(input("tasks of people named Ana", schema)))
              .find("tasks is linked to people in several ways. Say whether you mean author_id or "
                    "assignee_id.") != std::string::npos);
    CHECK(answered(*task_of(input("number of tasks per assignee", schema))) ==
          "SELECT people.id, people.name, count(*) AS count FROM tasks JOIN people ON people.id = "
          "tasks.assignee_id "
          "GROUP BY people.id, people.name ORDER BY count(*) DESC NULLS LAST LIMIT 1000");
}

TEST_CASE("of a table that may be read in part the columns are named") {
    const std::string schema =
        R"({"search_path":["public"],"tables":[{"schema":"public","name":"people","partial":true,"columns":[)"
        R"({"name":"id","type":"integer"},{"name":"name","type":"text"}],"primary_key":["id"]}]})";
    CHECK(answered(*task_of(input("list people", schema))) ==
          "SELECT people.id, people.name FROM people LIMIT 1000");
    CHECK(task_of(input("list people", schema))->prompt(Tier::full).user.find("* is refused") !=
          std::string::npos);
}

TEST_CASE("without tables, and with too many words, the asker is told so") {
    CHECK(answered(*task_of(input("list users", R"({"tables":[]})"))) ==
          "/sql cannot_answer: There are no tables that may be read here: "
          "an operator grants some to the role of sql.role.\n");
    std::string question = "users";
    for (int i = 0; i < 100; ++i) question += " and users";
    CHECK(answered(*shop_task(question)).find("more than 80 words") != std::string::npos);
    check_sound(*shop_task(std::string(4000, 'x')));
    check_sound(*shop_task(std::string(4000, '\'')));
}

TEST_CASE("a note tells how that was taken which could be meant otherwise") {
    auto explained = [](std::string_view question) {
        auto plan = json::parse(shop_task(question)->plan());
        return std::string(json::text(*plan, "explanation").value_or(""));
    };
    CHECK(explained("orders last month") == "The time is that of placed_at of orders.");
    CHECK(explained("orders over 100") == "The number is total of orders.");
    CHECK(explained("users named Ana") == "\"Ana\" may stand anywhere in name of users.");
    CHECK(explained("list users") == "");
}

TEST_CASE("words, texts, numbers and dates are told apart") {
    using planner::Token;
    auto kinds = [](std::string_view text) {
        std::string out;
        for (const Token& token : planner::tokens_of(text))
            out += fmt::format("{}{} ", "wqnd"[token.kind], token.said);
        return out;
    };
    CHECK(kinds("users' orders, O'Brien's \"big one\"") == "wusers worders w, wO'Brien qbig one ");
    CHECK(kinds("over $1,200.50 or 3k") == "wover n1200.50 wor n3000 ");
    CHECK(kinds("2024-02-29 2024-02-30 2024 1,2") == "d2024-02-29 w2024-02-30 n2024 n1 w, n2 ");
    CHECK(kinds("b2b 3rd ana@example.com @example.com sign-up AB-12") ==
          "wb2b w3rd wana@example.com w@example.com wsign wup wAB-12 ");
    CHECK(kinds("¿Cuántos “años”? don’t") == "wCuántos qaños wdon wt ");
    CHECK(kinds("created_at >= 5") == "wcreated_at w>= n5 ");
    CHECK(kinds(" \n\t ") == "");
}

TEST_CASE("stretches of time are read with both their ends") {
    auto span = [](std::string_view text) {
        planner::Cursor in(planner::tokens_of(text));
        auto read = planner::read_time_span(in);
        return read && in.at_end() ? read->from + " .. " + read->to : "none";
    };
    CHECK(span("since 2024-02-28") == "date '2024-02-28' .. ");
    CHECK(span("after 2024") == "date '2025-01-01' .. ");
    CHECK(span("until December 2024") == " .. date '2025-01-01'");
    CHECK(span("before March 5, 2024") == " .. date '2024-03-05'");
    CHECK(span("on February 29, 2024") == "date '2024-02-29' .. date '2024-03-01'");
    CHECK(span("in the last 2 weeks") == "now() - interval '2 weeks' .. now()");
    CHECK(span("last quarter") ==
          "date_trunc('quarter', now()) - interval '3 months' .. date_trunc('quarter', now())");
    CHECK(span("next month") == "now() .. now() + interval '1 month'");
    CHECK(span("in December") ==
          "date_trunc('year', now()) + interval '11 months' .. date_trunc('year', now()) + interval '12 "
          "months'");
    for (std::string_view text :
         {"2024", "last", "5 days", "since", "between 2024", "February 30, 2024", "last 99999 days"})
        CHECK(span(text) == "none");
}

}  // namespace
}  // namespace spotter::work::sql
