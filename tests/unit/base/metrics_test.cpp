#include "base/metrics.hpp"

#include <doctest/doctest.h>

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

TEST_CASE("settled rows are counted by outcome and source") {
    Metrics metrics;
    metrics.rows_settled("completed", "cache").Increment(20);
    metrics.rows_settled("completed", "cache").Increment(3);
    metrics.rows_settled("failed", "none").Increment();
    std::string text = metrics.text();
    CHECK(has_line(text, R"(spotter_rows_settled_total{outcome="completed",source="cache"} 23)"));
    CHECK(has_line(text, R"(spotter_rows_settled_total{outcome="failed",source="none"} 1)"));
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

}  // namespace metrics_test
