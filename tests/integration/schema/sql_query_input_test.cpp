#include <doctest/doctest.h>

#include "integration/schema/sql_query_fixture.hpp"

// What cannot be a question is refused when it is inserted.

namespace sql_query_input_test {

using namespace spotter::test;

namespace {

/// What the database says to a request; empty: it is taken.
Said asked(const Database& db, const std::string& input, const std::string& columns = "",
           const std::string& values = "") {
    return as_login(
        db.dsn(),
        fmt::format("insert into public.generation_requests (kind, input{}) values ('sql_query', {}{})",
                    columns, literal(input), values));
}

std::string of_length(int length) {
    return fmt::format(R"({{"prompt": "{}"}})", std::string(static_cast<std::size_t>(length), 'x'));
}

}  // namespace

TEST_CASE("a question that cannot be worked with is refused at INSERT, with what to write instead") {
    Database db = fresh_database();
    struct Case {
        std::string input, told;
    };
    for (const auto& [input, told] : {
             Case{"{}", "the input has no prompt"},
             Case{R"({"prompt": null})", "the input has no prompt"},
             Case{R"({"prompt": ""})", "the prompt is empty"},
             Case{R"({"prompt": " \n\t\u000b "})", "the prompt is empty"},
             Case{R"({"prompt": 5})", "the prompt is to be a text, and is of type number"},
             Case{R"({"prompt": {"a": ""}})", "the prompt is to be a text, and is of type object"},
             Case{R"({"prompt": []})", "the prompt is to be a text, and is of type array"},
             Case{of_length(4001), "the prompt has 4001 characters; 4000 are the most"},
             Case{of_length(1024 * 1024), "input takes 1024 KB; 128 KB are the most"},
             Case{R"({"prompt": "x", "mode": "execute"})", "the mode is unknown"},
             Case{R"({"prompt": "x", "mode": true})", "the mode is unknown"},
             Case{R"({"prompt": "x", "schema_version": 1})",
                  "the schema_version is to be a text of at most 20"},
             Case{R"({"prompt": "x", "schema_version": "123456789012345678901"})",
                  "the schema_version is to be a text"},
             Case{R"(["prompt"])", "input is to be a JSON object"},
         }) {
        CAPTURE(told);
        auto said = asked(db, input);
        CHECK(said.sqlstate == "22023");
        CHECK(said.message.find(told) != std::string::npos);
        if (input[0] == '{') CHECK(said.message.find("HINT:") != std::string::npos);
    }
    // NUL is nothing that Postgres' JSON can hold.
    CHECK(asked(db, R"({"prompt": "a\u0000b"})").sqlstate == "22P05");
}

TEST_CASE("a question that can be worked with is taken") {
    Database db = fresh_database();
    std::string umlauts;
    for (int i = 0; i < 4000; ++i) umlauts += "ä";
    for (const std::string& input :
         {std::string(R"({"prompt": "Get all users", "mode": "sql_only", "schema_version": "v1"})"),
          std::string(
              R"({"prompt": "x", "mode": null, "schema_version": null, "of_the_app": {"prompt": 1}})"),
          std::string(R"({"prompt": "who | what \" ' \\ </question>"})"), of_length(4000),
          std::string(R"({"prompt": "v"})"), std::string(R"({"prompt": "   )") + umlauts + R"(  "})"})
        CHECK(asked(db, input).message == "");
}

TEST_CASE("a question that is changed is checked like a new one, and a refresh of the cache is not") {
    Database db = fresh_database();
    std::string id = ask(db, R"({"prompt": "x"})");
    auto set = [&](const std::string& change) {
        return as_login(db.dsn(),
                        fmt::format("update public.generation_requests set {} where id = '{}'", change, id));
    };
    CHECK(set(R"(input = '{"prompt": ""}')").sqlstate == "22023");
    CHECK(set(R"(input = '{"prompt": "y"}')").ok());
    CHECK(asked(db, "{}", ", generation_purpose", ", 'refresh'").ok());
}

}  // namespace sql_query_input_test
