#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "llm/capabilities.hpp"
#include "llm/provider.hpp"
#include "net/http.hpp"

/// The two halves of OpenAI's chat completions, apart from sending them. Pure.
namespace spotter::llm {

/// The JSON to POST.
std::string completion_body(std::string_view model, const Prompt& prompt, const Capabilities& capabilities,
                            std::optional<double> temperature);

/// What a server's answer means, whatever its status. An answer without a `finish_reason` is a failure:
/// nobody knows whether it is whole. `now` is for a Retry-After that is a date.
Result<Reply, Failure> read_completion(const net::HttpResponse& response,
                                       std::chrono::system_clock::time_point now);

}  // namespace spotter::llm
