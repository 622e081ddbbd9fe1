#pragma once

#include <functional>
#include <string>
#include <vector>

#include "http/message.hpp"

namespace spotter::http {

/// Whether rows are being worked on.
struct Readiness {
    std::vector<std::string> reasons;  ///< why not; empty: ready
    std::vector<std::string> notes;    ///< what a person should know all the same
};

/// What operators and their tools ask:
///   GET /healthz  200 {"status":"alive"}: the process answers
///   GET /readyz   200 {"ready":true,"reasons":[],"notes":[]}, or 503 with the reasons why it is not
///   GET /metrics  Prometheus' text format
/// Both functions are called on the server's thread and must not block.
Routes health_routes(std::function<Readiness()> readiness, std::function<std::string()> metrics);

}  // namespace spotter::http
