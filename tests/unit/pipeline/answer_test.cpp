#include "pipeline/answer.hpp"

#include <doctest/doctest.h>

#include "base/json.hpp"

namespace answer_test {

using namespace spotter;
using namespace spotter::pipeline;
using work::Tier;
using work::Violation;
using namespace std::chrono_literals;

namespace {

/// Takes {"ok":true} at every tier and {"ok":"nearly"} at the basic one.
class Task : public work::Task {
  public:
    work::Prompt prompt(Tier tier) const override {
        work::Prompt prompt;
        prompt.system = "be brief";
        prompt.user = std::string("answer at ") + std::string(work::name(tier));
        prompt.schema_name = "thing";
        prompt.schema = "{}";
        prompt.max_tokens = 100;
        return prompt;
    }
    work::Verdict check(Tier tier, std::string_view answer, const work::Stamp&) const override {
        bool good = answer == R"({"ok":true})" || (tier == Tier::basic && answer == R"({"ok":"nearly"})");
        work::Verdict verdict;
        if (!good) {
            verdict.violations.push_back({Violation::Severity::reject, "/ok", "ok", "must be true"});
            return verdict;
        }
        verdict.violations.push_back({Violation::Severity::warn, "", "bland", "a bit bland"});
        verdict.content = answer;
        verdict.columns = R"({"program_name":"P","metadata":{"validationNotes":["bland"]}})";
        return verdict;
    }
    std::string plan() const override { return R"({"ok":true})"; }
};

llm::Answered answered(std::string text) {
    llm::Answered answered;
    answered.reply.text = std::move(text);
    answered.reply.model = "m-1";
    answered.provider = "openai";
    return answered;
}

Answer read(const std::string& text, Tier tier = Tier::full) {
    return read_answer(Task(), tier, answered(text), "2026-01-01T00:00:00Z");
}

}  // namespace

TEST_CASE("an answer in a fence or in prose is read all the same") {
    CHECK(read("```json\n{\"ok\":true}\n```").verdict.valid());
    CHECK(read("Here you are: {\"ok\":true} Enjoy!").verdict.valid());
}

TEST_CASE("an answer without an object is a broken rule that can be told to the model") {
    Answer answer = read("I would rather not.");
    CHECK_FALSE(answer.verdict.valid());
    CHECK(answer.text.empty());
    CHECK(broken_rules(answer.verdict).find("one JSON object") != std::string::npos);
}

TEST_CASE("an answer that is too simple for one tier may do for the next, without another call") {
    Answer nearly = read(R"({"ok":"nearly"})");
    CHECK_FALSE(nearly.verdict.valid());
    CHECK_FALSE(accepted(Task(), Tier::simplified, nearly));
    auto basic = accepted(Task(), Tier::basic, nearly);
    REQUIRE(basic);
    CHECK(basic->tier == Tier::basic);
}

TEST_CASE(
    "a re-ask repeats the prompt and lists what was broken at its end, where no cached prefix is lost") {
    auto deadline = std::chrono::steady_clock::now();
    const Task task;
    llm::Prompt first = request_for(task, Tier::full, "", deadline).prompt();
    llm::Prompt again = request_for(task, Tier::full, "- /ok: must be true\n", deadline).prompt();
    CHECK(again.system == first.system);
    CHECK(again.user.starts_with(first.user));
    CHECK(again.user.ends_with("- /ok: must be true\n"));
}

TEST_CASE("a long list of broken rules is cut, warnings are not in it") {
    work::Verdict verdict;
    verdict.violations.push_back({Violation::Severity::warn, "", "bland", "a warning"});
    for (int i = 0; i < 100; ++i)
        verdict.violations.push_back({Violation::Severity::reject, "/a", "r", "wrong"});
    std::string list = broken_rules(verdict);
    CHECK(std::count(list.begin(), list.end(), '\n') == 13);
    CHECK(list.find("and 88 more") != std::string::npos);
    CHECK(list.find("a warning") == std::string::npos);
    CHECK(rule_names(verdict) == "r");
}

TEST_CASE("a completed row carries content, columns and where they came from") {
    queue::ClaimedRow row;
    row.lease = {"id", 3};
    row.cache_key = "program:x";
    queue::Settlement settlement =
        completed(row, read(R"({"ok":true})"), Bill{llm::Usage{.input = 10}, 0.25, 1500ms});
    CHECK(settlement.status == queue::Settlement::Status::completed);
    CHECK(settlement.content == R"({"ok":true})");
    CHECK(settlement.cache_key == "program:x");
    CHECK(settlement.columns == R"({"program_name":"P"})");
    auto metadata = *json::parse(settlement.metadata);
    CHECK(json::text(metadata, "source") == "model");
    CHECK(json::text(metadata, "model") == "m-1");
    CHECK(json::text(metadata, "finalComplexity") == "full");
    CHECK(json::find(metadata, "validationNotes")->Size() == 1);
    CHECK(json::integer(*json::find(metadata, "tokens"), "input") == 10);
    CHECK(json::find(*json::find(metadata, "tokens"), "output")->IsNull());
    CHECK(json::number(metadata, "cost") == 0.25);
    CHECK(json::integer(metadata, "milliseconds") == 1500);
    CHECK(
        json::find(*json::parse(completed(row, read(R"({"ok":true})"), Bill{}).metadata), "cost")->IsNull());
}

TEST_CASE("whatever a row fails of, its owner is told what to do") {
    for (const char* code : {"refused", "truncated", "no_valid_answer", "context_length", "rejected"}) {
        CAPTURE(code);
        CHECK(explain_failure(code, "rest_day,equipment").find("'pending'") != std::string::npos);
    }
    CHECK(explain_failure("no_valid_answer", "rest_day,equipment").find("rest day, equipment") !=
          std::string::npos);
}

}  // namespace answer_test
