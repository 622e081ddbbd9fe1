#include "work/training_program/body.hpp"

#include <algorithm>

namespace spotter::work::training {
namespace {

template <std::size_t N>
using Names = std::array<std::string_view, N>;  ///< in the order of the enumeration

constexpr Names<muscle_count> muscle_names = {"chest",      "back",   "shoulders", "arms", "quads",
                                              "hamstrings", "glutes", "calves",    "abs"};

constexpr Names<17> equipment_names = {"bodyweight",
                                       "barbell",
                                       "squat_rack",
                                       "bench",
                                       "dumbbells",
                                       "kettlebells",
                                       "cable",
                                       "machines",
                                       "pull_up_bar",
                                       "dip_bars",
                                       "bands",
                                       "medicine_ball",
                                       "box",
                                       "cardio_machine",
                                       "smith_machine",
                                       "trap_bar",
                                       "suspension_trainer"};

constexpr Names<9> region_names = {"neck",       "shoulder", "elbow", "wrist", "upper_back",
                                   "lower_back", "hip",      "knee",  "ankle"};

template <class E, std::size_t N>
std::optional<E> named(const Names<N>& names, std::string_view name) {
    auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<E>(found - names.begin());
}

}  // namespace

std::string_view name(Muscle muscle) {
    return muscle_names.at(static_cast<std::size_t>(muscle));
}
std::string_view name(Equipment equipment) {
    return equipment_names.at(static_cast<std::size_t>(equipment));
}
std::string_view name(Region region) {
    return region_names.at(static_cast<std::size_t>(region));
}

std::optional<Muscle> muscle_named(std::string_view name) {
    return named<Muscle>(muscle_names, name);
}
std::optional<Equipment> equipment_named(std::string_view name) {
    return named<Equipment>(equipment_names, name);
}
std::optional<Region> region_named(std::string_view name) {
    return named<Region>(region_names, name);
}

}  // namespace spotter::work::training
