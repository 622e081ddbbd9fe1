#pragma once

#include <span>

#include "work/personality/planner/gauge.hpp"

/// What the builtin reads off its measures. The ends of each scale are a judgement: ordinary posts lie
/// between them, and beyond them the figure says no more.
namespace spotter::work::persona {

struct TraitGauge {
    std::string_view name;
    Gauge gauge;
};
/// In the order in which they are told.
std::span<const TraitGauge> trait_gauges();

/// The figures of communicationStyle. They can be read whatever the language is.
extern const Gauge formality, enthusiasm, technical_level, emoji_usage;

}  // namespace spotter::work::persona
