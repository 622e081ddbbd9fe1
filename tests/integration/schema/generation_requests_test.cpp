#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cctype>

#include "support/sql.hpp"
#include "work/training_program/profile.hpp"

// What users may do with public.generation_requests, and what it does not take from anybody.

namespace generation_requests_test {

using namespace spotter::test;
namespace training = spotter::work::training;

namespace {

const std::string insufficient_privilege = "42501";
const std::string invalid_parameter_value = "22023";
const std::string unique_violation = "23505";

constexpr const char* kind = "training_program";

struct App {
    Database db = fresh_database();
    std::string ada = new_user(db);
    std::string bob = new_user(db);

    Said as_ada(const std::string& statement) const { return as_role(db, "authenticated", ada, statement); }
    std::string request(const std::string& user, const std::string& status = "pending") const {
        return value(db,
                     fmt::format("insert into public.generation_requests (user_id, kind, generation_status) "
                                 "values ('{}', '{}', '{}') returning id",
                                 user, kind, status));
    }
    Said ada_sets(const std::string& id, const std::string& change) const {
        return as_ada(fmt::format("update public.generation_requests set {} where id = '{}'", change, id));
    }
    Said ada_inserts(const std::string& columns, const std::string& values) const {
        return as_ada(
            fmt::format("insert into public.generation_requests (user_id, kind, {}) values ('{}', '{}', {})",
                        columns, ada, kind, values));
    }
};

bool says(const Said& said, const std::string& part) {
    return said.message.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a user asks, reads the request, and sees nobody else's") {
    App app;
    CHECK(app.as_ada("select public.request_generation('training_program', '{}')").ok());
    app.request(app.bob);
    auto seen = app.as_ada("select user_id, generation_status from public.generation_requests");
    REQUIRE(seen.rows.size() == 1);
    CHECK(seen.rows[0][0].as<std::string>() == app.ada);
    CHECK(seen.rows[0][1].as<std::string>() == "pending");
    CHECK(as_role(app.db, "anon", app.ada, "select from public.generation_requests").sqlstate ==
          insufficient_privilege);
}

TEST_CASE("nobody asks for another user, or reads, changes or deletes what is another's") {
    App app;
    std::string his = app.request(app.bob);
    CHECK(app.as_ada(fmt::format("select public.request_generation('{}', '{{}}', null, '{}')", kind, app.bob))
              .sqlstate == insufficient_privilege);
    CHECK(app.ada_sets(his, "input = '{\"a\": 1}'").rows.affected_rows() == 0);
    CHECK(app.as_ada("delete from public.generation_requests").rows.affected_rows() == 0);
    CHECK(value(app.db, "select count(*) from public.generation_requests") == "1");
}

TEST_CASE("a kind that is not known is refused with those that are") {
    App app;
    auto said = app.as_ada("select public.request_generation('training_programme', '{}')");
    CHECK(said.sqlstate == invalid_parameter_value);
    CHECK(says(said, "there is no kind \"training_programme\""));
    CHECK(says(said, "training_program"));
}

TEST_CASE("an input that is no object, or too large, is refused, and so is a result") {
    App app;
    for (std::string input : {"'[]'", "'1'", "'null'", "'\"text\"'"}) {
        CAPTURE(input);
        auto said = app.ada_inserts("input", input);
        CHECK(said.sqlstate == invalid_parameter_value);
        CHECK(says(said, "is to be a JSON object"));
    }
    auto large = app.ada_inserts(
        "input", "(select jsonb_object_agg(n, gen_random_uuid()) from generate_series(1, 130000) n)");
    CHECK(large.sqlstate == invalid_parameter_value);
    CHECK(says(large, "128 KB are the most"));
    sql(app.db,
        "create table public.packed as select jsonb_build_object('n', repeat('a', 6000000)) as input; "
        "grant select on public.packed to authenticated");
    auto packed =
        app.as_ada(fmt::format("insert into public.generation_requests (user_id, kind, input) "
                               "select auth.uid(), '{}', input from public.packed",
                               kind));
    CHECK(says(packed, "128 KB are the most"));
    CHECK(says(app.ada_inserts("result", "'{}'"), "has no result yet"));
}

TEST_CASE("a program that cannot be is refused where it is asked for, with what to write") {
    App app;
    const std::pair<const char*, const char*> inputs[] = {
        {R"({"trainingFrequencyDays": 1})", "trainingFrequencyDays is 1"},
        {R"({"trainingFrequencyDays": 8})", "trainingFrequencyDays is 8"},
        {R"({"trainingFrequencyDays": 2.5})", "trainingFrequencyDays is 2.5"},
        {R"({"primaryGoal": "World peace"})", "primaryGoal is \"World peace\""},
        {R"({"primaryGoal": 5})", "primaryGoal is 5"},
        {R"({"primaryGoal": ["Bodyweight Mastery"]})", "primaryGoal is [\"Bodyweight Mastery\"]"}};
    for (const auto& [input, message] : inputs) {
        CAPTURE(input);
        auto said = app.ada_inserts("input", fmt::format("'{}'", input));
        CHECK(said.sqlstate == invalid_parameter_value);
        CHECK(says(said, message));
    }
}

TEST_CASE("every goal that a program is written for is taken, however it is written") {
    App app;
    for (auto goal = static_cast<int>(training::Goal::muscle_general);; ++goal) {
        std::string title(training::title(static_cast<training::Goal>(goal)));
        CAPTURE(title);
        std::string shouted = title;
        for (char& c : shouted)
            c = c == ':' ? '-' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        for (const std::string& written : {title, " " + shouted + "!"})
            CHECK(app.ada_inserts(
                         "input",
                         fmt::format(R"('{{"primaryGoal": "{}", "trainingFrequencyDays": 3}}')", written))
                      .ok());
        if (goal == static_cast<int>(training::Goal::recomposition)) break;
    }
    for (const char* taken :
         {"{}", R"({"trainingFrequencyDays": "4"})", R"({"primaryGoal": ""})", R"({"n": 1})"})
        CHECK(app.ada_inserts("input", fmt::format("'{}'", taken)).ok());
}

TEST_CASE("a new request's columns of the queue are not a user's to fill") {
    App app;
    const std::pair<const char*, const char*> columns[] = {
        {"generation_status", "'completed'"},
        {"generation_error", "'x'"},
        {"generation_error_code", "'x'"},
        {"generation_stage", "'x'"},
        {"generation_progress", "50"},
        {"generation_reason", "'x'"},
        {"generation_priority", "1"},
        {"generation_run_after", "now() - interval '1 day'"},
        {"generation_queued_at", "'2001-1-1'"},
        {"generation_started_at", "now()"},
        {"generation_finished_at", "now()"},
        {"generation_attempts", "1"},
        {"generation_crashes", "1"},
        {"generation_calls", "-1"},
        {"generation_retries", "1"},
        {"generation_worker", "1"},
        {"generation_token", "1"},
        {"generation_cache_key", "'x'"},
        {"generation_waiting", "true"},
        {"generation_purpose", "'refresh'"}};
    for (const auto& [name, expression] : columns) {
        CAPTURE(name);
        CHECK(app.ada_inserts(name, expression).sqlstate == insufficient_privilege);
    }
}

TEST_CASE(
    "of a request only the input can be changed, while nobody works on it, and its status to retry or "
    "cancel") {
    App app;
    std::string pending = app.request(app.ada), working = app.request(app.ada, "processing");
    for (const char* change :
         {"kind = 'training_program', result = '{}'", "user_id = null", "idempotency_key = 'x'",
          "generation_purpose = 'warm'", "generation_priority = 1", "generation_calls = 0 - 1",
          "generation_status = 'completed'", "generation_metadata = '{}'"}) {
        CAPTURE(change);
        CHECK(app.ada_sets(pending, change).sqlstate == insufficient_privilege);
    }
    CHECK(app.ada_sets(pending, R"(input = '{"a": 1}')").ok());
    auto late = app.ada_sets(working, R"(input = '{"a": 1}')");
    CHECK(late.sqlstate == "55000");
    CHECK(says(late, "that is processing cannot be changed"));
    // Nor by the service: the answer that is on its way would be cached as that to another question.
    auto by_service =
        as_role(app.db, "service_role", "",
                fmt::format(R"(update public.generation_requests set input = '{{"a": 1}}' where id = '{}')",
                            working));
    CHECK(says(by_service, "that is processing cannot be changed"));
    CHECK(app.ada_sets(working, "generation_status = 'failed'").ok());
    CHECK(value(app.db,
                fmt::format("select generation_error_code from public.generation_requests where id = '{}'",
                            working)) == "cancelled");
    CHECK(app.ada_sets(working, "generation_status = 'pending'").ok());
}

TEST_CASE("an idempotency key gives the request of then, and refuses another under the same key") {
    App app;
    auto ask = [&](const std::string& as, const char* input, const char* key) {
        return as_role(app.db, "authenticated", as,
                       fmt::format("select public.request_generation('{}', '{}', '{}')", kind, input, key));
    };
    auto first = ask(app.ada, R"({"n": 1})", "k"), again = ask(app.ada, R"({"n": 1})", "k");
    REQUIRE(first.ok());
    REQUIRE(again.ok());
    CHECK(first.rows[0][0].as<std::string>() == again.rows[0][0].as<std::string>());
    auto other = ask(app.ada, R"({"n": 2})", "k");
    CHECK(other.sqlstate == unique_violation);
    CHECK(says(other, "was used for another request"));
    auto his = ask(app.bob, R"({"n": 2})", "k");
    REQUIRE(his.ok());
    CHECK(his.rows[0][0].as<std::string>() != first.rows[0][0].as<std::string>());
    CHECK(value(app.db, "select count(*) from public.generation_requests") == "2");
}

TEST_CASE("what the app itself asks for has one idempotency key for all, and no user sees it") {
    App app;
    auto ask = [&] {
        return as_role(app.db, "service_role", app.ada,
                       fmt::format("select public.request_generation('{}', '{{}}', 'k', null)", kind));
    };
    auto first = ask(), again = ask();
    REQUIRE(first.ok());
    REQUIRE(again.ok());
    CHECK(first.rows[0][0].as<std::string>() == again.rows[0][0].as<std::string>());
    CHECK(app.as_ada("select from public.generation_requests").rows.empty());
}

TEST_CASE("what warms or refreshes a cache is shown to nobody, though it is for them") {
    App app;
    sql(app.db, fmt::format("select spotter.warm_cache('{}', array['{}']::uuid[], array[null]::jsonb[])",
                            kind, app.ada));
    CHECK(app.as_ada("select from public.generation_requests").rows.empty());
    CHECK(app.as_ada("update public.generation_requests set generation_status = 'failed'")
              .rows.affected_rows() == 0);
    CHECK(value(app.db, "select generation_priority from public.generation_requests") == "9");
}

TEST_CASE("an owner sees in one SELECT why a request is not done, and nobody else's") {
    App app;
    std::string hers = app.request(app.ada);
    app.request(app.bob);
    auto seen = app.as_ada("select id, kind, reason from public.generation_reasons");
    REQUIRE(seen.rows.size() == 1);
    CHECK(seen.rows[0][0].as<std::string>() == hers);
    CHECK(seen.rows[0][2].as<std::string>() == "no_worker");
}

}  // namespace generation_requests_test
