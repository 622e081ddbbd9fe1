#pragma once

#include "bench/server.hpp"

namespace spotter::bench {

/// What an idle daemon holds and burns, and what it holds after settling many rows.
void measure_footprint(Server& server, Report& report);

}  // namespace spotter::bench
