// The way of a row whose model answers well.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/json.hpp"
#include "e2e/daemon.hpp"

namespace program_test {

using namespace spotter;
using namespace spotter::test;

TEST_CASE("a user's INSERT is completed with a valid program, its columns, metadata and a cache entry") {
    Stage stage;
    std::string user = stage.app.add_user();
    stage.app.set_profile(user, R"({"name": "Ana", "age": 30, "is_premium": true})");
    std::string row = stage.app.ask(user, onboarding());
    stage.model.always(completion(stage.app.good_answer(row)));
    Daemon daemon = stage.serve();

    REQUIRE(stage.app.end_of(row) == "completed");
    CHECK(stage.model.requests() == 1);
    CHECK(stage.app.of(row, "program_details ->> 'durationWeeksTotal'") == "4");
    CHECK(stage.app.of(row, "program_details ->> 'aiModelUsed'") == "scripted-model");
    CHECK(stage.app.of(row, "program_name = program_details ->> 'programName'") == "true");
    CHECK(stage.app.of(row, "total_duration_weeks") == "4");
    CHECK(stage.app.of(row, "volume_landmarks ? 'chest'") == "true");
    CHECK(stage.app.of(row, "periodization_model is not null and weak_point_analysis is not null") == "true");
    CHECK(stage.app.of(row, "ai_model_version") == "scripted-model");
    CHECK(stage.app.of(row, "generation_progress") == "100");
    CHECK(stage.app.of(row, "generation_error is null and generation_reason is null") == "true");
    CHECK(stage.app.of(row, "generation_token is null and generation_finished_at is not null") == "true");

    auto metadata = json::parse(stage.app.of(row, "generation_metadata")).value();
    CHECK(json::text(metadata, "source") == "model");
    CHECK(json::text(metadata, "model") == "scripted-model");
    CHECK(json::text(metadata, "finalComplexity") == "full");
    CHECK(json::integer(metadata, "attempts") == 1);
    CHECK(json::integer(metadata, "calls") == 1);
    CHECK(json::find(metadata, "validationNotes"));
    CHECK(json::find(metadata, "enhancedUserProfile"));
    CHECK(json::find(metadata, "processingTimestamp"));
    CHECK(json::integer(*json::find(metadata, "tokens"), "output") == 7);

    CHECK(stage.app.value(
              "select count(*) from public.ai_coach_cache c where c.user_id = $1 "
              "and c.cache_key like 'program:u' || $1 || ':paidtrue:d%' "
              "and c.expires_at between now() + interval '23 hours' and now() + interval '25 hours'",
              user) == "1");
    CHECK(stage.app.value("select recommendation = (select program_details from public.training_programs) "
                          "from public.ai_coach_cache") == "t");
}

TEST_CASE(
    "the same INSERT again is served from the cache without a call; a changed profile is a new question") {
    Stage stage;
    std::string user = stage.app.add_user();
    std::string first = stage.app.ask(user, onboarding());
    stage.model.always(completion(stage.app.good_answer(first)));
    Daemon daemon = stage.serve();
    REQUIRE(stage.app.end_of(first) == "completed");

    std::string again = stage.app.ask(user, onboarding());
    REQUIRE(stage.app.end_of(again) == "completed");
    CHECK(stage.model.requests() == 1);
    CHECK(stage.app.of(again, "generation_metadata ->> 'source'") == "cache");
    CHECK(stage.app.of(again, "generation_metadata ->> 'calls'") == "0");
    CHECK(stage.app.of(again, fmt::format("program_details = (select program_details from "
                                          "public.training_programs where id = '{}')",
                                          first)) == "true");
    CHECK(daemon.metric(
              R"(spotter_rows_settled_total{kind="training_program",outcome="completed",source="cache"})") ==
          1);
    CHECK(daemon.metric(
              R"(spotter_rows_settled_total{kind="training_program",outcome="completed",source="model"})") ==
          1);

    stage.app.set_profile(user, R"({"age": 41})");
    std::string changed = stage.app.ask(user, onboarding());
    REQUIRE(stage.app.end_of(changed) == "completed");
    CHECK(stage.model.requests() == 2);
    CHECK(stage.app.of(changed, "generation_metadata ->> 'source'") == "model");

    std::string other = stage.app.add_user();
    REQUIRE(stage.app.end_of(stage.app.ask(other, onboarding())) == "completed");
    CHECK(stage.model.requests() == 3);  // programs are cached for their own user alone
}

TEST_CASE("an expired entry and another feature's entry answer nothing") {
    Stage stage;
    std::string user = stage.app.add_user();
    std::string first = stage.app.ask(user, onboarding());
    stage.model.always(completion(stage.app.good_answer(first)));
    Daemon daemon = stage.serve();
    REQUIRE(stage.app.end_of(first) == "completed");

    stage.app.run("update public.ai_coach_cache set expires_at = now() - interval '1 second'");
    stage.app.value(
        "insert into public.ai_coach_cache (cache_key, user_id, recommendation, expires_at) "
        "values ('tips:1', $1, '{}', now() + interval '1 day')",
        user);
    REQUIRE(stage.app.end_of(stage.app.ask(user, onboarding())) == "completed");
    CHECK(stage.model.requests() == 2);
    CHECK(stage.app.value("select count(*) from public.ai_coach_cache") == "2");
}

TEST_CASE(
    "the prompt holds what the row says, asks for the schema, and carries the key in its header alone") {
    Stage stage;
    std::string user = stage.app.add_user();
    stage.app.set_profile(user, R"({"name": "Ana Pérez"})");
    std::string row = stage.app.ask(user, onboarding(R"(,"injuriesLimitations":"sore left knee")"));
    stage.model.always(completion(stage.app.good_answer(row)));
    Daemon daemon = stage.serve();
    REQUIRE(stage.app.end_of(row) == "completed");

    ReceivedRequest request = stage.model.request(0);
    CHECK(request.target == "/v1/chat/completions");
    CHECK(net::find_header(request.headers, "Authorization") == std::string("Bearer ") + model_key);
    auto body = json::parse(request.body).value();
    CHECK(json::text(body, "model") == "scripted-model");
    CHECK(json::text(*json::find(body, "response_format"), "type") == "json_schema");
    CHECK(request.body.find("Ana Pérez") != std::string::npos);
    CHECK(request.body.find("sore left knee") != std::string::npos);
    CHECK(request.body.find(user) == std::string::npos);
    CHECK(request.body.find(model_key) == std::string::npos);
}

TEST_CASE("a login that is no more than spotter_worker serves and settles") {
    Stage stage;
    std::string login = stage.database.name() + "_daemon";
    stage.app.run(fmt::format("create role {} login in role spotter_worker", login));
    std::string dsn = stage.database.dsn();
    dsn.replace(dsn.find("postgres@"), 8, login);
    {
        std::string row = stage.app.ask(stage.app.add_user(), onboarding());
        Daemon daemon(dsn);
        CHECK(stage.app.end_of(row) == "completed");
        std::string again = stage.app.ask(stage.app.of(row, "user_id"), onboarding());
        CHECK(stage.app.end_of(again) == "completed");
        CHECK(stage.app.of(again, "generation_metadata ->> 'source'") == "cache");
        CHECK(daemon.stop() == 0);
    }
    stage.app.run(fmt::format("drop role {}", login));
}

TEST_CASE("a deleted row is cancelled: its call is ended, and the daemon works on") {
    Stage stage;
    std::string user = stage.app.add_user();
    std::string row = stage.app.ask(user, onboarding());
    std::string answer = stage.app.good_answer(row);
    stage.model.then(held(completion(answer)));
    stage.model.always(completion(answer));
    Daemon daemon = stage.serve();
    stage.model.wait_for_open(1);

    stage.app.value_as(user, "delete from public.training_programs where id = $1", row);
    daemon.wait_for_log("work_ended");
    CHECK(stage.app.value("select count(*) from public.ai_coach_cache") == "0");
    CHECK(daemon.metric("spotter_work_ended_total") == 1);
    CHECK(stage.app.end_of(stage.app.ask(user, onboarding())) == "completed");
}

TEST_CASE("without a cache table programs are made all the same, and the daemon says what is wrong") {
    Stage stage;
    stage.app.run("drop table public.ai_coach_cache");
    std::string user = stage.app.add_user();
    std::string row = stage.app.ask(user, onboarding());
    stage.model.always(completion(stage.app.good_answer(row)));
    Daemon daemon = stage.serve();

    CHECK(stage.app.end_of(row) == "completed");
    daemon.wait_for_log("cache_unavailable");
    CHECK(stage.app.end_of(stage.app.ask(user, onboarding())) == "completed");
    CHECK(stage.model.requests() == 2);
    CHECK(daemon.metric(R"(spotter_cache_errors_total{operation="read"})") >= 1);
    CHECK(daemon.metric(R"(spotter_cache_errors_total{operation="write"})") >= 1);
}

TEST_CASE("a result that the app's own trigger refuses fails its row with what was wrong, and no other") {
    Stage stage;
    stage.app.run(R"sql(
        create function picky() returns trigger language plpgsql as $$
        begin
            if new.generation_status = 'completed' and new.is_free_trial then
                raise exception 'no programs for trials';
            end if;
            return new;
        end $$;
        create trigger picky before update on public.training_programs for each row execute function picky())sql");
    std::string spared = stage.app.ask(stage.app.add_user(), onboarding());
    std::string refused = stage.app.ask(stage.app.add_user(), onboarding());
    stage.app.value("update public.training_programs set is_free_trial = true where id = $1", refused);
    stage.model.always(completion(stage.app.good_answer(spared)));
    Daemon daemon = stage.serve();

    CHECK(stage.app.end_of(spared) == "completed");
    CHECK(stage.app.end_of(refused) == "failed");
    CHECK(stage.app.of(refused, "generation_error_code") == "write_refused");
    std::string message = stage.app.of(refused, "generation_error");
    CHECK(message.find("a trigger or a constraint") != std::string::npos);
    CHECK(message.find("no programs for trials") == std::string::npos);  // for the log alone
    daemon.wait_for_log("no programs for trials");
    CHECK(stage.model.requests() == 2);
}

}  // namespace program_test
