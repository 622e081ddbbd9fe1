#include "llm/classify.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <ctime>
#include <iomanip>
#include <sstream>
#include <string>

#include "llm/contains_any.hpp"
#include "llm/server_error.hpp"

namespace spotter::llm {
namespace {

using Kind = Failure::Kind;
using std::chrono::milliseconds;
using std::chrono::system_clock;

/// Longer than any wait that is meant; keeps the arithmetic far from its limits.
constexpr double longest_wait_ms = 30.0 * 24 * 3600 * 1000;

bool money_is_gone(std::string_view said) {
    return contains_any(said, {"insufficient_quota", "credit_balance_exhausted", "spend_limit_exceeded",
                               "billing_hard_limit_reached", "billing_not_active", "insufficient credits"});
}

bool prompt_does_not_fit(std::string_view said) {
    return contains_any(said, {"context_length_exceeded", "context length", "context window", "context size",
                               "exceed_context_size", "prompt is too long", "input is too long"});
}

bool model_is_unknown(std::string_view said) {
    return contains_any(said, {"model_not_found", "invalid_model", "no such model", "unknown model"});
}

bool key_is_refused(std::string_view said) {
    return contains_any(said, {"invalid_api_key", "api key not valid", "authentication_error"});
}

Kind kind_of_refusal(std::string_view said) {
    if (prompt_does_not_fit(said)) return Kind::context_length;
    if (key_is_refused(said)) return Kind::unauthorized;
    if (model_is_unknown(said)) return Kind::misconfigured;
    return Kind::rejected;
}

Kind kind_of(int status, std::string_view said) {
    switch (status) {
        case 429:
            return money_is_gone(said) ? Kind::quota : Kind::rate_limited;
        case 402:
            return Kind::quota;
        case 401:
        case 403:
            return Kind::unauthorized;
        case 408:
        case 409:
            return Kind::overloaded;
        case 400:
        case 413:
        case 422:
            return kind_of_refusal(said);
        default:
            break;
    }
    if (status >= 500) return Kind::overloaded;
    // 404, 405 and the like, and redirects, which are not followed: the address or the model is not there.
    return Kind::misconfigured;
}

/// For a document that carries no status, by the words that servers use for one.
Kind kind_of_words(std::string_view said) {
    if (money_is_gone(said)) return Kind::quota;
    if (contains_any(said, {"rate_limit", "too many requests"})) return Kind::rate_limited;
    if (contains_any(said, {"overloaded", "server_error", "internal", "unavailable", "timeout"}))
        return Kind::overloaded;
    const Kind refusal = kind_of_refusal(said);
    return refusal == Kind::rejected ? Kind::malformed : refusal;
}

std::optional<double> non_negative(std::string_view text) {
    double value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
    if (!std::isfinite(value) || value < 0) return std::nullopt;
    return value;
}

std::optional<system_clock::time_point> http_date(std::string_view text) {
    std::tm fields{};
    std::istringstream stream{std::string(text)};
    stream.imbue(std::locale::classic());
    stream >> std::get_time(&fields, "%a, %d %b %Y %H:%M:%S");
    if (stream.fail()) return std::nullopt;
    return system_clock::from_time_t(timegm(&fields));
}

milliseconds bounded(double ms) {
    return milliseconds(static_cast<long>(std::min(ms, longest_wait_ms)));
}

std::optional<bool> should_retry(const net::Headers& headers) {
    const auto said = net::find_header(headers, "x-should-retry");
    if (said == "true") return true;
    if (said == "false") return false;
    return std::nullopt;
}

Failure failure(Kind kind, int status, const net::Headers& headers, const ServerError& error,
                system_clock::time_point now) {
    Failure out;
    out.kind = kind;
    out.status = status;
    out.retry_after = server_wait(headers, now);
    out.should_retry = should_retry(headers);
    out.message = error.message;
    return out;
}

}  // namespace

std::optional<milliseconds> server_wait(const net::Headers& headers, system_clock::time_point now) {
    if (const auto text = net::find_header(headers, "retry-after-ms"))
        if (const auto ms = non_negative(*text)) return bounded(*ms);
    const auto text = net::find_header(headers, "retry-after");
    if (!text) return std::nullopt;
    if (const auto seconds = non_negative(*text)) return bounded(*seconds * 1000);
    const auto date = http_date(*text);
    if (!date || *date <= now) return std::nullopt;
    return bounded(std::chrono::duration<double, std::milli>(*date - now).count());
}

Failure classify_status(int status, const net::Headers& headers, std::string_view body,
                        system_clock::time_point now) {
    const ServerError error = read_server_error(body);
    return failure(kind_of(status, error.haystack()), status, headers, error, now);
}

Failure classify_embedded(const json::Value& document, const net::Headers& headers,
                          system_clock::time_point now) {
    const ServerError error = read_server_error(document);
    const std::string said = error.haystack();
    const auto status = non_negative(error.code);
    const bool carries_status = status && *status >= 400 && *status < 600;
    const Kind kind = carries_status ? kind_of(static_cast<int>(*status), said) : kind_of_words(said);
    return failure(kind, 200, headers, error, now);
}

Failure classify_transport(const net::HttpError& error) {
    using Transport = net::HttpError::Kind;
    Failure out;
    out.message = error.message;
    switch (error.kind) {
        case Transport::resolve:
        case Transport::connect:
        case Transport::tls:
        case Transport::timeout_connect:
        case Transport::closed_early:
            out.kind = Kind::unreachable;
            break;
        case Transport::certificate:
            out.kind = Kind::certificate;
            break;
        case Transport::timeout_first_byte:
        case Transport::timeout_idle:
        case Transport::deadline:
            out.kind = Kind::timeout;
            break;
        case Transport::too_large:
        case Transport::protocol:
            out.kind = Kind::malformed;
            break;
        case Transport::cancelled:
            out.kind = Kind::cancelled;
            break;
    }
    return out;
}

bool is_content_filter(int status, std::string_view body) {
    if (status != 400) return false;
    const ServerError error = read_server_error(body);
    return error.code == "content_filter" || error.code == "content_policy_violation" ||
           error.haystack().find("responsibleaipolicyviolation") != std::string::npos;
}

}  // namespace spotter::llm
