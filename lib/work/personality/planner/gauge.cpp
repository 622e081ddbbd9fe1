#include "work/personality/planner/gauge.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spotter::work::persona {
namespace {

/// `visit(term, figure)` for each term that could be measured.
template <class Visit>
void each_measured(const Gauge& gauge, const Features& features, Visit visit) {
    for (const Term& term : gauge.terms)
        if (term.measure)
            if (auto figure = features.*term.measure->figure) visit(term, *figure);
}

}  // namespace

std::optional<double> read(const Gauge& gauge, const Features& features) {
    double all = 0, measured = 0, sum = 0;
    for (const Term& term : gauge.terms) all += term.weight;
    each_measured(gauge, features, [&](const Term& term, double figure) {
        measured += term.weight;
        sum += term.weight * std::clamp((figure - term.from) / (term.to - term.from), 0.0, 1.0);
    });
    if (2 * measured < all) return std::nullopt;
    return sum / measured;
}

std::vector<std::string> clauses(const Gauge& gauge, const Features& features) {
    std::vector<std::string> out;
    each_measured(gauge, features, [&](const Term& term, double figure) {
        out.push_back(fmt::format("{:.1f} {}", figure, term.measure->unit));
    });
    return out;
}

std::vector<std::string> workings(const Gauge& gauge, const Features& features) {
    std::vector<std::string> out;
    each_measured(gauge, features, [&](const Term& term, double) {
        out.push_back(fmt::format("{} between {:g} and {:g} {}", term.rises() ? "rises" : "falls",
                                  std::min(term.from, term.to), std::max(term.from, term.to),
                                  term.measure->unit));
    });
    return out;
}

}  // namespace spotter::work::persona
