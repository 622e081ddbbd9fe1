#pragma once

#include <cstdlib>

namespace spotter::work {

/// How many inputs a property is tried on: SPOTTER_PROPERTY_RUNS, or what this build does in seconds.
inline int property_runs([[maybe_unused]] int in_debug = 150, [[maybe_unused]] int optimized = 5000) {
    if (const char* set = std::getenv("SPOTTER_PROPERTY_RUNS")) return std::atoi(set);
#ifdef NDEBUG
    return optimized;
#else
    (void)optimized;
    return in_debug;
#endif
}

/// SPOTTER_PROPERTY_SEED, or a fixed one: a failure can be had again.
inline unsigned property_seed() {
    const char* set = std::getenv("SPOTTER_PROPERTY_SEED");
    return set ? static_cast<unsigned>(std::strtoul(set, nullptr, 10)) : 20260131u;
}

}  // namespace spotter::work
