// Models as they misbehave: the row ends as it should, at the price it should, and nothing leaks.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <vector>

#include "base/json.hpp"
#include "e2e/conversations.hpp"
#include "e2e/daemon.hpp"

namespace model_faults_test {

using namespace spotter;
using namespace spotter::test;
using namespace std::chrono_literals;

namespace {

struct Fault {
    std::string name;                ///< one word, which nothing else contains
    std::vector<Behaviour> answers;  ///< the last stands for all that follow
    int calls = 1;
    /// How the row ends: "completed full", "failed truncated", "pending quota".
    std::string end;
    std::string more = "";  ///< in the onboarding
};

const Environment impatient = {{"SPOTTER_LLM_FIRST_BYTE_TIMEOUT", "1s"},
                               {"SPOTTER_LLM_CALL_TIMEOUT", "1500ms"}};

std::string end_of(const std::string& row, Stage& stage) {
    stage.app.wait_until(row,
                         "generation_status in ('completed', 'failed') or "
                         "(generation_status = 'pending' and generation_reason is not null)");
    return stage.app.of(row,
                        "generation_status || ' ' || coalesce(generation_error_code, generation_reason, "
                        "generation_metadata ->> 'finalComplexity')");
}

/// Serves one row a fault, all at once, by one daemon, and checks how each ends.
struct Served {
    Stage stage;
    Conversations talk;
    std::vector<std::string> rows;

    explicit Served(const std::vector<Fault>& faults, const Environment& settings = {}) {
        for (const Fault& fault : faults) {
            talk.add(fault.name, fault.answers);
            std::string user = stage.app.add_user();
            stage.app.set_profile(user, fmt::format(R"({{"name": "{}"}})", fault.name));
            rows.push_back(stage.app.ask(user, onboarding(fault.more)));
        }
        stage.model.always(talk.handler());
        Daemon daemon = stage.serve(settings);
        for (std::size_t i = 0; i < faults.size(); ++i) check(faults[i], rows[i]);
        check_secrets(daemon);
        CHECK(daemon.stop() == 0);
    }

  private:
    void check(const Fault& fault, const std::string& row) {
        CAPTURE(fault.name);
        CHECK(end_of(row, stage) == fault.end);
        CHECK(talk.calls(fault.name) == fault.calls);
        CHECK(stage.app.of(row, "generation_calls") == std::to_string(fault.calls));
        CHECK(stage.app.of(row, "generation_token is null") == "true");
        bool completed = fault.end.starts_with("completed");
        std::string cached = stage.app.value(
            "select count(*) from public.ai_coach_cache where cache_key = "
            "(select generation_cache_key from public.training_programs where id = $1)",
            row);
        CHECK(cached == (completed ? "1" : "0"));
        CHECK(stage.app.of(row, "program_details = '{}'::jsonb") == (completed ? "false" : "true"));
        if (fault.end.starts_with("failed")) check_message(row);
        if (fault.end.starts_with("pending")) check_deferral(row);
    }

    /// What the owner reads: what to do, and nothing of servers.
    void check_message(const std::string& row) {
        std::string message = stage.app.of(row, "generation_error");
        CAPTURE(message);
        CHECK(message.find("generation_status to 'pending'") != std::string::npos);
        for (const char* word : {"http", "127.0.0.1", "openai", "scripted", "exception", "/phases"})
            CHECK(message.find(word) == std::string::npos);
    }

    /// Put off with a wait, and no attempt spent; the owner sees a word, not the server's.
    void check_deferral(const std::string& row) {
        CHECK(stage.app.of(row, "generation_run_after > now()") == "true");
        CHECK(stage.app.of(row, "generation_attempts") == "0");
        CHECK(stage.app.of(row, "generation_error is null") == "true");
    }

    void check_secrets(const Daemon& daemon) {
        CHECK(daemon.log().find(model_key) == std::string::npos);
        CHECK(daemon.get("/metrics").body.find(model_key) == std::string::npos);
        std::string everything = stage.app.value(
            "select (select string_agg(p::text, '') from public.training_programs p) || "
            "coalesce((select string_agg(c::text, '') from public.ai_coach_cache c), '') || "
            "(select string_agg(w::text, '') from spotter.worker w)");
        CHECK(everything.find(model_key) == std::string::npos);
    }
};

/// The usual user's program: for three days in a full gym.
std::string good() {
    static const std::string answer = Stage().app.good_answer_to(onboarding());
    return answer;
}

Behaviour refused_by_the_model() {
    return answer(
        R"({"id":"x","model":"scripted-model","choices":[{"index":0,"finish_reason":"stop",)"
        R"("message":{"role":"assistant","content":null,"refusal":"I will not help with that."}}]})");
}

std::string message_of(Served& served, std::size_t row) {
    return served.stage.app.of(served.rows[row], "generation_error");
}

Behaviour with_retry_after(const std::string& seconds) {
    return refusal(429, "rate_limit_exceeded", "slow down", {{"Retry-After", seconds}});
}

}  // namespace

TEST_CASE("what a model wraps around its JSON is taken off, and what it leaves out is asked for again") {
    Served served({
        {"Prose",
         {completion("Sure! Here is your program:\n" + good() + "\nHave fun {and rest}!")},
         1,
         "completed full"},
        {"Fenced", {completion("```json\n" + good() + "\n```")}, 1, "completed full"},
        {"Wordy", {completion("I need more details."), completion(good())}, 2, "completed full"},
        {"Wrongshape",
         {completion(R"({"program": ["bench", "squat"]})"), completion(good())},
         2,
         "completed full"},
        {"Mute", {completion(""), completion(good())}, 2, "completed full"},
    });
    const std::string complaint = "broke rules that it is checked by";
    CHECK(served.talk.asked("Wrongshape", 0).find(complaint) == std::string::npos);
    std::string again = served.talk.asked("Wrongshape", 1);
    CHECK(again.find(complaint) != std::string::npos);
    CHECK(again.find("programName") != std::string::npos);
}

TEST_CASE("a truncated answer is never used: a simpler program is asked for, until none is left") {
    Served served({
        {"Halved",
         {completion(good().substr(0, good().size() / 2), "length"), completion(good())},
         2,
         "completed simplified"},
        // Complete as it looks, it is what the server says it is.
        {"Whole", {completion(good(), "length"), completion(good())}, 2, "completed simplified"},
        {"Endless", {completion(good().substr(0, 1000), "length")}, 3, "failed truncated"},
        {"Overlong",
         {refusal(400, "context_length_exceeded", "maximum context length is 4096 tokens"),
          completion(good())},
         2,
         "completed simplified"},
    });
    CHECK(served.talk.asked("Halved", 1).size() < served.talk.asked("Halved", 0).size());
}

TEST_CASE("a program that breaks a safety rule is rejected at every tier and never stored") {
    const std::string knee = R"(,"injuriesLimitations":"torn meniscus in my right knee")";
    const std::string shoulder = R"(,"injuriesLimitations":"shoulder impingement")";
    Stage planner;
    std::string gentle = planner.app.good_answer_to(onboarding(knee));
    Served served({
        {"Meniscus", {completion(good())}, 6, "failed no_valid_answer", knee},
        {"Shouldered", {completion(good())}, 6, "failed no_valid_answer", shoulder},
        {"Dumbbellist", {completion(good())}, 6, "failed no_valid_answer", R"(,"equipment":["Dumbbells"])"},
        {"Mended", {completion(good()), completion(gentle)}, 2, "completed full", knee},
    });
    CHECK(message_of(served, 0).find("injuries") != std::string::npos);
    CHECK(message_of(served, 2).find("equipment") != std::string::npos);
    CHECK(served.talk.asked("Mended", 1).find("broke rules") != std::string::npos);
}

TEST_CASE("an answer that is lost, garbled, late or too large is asked for once more") {
    Served served(
        {
            {"Cutoff", {cut(completion(good()), 300), completion(good())}, 2, "completed full"},
            {"Garbled", {garbage(), completion(good())}, 2, "completed full"},
            {"Hugeonce", {answer(std::string(10 << 20, ' ')), completion(good())}, 2, "completed full"},
            {"Silentonce", {silence(), completion(good())}, 2, "completed full"},
            {"Emptybody", {answer(""), completion(good())}, 2, "completed full"},
            {"Embedded",
             {answer(R"({"error":{"message":"try later","code":503}})"), completion(good())},
             2,
             "completed full"},
        },
        impatient);
}

TEST_CASE("a server that never answers properly puts its rows off with a reason") {
    Served served(
        {
            {"Hugealways", {answer(std::string(10 << 20, ' '))}, 2, "pending malformed"},
            {"Emptyforever", {answer("")}, 2, "pending malformed"},
            {"Webpage", {answer("<html>It works!</html>")}, 2, "pending malformed"},
            {"Silentalways", {silence()}, 6, "pending timeout"},
            {"Dripping", {dripping(completion(good()), 1, 50ms)}, 6, "pending timeout"},
        },
        impatient);
}

TEST_CASE("errors of a server are retried, waited for, or left to an operator, as they mean") {
    Served served({
        {"Flaky",
         {refusal(500, "", "oops"), refusal(503, "", "oops"), completion(good())},
         3,
         "completed full"},
        {"Broken", {refusal(500, "", "oops")}, 4, "pending overloaded"},
        {"Shortwait", {with_retry_after("1"), completion(good())}, 2, "completed full"},
        {"Nowait", {refusal(429, "", "slow down"), completion(good())}, 2, "completed full"},
        {"Longwait", {with_retry_after("300")}, 1, "pending rate_limited"},
        {"Penniless",
         {refusal(429, "insufficient_quota", "You exceeded your current quota")},
         1,
         "pending quota"},
        {"Badkey",
         {refusal(401, "invalid_api_key", fmt::format("Incorrect API key: {}", model_key))},
         1,
         "pending unauthorized"},
        {"Forbidden", {refusal(403, "", "not for you")}, 1, "pending unauthorized"},
        {"Nomodel", {refusal(404, "model_not_found", "no such model")}, 1, "pending misconfigured"},
        {"Rejected", {refusal(400, "invalid_request_error", "127.0.0.1 will not")}, 1, "failed rejected"},
        {"Unwilling", {refused_by_the_model()}, 2, "failed refused"},
        {"Filtered", {completion("", "content_filter")}, 2, "failed refused"},
        {"Persuaded", {refused_by_the_model(), completion(good())}, 2, "completed simplified"},
    });
    auto wait = [&](std::size_t row, const char* from, const char* to) {
        return served.stage.app.of(
            served.rows[row],
            fmt::format(
                "generation_run_after - generation_started_at between interval '{}' and interval '{}'", from,
                to));
    };
    CHECK(wait(4, "299 seconds", "380 seconds") == "true");
    CHECK(wait(5, "59 minutes", "80 minutes") == "true");
    CHECK(wait(6, "59 seconds", "80 seconds") == "true");
}

TEST_CASE("a deferred row is completed when its wait is over and the provider is well again") {
    Stage stage;
    std::string row = stage.app.ask(stage.app.add_user(), onboarding());
    stage.model.then(refusal(401, "invalid_api_key", "no"));
    stage.model.always(completion(good()));
    Daemon daemon = stage.serve({{"SPOTTER_QUEUE_POLL", "200ms"}});
    stage.app.wait_until(row, "generation_reason = 'unauthorized'");

    stage.app.value("update public.training_programs set generation_run_after = now() where id = $1", row);
    CHECK(stage.app.end_of(row) == "completed");
    CHECK(stage.app.of(row, "generation_reason is null") == "true");
    CHECK(stage.app.of(row, "generation_attempts") == "1");
    CHECK(stage.app.of(row, "generation_calls") == "2");
}

TEST_CASE("a row that is put off for too long fails, and its owner is told that it is not their fault") {
    Stage stage;
    std::string row = stage.app.ask(stage.app.add_user(), onboarding());
    stage.model.always(refusal(401, "invalid_api_key", "no"));
    Daemon daemon = stage.serve({{"SPOTTER_QUEUE_GIVE_UP_AFTER", "2s"}, {"SPOTTER_QUEUE_POLL", "200ms"}});

    REQUIRE(stage.app.end_of(row) == "failed");
    CHECK(stage.app.of(row, "generation_error_code") == "gave_up");
    CHECK(stage.app.of(row, "generation_error").find("was not available") != std::string::npos);
}

TEST_CASE("a row whose time is used up is put off, or left to the builtin where that stands last") {
    Stage stage;
    std::string row = stage.app.ask(stage.app.add_user(), onboarding());
    stage.model.always(silence());
    SUBCASE("put off") {
        Daemon daemon = stage.serve({{"SPOTTER_LLM_ROW_DEADLINE", "1s"}});
        stage.app.wait_until(row, "generation_status = 'pending' and generation_reason = 'timeout'");
    }
    SUBCASE("the builtin is last") {
        Daemon daemon =
            stage.serve({{"SPOTTER_LLM_ROW_DEADLINE", "1s"}, {"SPOTTER_LLM_BUILTIN_LAST", "true"}});
        CHECK(stage.app.end_of(row) == "completed");
        CHECK(stage.app.of(row, "generation_metadata ->> 'source'") == "builtin");
    }
}

}  // namespace model_faults_test
