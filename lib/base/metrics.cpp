#include "base/metrics.hpp"

#include <prometheus/text_serializer.h>

namespace spotter {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;
using prometheus::Histogram;

// The buckets that OpenTelemetry's semantic conventions for GenAI clients give.
const Histogram::BucketBoundaries call_seconds = {0.01, 0.02, 0.04, 0.08,  0.16,  0.32,  0.64,
                                                  1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92};
const Histogram::BucketBoundaries call_tokens = {1,     4,     16,     64,      256,     1024,     4096,
                                                 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864};
const Histogram::BucketBoundaries claim_buckets = {0.001, 0.002, 0.005, 0.01, 0.02, 0.05,
                                                   0.1,   0.2,   0.5,   1,    5};

// In the names that the same conventions give.
prometheus::Labels gen_ai(std::string_view provider, std::string_view model) {
    return {{"gen_ai_operation_name", "chat"},
            {"gen_ai_provider_name", std::string(provider)},
            {"gen_ai_request_model", std::string(model)}};
}

template <class Builder>
auto& family(Builder builder, prometheus::Registry& registry, const char* name, const char* help) {
    return builder.Name(name).Help(help).Register(registry);
}

}  // namespace

Metrics::Metrics(const std::vector<std::string>& kinds)
    : rows_claimed(family(BuildCounter(), registry_, "spotter_rows_claimed_total", "Rows claimed.").Add({})),
      claim_seconds(family(BuildHistogram(), registry_, "spotter_claim_duration_seconds", "Time of a claim.")
                        .Add({}, claim_buckets)),
      rows_rescued(family(BuildCounter(), registry_, "spotter_rows_rescued_total",
                          "Rows taken back from workers that stopped beating.")
                       .Add({})),
      paused(
          family(BuildGauge(), registry_, "spotter_paused", "Kinds of work that operators hold up").Add({})),
      work_ended(family(BuildCounter(), registry_, "spotter_work_ended_total",
                        "Rows that were cancelled, deleted or given to others while they were worked on.")
                     .Add({})),
      writes_dropped(family(BuildCounter(), registry_, "spotter_writes_dropped_total",
                            "Writes dropped because the row was no longer ours.")
                         .Add({})),
      rows_pending(
          family(BuildGauge(), registry_, "spotter_rows_pending", "Rows waiting in the queue.").Add({})),
      rows_processing(
          family(BuildGauge(), registry_, "spotter_rows_processing", "Rows being worked on, by all daemons.")
              .Add({})),
      oldest_ready(family(BuildGauge(), registry_, "spotter_oldest_ready_seconds",
                          "For how long the first ready row has been ready.")
                       .Add({})),
      slots_total(
          family(BuildGauge(), registry_, "spotter_slots", "Rows that may be worked on at once.").Add({})),
      slots_in_use(family(BuildGauge(), registry_, "spotter_slots_in_use", "Rows worked on.").Add({})),
      settle_queue(
          family(BuildGauge(), registry_, "spotter_settle_queue", "Answers waiting to be written.").Add({})),
      listener_up(family(BuildGauge(), registry_, "spotter_listener_up",
                         "1 while notifications arrive, 0 while only the poll finds rows.")
                      .Add({})),
      database_errors(family(BuildCounter(), registry_, "spotter_database_errors_total",
                             "Claims, heartbeats and rescues that failed.")
                          .Add({})),
      rows_settled_(family(BuildCounter(), registry_, "spotter_rows_settled_total",
                           "Rows that left the worker, by kind, outcome and source of the content.")),
      rows_failed_(family(BuildCounter(), registry_, "spotter_rows_failed_total",
                          "Rows that failed, by kind and error code.")),
      cache_errors_(family(BuildCounter(), registry_, "spotter_cache_errors_total",
                           "Failed cache operations; generation went on without.")),
      rows_put_off_(family(BuildGauge(), registry_, "spotter_rows_put_off",
                           "Rows that were put off, by the reason for which.")),
      model_calls_(family(BuildCounter(), registry_, "spotter_model_calls_total",
                          "Calls of models, by provider and outcome.")),
      model_seconds_(family(BuildHistogram(), registry_, "gen_ai_client_operation_duration_seconds",
                            "Duration of calls of models.")),
      model_tokens_(
          family(BuildHistogram(), registry_, "gen_ai_client_token_usage", "Tokens of calls of models.")) {
    for (const std::string& kind : kinds) {
        for (const char* source : {"cache", "flight", "model", "builtin"})
            rows_settled(kind, "completed", source);
        for (const char* outcome : {"failed", "deferred"}) rows_settled(kind, outcome, "none");
    }
    for (const char* operation : {"read", "write"}) cache_errors(operation);
}

prometheus::Counter& Metrics::rows_settled(std::string_view kind, std::string_view outcome,
                                           std::string_view source) {
    return rows_settled_.Add(
        {{"kind", std::string(kind)}, {"outcome", std::string(outcome)}, {"source", std::string(source)}});
}

prometheus::Counter& Metrics::rows_failed(std::string_view kind, std::string_view code) {
    return rows_failed_.Add({{"kind", std::string(kind)}, {"code", std::string(code)}});
}

prometheus::Gauge& Metrics::rows_put_off(std::string_view reason) {
    return rows_put_off_.Add({{"reason", std::string(reason)}});
}

prometheus::Counter& Metrics::cache_errors(std::string_view operation) {
    return cache_errors_.Add({{"operation", std::string(operation)}});
}

void Metrics::model_call(std::string_view provider, std::string_view model, std::string_view outcome,
                         double seconds) {
    model_calls_.Add({{"provider", std::string(provider)}, {"outcome", std::string(outcome)}}).Increment();
    prometheus::Labels labels = gen_ai(provider, model);
    if (outcome != "ok") labels.emplace("error_type", outcome);
    model_seconds_.Add(labels, call_seconds).Observe(seconds);
}

void Metrics::model_tokens(std::string_view provider, std::string_view model, std::string_view type,
                           long tokens) {
    prometheus::Labels labels = gen_ai(provider, model);
    labels.emplace("gen_ai_token_type", type);
    model_tokens_.Add(labels, call_tokens).Observe(static_cast<double>(tokens));
}

std::string Metrics::text() const {
    return prometheus::TextSerializer().Serialize(registry_.Collect());
}

}  // namespace spotter
