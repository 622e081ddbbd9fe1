#include "base/metrics.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <regex>
#include <set>

#include "base/file.hpp"

namespace metrics_test {

using spotter::Metrics;

namespace {

bool has_line(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("a figure that never moved is published as zero") {
    Metrics metrics;
    CHECK(has_line(metrics.text(), "spotter_rows_claimed_total 0"));
    CHECK(has_line(metrics.text(), "spotter_slots_in_use 0"));
    CHECK(has_line(metrics.text(), "spotter_listener_up 0"));
}

TEST_CASE("settled rows are counted by kind, outcome and source, from zero on") {
    Metrics metrics({"exercise", "personality"});
    metrics.rows_settled("exercise", "completed", "cache").Increment(20);
    metrics.rows_settled("exercise", "completed", "cache").Increment(3);
    metrics.rows_settled("exercise", "failed", "none").Increment();
    std::string text = metrics.text();
    auto settled = [&](const char* labels, int rows) {
        return has_line(text, fmt::format("spotter_rows_settled_total{{{}}} {}", labels, rows));
    };
    CHECK(settled(R"(kind="exercise",outcome="completed",source="cache")", 23));
    CHECK(settled(R"(kind="exercise",outcome="failed",source="none")", 1));
    CHECK(settled(R"(kind="personality",outcome="completed",source="model")", 0));
}

TEST_CASE("model calls carry OpenTelemetry's GenAI names") {
    Metrics metrics;
    metrics.model_call("openai", "gpt-x", "ok", 1.5);
    metrics.model_call("openai", "gpt-x", "timeout", 60);
    metrics.model_tokens("openai", "gpt-x", "output", 700);
    std::string text = metrics.text();
    CHECK(has_line(text, R"(spotter_model_calls_total{outcome="timeout",provider="openai"} 1)"));
    CHECK(
        text.find(
            R"(gen_ai_client_operation_duration_seconds_sum{)"
            R"(gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_request_model="gpt-x"} 1.5)") !=
        std::string::npos);
    CHECK(text.find(R"(error_type="timeout")") != std::string::npos);
    CHECK(text.find(R"(gen_ai_token_type="output")") != std::string::npos);
    CHECK(text.find("le=\"1024\"} 1") != std::string::npos);
}

TEST_CASE("every figure that the alerts and the operators' guide name is published") {
    Metrics metrics({"personality"});
    metrics.model_call("openai", "gpt-x", "ok", 1.5);
    metrics.model_tokens("openai", "gpt-x", "output", 700);
    metrics.rows_put_off("quota").Set(1);
    metrics.rows_failed("personality", "gave_up").Increment();
    const std::string text = metrics.text();
    const std::regex name("\\b(spotter_[a-z_]+|gen_ai_client_[a-z_]+)\\b");
    std::set<std::string> named;
    for (const char* page : {"/docs/alerts.yml", "/docs/operations.md"}) {
        const std::string written = spotter::read_file(SPOTTER_SOURCE_DIR + std::string(page)).value();
        for (std::sregex_iterator at(written.begin(), written.end(), name), end; at != end; ++at)
            named.insert(at->str());
    }
    named.erase("spotter_app");  // a login and a role that the guide speaks of
    named.erase("spotter_worker");
    CHECK(named.size() > 10);
    for (const std::string& figure : named) {
        CAPTURE(figure);
        CHECK(text.find("\n" + figure) != std::string::npos);
    }
}

}  // namespace metrics_test
