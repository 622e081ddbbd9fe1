#pragma once

#include <functional>
#include <string>
#include <vector>

#include "http/message.hpp"

namespace spotter::http {

/// What operators and their tools ask:
///   GET /healthz  200 {"status":"alive"}: the process answers
///   GET /readyz   200 {"ready":true,"reasons":[]}, or 503 with why it is not
///   GET /metrics  Prometheus' text format
/// `why_not_ready` gives the reasons, none when rows are being worked on; `metrics` the text. Both are called
/// on the server's thread and must not block.
Routes health_routes(std::function<std::vector<std::string>()> why_not_ready,
                     std::function<std::string()> metrics);

}  // namespace spotter::http
