#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

/// The port to whatever answers a prompt.
namespace spotter::llm {

/// What a model is sent.
struct Prompt {
    std::string system;
    std::string user;
    std::string_view schema_name;
    std::string_view schema;  ///< JSON Schema of the answer; of static storage
    int max_tokens = 0;
};

/// One call. Built by the pipeline from a kind's task.
struct Request {
    /// Writes the prompt, the same each time. It is written for the call and let go once it is sent: with
    /// thousands of calls open, a second writing for the few that are repeated costs less than keeping all.
    std::function<Prompt()> prompt;
    std::function<std::string()> plan;               ///< the kind's own answer, for the builtin
    std::chrono::steady_clock::time_point deadline;  ///< the row's; no call outlives it
};

/// How an answer ended.
enum class Finish {
    stop,       ///< by itself
    truncated,  ///< at the token limit: never parsed, repaired or cached
    refused,    ///< the model or its content filter would not
};

/// Tokens as the server counted them; nullopt where it did not say.
struct Usage {
    std::optional<long> input;
    std::optional<long> output;
};

struct Reply {
    Finish finish = Finish::stop;
    std::string text;
    Usage usage;
    std::string model;       ///< as the server names it
    std::string request_id;  ///< the server's, for its support
};

/// Why there is no reply.
struct Failure {
    enum class Kind {
        unreachable,     ///< no connection, a cut connection, a stream without an end
        timeout,         ///< no answer in time
        certificate,     ///< TLS refused: an operator must look
        rate_limited,    ///< 429
        quota,           ///< 429 or 402 whose money or quota is gone
        overloaded,      ///< 5xx, 408, 409
        unauthorized,    ///< 401, 403: the key
        misconfigured,   ///< 404 and the like: the model's name or the URL
        context_length,  ///< the prompt does not fit: a smaller tier may
        rejected,        ///< 400, 413, 422: this request will never pass
        malformed,       ///< 200 with something that is no completion; too large an answer
        cancelled,       ///< by us, at shutdown: says nothing about the server
    };
    Kind kind = Kind::unreachable;
    int status = 0;                                        ///< HTTP status, 0 when there was none
    std::optional<std::chrono::milliseconds> retry_after;  ///< what the server asked for
    std::optional<bool> should_retry;                      ///< x-should-retry
    std::string message;                                   ///< for the log: no secret, no prompt
};

/// "rate_limited": for logs and metrics.
std::string_view name(Failure::Kind kind);

/// A server, or the builtin. One call a time and coroutine; any number at once.
class Provider {
  public:
    virtual ~Provider() = default;
    virtual std::string_view name() const = 0;   ///< "openai", "builtin": a metric label
    virtual std::string_view model() const = 0;  ///< what it is asked for; part of the cache key
    /// One call, without retries. Respects cancellation and `request.deadline`. `request` outlives the call.
    virtual boost::asio::awaitable<Result<Reply, Failure>> complete(const Request& request) = 0;
};

[[noreturn]] inline void throw_exception_from_error(const Failure& failure, const boost::source_location&) {
    throw std::runtime_error(failure.message);
}

}  // namespace spotter::llm
