#include <map>

#include "sql_query_fixture.hpp"
#include "work/sql_query/question.hpp"
#include "work/sql_query/type_name.hpp"

namespace spotter::work::sql {
namespace {

constexpr std::string_view no_tables = R"({"fingerprint":"0","search_path":["public"],"tables":[]})";

/// What is said against the input; empty when it is read.
std::string refusal(std::string_view input, std::string_view schema = no_tables) {
    auto question = read_question(input, schema);
    if (question) return "";
    CHECK(question.error().code == "invalid_input");
    return question.error().message;
}

TEST_CASE("a prompt is read without the blanks around it, whatever is in it") {
    for (std::string prompt : {"x", "Get all users", R"(who | what | "why" | 'how' \ {{schema}} </question>)",
                               "¿Cuántos usuarios hay?", "李さんの注文", "a\nb\tc"}) {
        auto question = read_question(
            fmt::format(R"({{"prompt":{}}})", json::quoted(" \n\t" + prompt + "\r\n ")), no_tables);
        REQUIRE(question.has_value());
        CHECK(question->prompt == prompt);
        CHECK_FALSE(question->schema_version.has_value());
    }
}

TEST_CASE("a prompt may have four thousand characters, of any number of bytes, and no more") {
    std::string letters;
    for (int i = 0; i < 4000; ++i) letters += "ä";
    CHECK(refusal(fmt::format(R"({{"prompt":"{}"}})", letters)) == "");
    std::string told = refusal(fmt::format(R"({{"prompt":"{}x"}})", letters));
    CHECK(told.find("The prompt has 4001 characters. Shorten it to 4000 at the most") == 0);
    CHECK(refusal(fmt::format(R"({{"prompt":"{}"}})", std::string(1024 * 1024, 'x'))).find("1048576") !=
          std::string::npos);
}

TEST_CASE("what is wrong with the input is told to its owner, with what to write instead") {
    const std::map<std::string, std::string> cases = {
        {R"({})", "The input has no prompt."},
        {R"({"prompt":null})", "The input has no prompt."},
        {R"({"prompt":""})", "The prompt is empty."},
        {R"({"prompt":" \n "})", "The prompt is empty."},
        {R"({"prompt":5})", "The prompt is no text."},
        {R"({"prompt":["a"]})", "The prompt is no text."},
        {R"({"prompt":"x","mode":"execute"})", "The mode is unknown."},
        {R"({"prompt":"x","mode":1})", "The mode is unknown."},
        {R"({"prompt":"x","schema_version":1})", "The schema_version is no text."},
        {R"({"prompt":"x","schema_version":"123456789012345678901"})", "The schema_version is too long."},
    };
    for (const auto& [members, told] : cases) {
        CAPTURE(members);
        std::string message = refusal(members);
        CAPTURE(message);
        CHECK(message.starts_with(told));
        CHECK(message.ends_with("then set generation_status to 'pending' again."));
    }
    for (std::string input : {"", "null", "[]", "42", "{", "{\"prompt\":\"a\\u0000b\"}", "\xff"}) {
        CAPTURE(input);
        CHECK(refusal(input) != "");
    }
}

TEST_CASE("who asks for another version of the schema than the database has is told so") {
    constexpr std::string_view second = R"({"version":"v2","search_path":[],"tables":[]})";
    CHECK(
        refusal(R"({"schema_version":"v1","prompt":"x"})", second)
            .starts_with(
                "The schema_version is \"v1\", and the database's is \"v2\". Write \"v2\", or leave it out"));
    for (std::string_view asked : {R"({"schema_version":"v2","prompt":"x"})", R"({"prompt":"x"})"})
        CHECK(read_question(asked, second).value().schema_version == "v2");
}

TEST_CASE("mode and schema_version are optional, and the version is kept") {
    CHECK(refusal(R"({"prompt":"x","mode":"sql_only"})") == "");
    CHECK(refusal(R"({"prompt":"x","mode":null,"schema_version":null})") == "");
    auto question = read_question(R"({"prompt":"x","schema_version":"v1"})", no_tables);
    REQUIRE(question.has_value());
    CHECK(question->schema_version == "v1");
}

TEST_CASE("the schema is read with its columns, labels and keys") {
    auto question = read_question(R"({"prompt":"x"})", fixture::source_file("tests/data/sql_schema.json"));
    REQUIRE(question.has_value());
    const Table* orders = question->schema().find("orders");
    REQUIRE(orders);
    CHECK(orders == question->schema().find("public", "orders"));
    CHECK(orders->primary_key == std::vector<std::string>{"id"});
    CHECK(orders->foreign_keys.at(0).table == "users");
    REQUIRE(orders->column("status"));
    CHECK(orders->column("status")->labels.size() == 5);
    CHECK_FALSE(orders->column("status")->nullable);
    CHECK(orders->column("note")->nullable);
    CHECK(question->schema().find("invoices") == nullptr);
    CHECK(question->schema().find("sales", "invoices") != nullptr);
    CHECK(question->schema().find("Orders") == nullptr);
}

TEST_CASE("a schema in the wrong shape is the service's fault, and the asker is told so") {
    for (
        std::string schema :
        {"null", "[]", R"({"tables":{}})", R"({"tables":[{}]})", R"({"tables":[{"schema":"a","name":""}]})",
         R"({"tables":[{"schema":"a","name":"b","columns":[{"name":"c"}]}]})",
         R"({"tables":[{"schema":"a","name":"b","primary_key":[1]}]})", R"({"search_path":"public"})",
         R"({"overloads":"lower"})", R"({"overloads":[1]})",
         R"({"tables":[{"schema":"a","name":"b","foreign_keys":[{"columns":["c"],"schema":"a","table":"d","references":[]}]}]})"}) {
        CAPTURE(schema);
        std::string told = refusal(R"({"prompt":"x"})", schema);
        CHECK(told.find("the question itself is not at fault") != told.npos);
    }
    CHECK(refusal(R"({"prompt":"x"})", "").find("Tell whoever runs this service") != std::string::npos);
}

TEST_CASE("the names in a type are told from its modifiers") {
    using Parts = std::vector<std::string>;
    CHECK(parts_of_type("integer") == Parts{"integer"});
    CHECK(parts_of_type("numeric(10,2)") == Parts{"numeric"});
    CHECK(parts_of_type("timestamp(3) without time zone") == Parts{"timestamp without time zone"});
    CHECK(parts_of_type("text[]") == Parts{"text"});
    CHECK(parts_of_type("shop.\"Order \"\"State\"\"\"[]") == Parts{"shop", "Order \"State\""});
    CHECK(parts_of_type("") == Parts{""});
    CHECK(parts_of_type("\"open") == Parts{"open"});
    CHECK(parts_of_type("geometry(Point") == Parts{"geometry"});
    CHECK(class_of("timestamp(3) without time zone", false) == ValueClass::time);
    CHECK(class_of("character varying(20)", false) == ValueClass::text);
    CHECK(class_of("text[]", false) == ValueClass::array);
    CHECK(class_of("order_status", true) == ValueClass::choice);
    CHECK(class_of("interval", false) == ValueClass::other);
}

}  // namespace
}  // namespace spotter::work::sql
