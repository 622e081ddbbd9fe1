#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <string>
#include <string_view>
#include <vector>

namespace spotter {

/// Every figure that Spotter publishes, in one place. Thread-safe. A label's value comes from a small fixed
/// set or from the configuration: never a user, a prompt, a key or a row.
class Metrics {
  private:
    prometheus::Registry registry_;  // first: the members below live in it

  public:
    /// `kinds` of work are there from the start with figures of zero, so that alerts can be written on them.
    explicit Metrics(const std::vector<std::string>& kinds = {});
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    prometheus::Counter& rows_claimed;
    prometheus::Histogram& claim_seconds;  ///< one claim's transaction
    prometheus::Counter& rows_rescued;     ///< taken back from workers that stopped beating
    prometheus::Gauge& paused;             ///< kinds of work that operators hold up
    prometheus::Counter& work_ended;       ///< rows cancelled, deleted or given to others while worked on
    prometheus::Counter& writes_dropped;   ///< of a worker that had lost its lease
    prometheus::Gauge& rows_pending;       ///< in the whole queue, as of the last look
    prometheus::Gauge& rows_processing;    ///< by all daemons
    prometheus::Gauge& oldest_ready;       ///< seconds for which the first ready row has been ready
    prometheus::Gauge& slots_total;        ///< rows that may be worked on at once
    prometheus::Gauge& slots_in_use;
    prometheus::Gauge& settle_queue;  ///< answers that wait for the database
    prometheus::Gauge& listener_up;   ///< 1 while notifications arrive, 0 while only the poll finds rows
    prometheus::Counter& database_errors;

    /// Rows that left this worker. `outcome`: completed, failed, deferred. `source` of the content: cache,
    /// flight (another row's answer), model, builtin, or none.
    prometheus::Counter& rows_settled(std::string_view kind, std::string_view outcome,
                                      std::string_view source);

    /// Rows that failed, by `code`: what generation_error_code says of them.
    prometheus::Counter& rows_failed(std::string_view kind, std::string_view code);
    /// Failed cache operations, survived. `operation`: read, write.
    prometheus::Counter& cache_errors(std::string_view operation);
    /// Rows that wait for something to be mended or to pass, by reason.
    prometheus::Gauge& rows_put_off(std::string_view reason);

    /// Counts one call of a model. `outcome`: ok, or the name of the failure (rate_limited, timeout, …),
    /// which is also the error.type of OpenTelemetry. `model` as configured, not as the server calls it.
    void model_call(std::string_view provider, std::string_view model, std::string_view outcome,
                    double seconds);

    /// The tokens of one call, where the server told them. `type`: input, output.
    void model_tokens(std::string_view provider, std::string_view model, std::string_view type, long tokens);

    /// All of it in Prometheus' text format, version 0.0.4.
    std::string text() const;

  private:
    prometheus::Family<prometheus::Counter>& rows_settled_;
    prometheus::Family<prometheus::Counter>& rows_failed_;
    prometheus::Family<prometheus::Counter>& cache_errors_;
    prometheus::Family<prometheus::Gauge>& rows_put_off_;
    prometheus::Family<prometheus::Counter>& model_calls_;
    prometheus::Family<prometheus::Histogram>& model_seconds_;
    prometheus::Family<prometheus::Histogram>& model_tokens_;
};

}  // namespace spotter
