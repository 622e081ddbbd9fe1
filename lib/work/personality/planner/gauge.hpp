#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "work/personality/planner/features.hpp"

namespace spotter::work::persona {

/// A feature with the words that go behind its figure, at most seven: "2.1" "exclamation marks a post".
struct Measure {
    Features::Figure Features::* figure;
    std::string_view unit;
};

/// What a measure adds to a gauge: nothing at `from`, all of its weight at `to`, in proportion between. With
/// `from` above `to` the gauge falls while the figure rises.
struct Term {
    const Measure* measure = nullptr;
    double weight = 0;
    double from = 0;
    double to = 0;

    bool rises() const { return from < to; }
};

/// A figure from 0 to 1 read off several measures: the mean of its terms by weight. So it is monotone in
/// every measure. Terms beyond the first without a measure do not count.
struct Gauge {
    std::array<Term, 6> terms;
};

/// nullopt where terms of less than half of the weight could be measured; the others are left out.
std::optional<double> read(const Gauge& gauge, const Features& features);

/// "2.1 exclamation marks a post", a clause of at most eight words for each term that could be measured, the
/// heaviest first as the gauge lists them.
std::vector<std::string> clauses(const Gauge& gauge, const Features& features);

/// How the gauge works, for people: "rises between 0 and 2 exclamation marks a post".
std::vector<std::string> workings(const Gauge& gauge, const Features& features);

}  // namespace spotter::work::persona
