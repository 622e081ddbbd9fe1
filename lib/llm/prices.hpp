#pragma once

#include <optional>

#include "llm/provider.hpp"

namespace spotter::llm {

/// US dollars for a million tokens; 0: not known.
struct Prices {
    double input = 0;
    double output = 0;
};

/// What so many tokens cost, in US dollars; nullopt where tokens or prices are not known.
inline std::optional<double> cost(const std::optional<Usage>& usage, const Prices& prices) {
    if (!usage || !usage->input || !usage->output || prices.input <= 0 || prices.output <= 0)
        return std::nullopt;
    return (static_cast<double>(*usage->input) * prices.input +
            static_cast<double>(*usage->output) * prices.output) /
           1e6;
}

/// Two calls together. What one of them does not know of is not known of both.
inline Usage operator+(const Usage& a, const Usage& b) {
    Usage sum;
    if (a.input && b.input) sum.input = *a.input + *b.input;
    if (a.output && b.output) sum.output = *a.output + *b.output;
    return sum;
}

}  // namespace spotter::llm
