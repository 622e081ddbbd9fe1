#include "work/training_program/planner/loads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace spotter::work::training::planning {
namespace {

constexpr double pounds_a_kilogram = 2.20462;
constexpr double guess_discount = 0.95;  ///< an estimated maximum is more often too high than too low
constexpr double deload_share = 0.9;
constexpr double step = 1.1;

double rounded_down(double load, double increment) {
    return std::floor(load / increment + 1e-9) * increment;
}

/// An empty bar is the least that a barbell can weigh.
bool on_a_bar(const Exercise& exercise) {
    return std::all_of(exercise.equipment.begin(), exercise.equipment.end(), [](SetOf<Equipment> needed) {
        return needed.contains(Equipment::barbell) || needed.contains(Equipment::trap_bar);
    });
}

}  // namespace

double share_of_maximum(int reps, double rpe) {
    double to_failure = reps + (10 - rpe);
    return to_failure <= 1 ? 1 : 1 / (1 + to_failure / 30);
}

std::string Loads::load(const Exercise& exercise, int reps, double rpe, bool deload) {
    auto maximum = maximum_for(exercise, profile_.maxima);
    if (!maximum || exercise.load_factor <= 0) return "";
    const double increment = profile_.pounds ? 5 : 2.5;
    double load = *maximum * exercise.load_factor * share_of_maximum(reps, rpe);
    if (!profile_.maxima_tested) load *= guess_discount;
    if (profile_.pounds) load *= pounds_a_kilogram;

    auto last = last_.find(&exercise);
    if (last != last_.end()) {
        load = std::min(load, last->second * step);
        if (deload) load = last->second * deload_share;
    }
    load = rounded_down(load, increment);
    double least = on_a_bar(exercise) ? (profile_.pounds ? 45 : 20) : increment;
    if (load < least) return "";
    double& heaviest = now_[&exercise];
    heaviest = std::max(heaviest, load);
    return fmt::format("{:g} {}", load, profile_.pounds ? "lbs" : "kg");
}

void Loads::end_week(bool deload) {
    if (!deload)
        for (auto [exercise, load] : now_) last_[exercise] = load;
    now_.clear();
}

}  // namespace spotter::work::training::planning
