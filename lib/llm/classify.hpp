#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/json.hpp"
#include "llm/provider.hpp"
#include "net/http.hpp"

/// What a failed call means. Pure: the same answer is always the same failure.
///
/// Messages hold the server's own words; see `safe_message` in server_error.hpp for what a log may show of
/// them.
namespace spotter::llm {

/// An answer with a status other than 2xx. `now` is for a Retry-After that is a date.
Failure classify_status(int status, const net::Headers& headers, std::string_view body,
                        std::chrono::system_clock::time_point now);

/// A 200 whose document is an error all the same: by the status that it carries as its code, or by its words.
Failure classify_embedded(const json::Value& document, const net::Headers& headers,
                          std::chrono::system_clock::time_point now);

/// No answer at all.
Failure classify_transport(const net::HttpError& error);

/// How long the server asks to wait: `retry-after-ms`, then `retry-after` in seconds, whole or not, or as an
/// HTTP date. nullopt for what is absent, past or nonsense.
std::optional<std::chrono::milliseconds> server_wait(const net::Headers& headers,
                                                     std::chrono::system_clock::time_point now);

/// A refusal by a content filter that comes as a 400 (Azure): an end of the answer, not a failure of the
/// call.
bool is_content_filter(int status, std::string_view body);

}  // namespace spotter::llm
