#pragma once

#include <array>
#include <optional>
#include <string_view>

/// The vocabulary that profile, catalogue, rules and planner share.
namespace spotter::work::training {

enum class Muscle { chest, back, shoulders, arms, quads, hamstrings, glutes, calves, abs };
inline constexpr int muscle_count = 9;
inline constexpr std::array<Muscle, muscle_count> muscles = {
    Muscle::chest,      Muscle::back,   Muscle::shoulders, Muscle::arms, Muscle::quads,
    Muscle::hamstrings, Muscle::glutes, Muscle::calves,    Muscle::abs};
std::string_view name(Muscle muscle);
std::optional<Muscle> muscle_named(std::string_view name);

/// A number a muscle: sets a week, say.
template <class T>
class PerMuscle {
  public:
    T& operator[](Muscle muscle) { return values_[static_cast<std::size_t>(muscle)]; }
    const T& operator[](Muscle muscle) const { return values_[static_cast<std::size_t>(muscle)]; }

  private:
    std::array<T, muscle_count> values_{};
};

enum class Equipment {
    bodyweight,  ///< nothing but a floor; everybody has it
    barbell,
    squat_rack,
    bench,
    dumbbells,
    kettlebells,
    cable,
    machines,
    pull_up_bar,
    dip_bars,
    bands,
    medicine_ball,
    box,
    cardio_machine,
    smith_machine,
    trap_bar,
    suspension_trainer,
};
inline constexpr std::array<Equipment, 17> every_equipment = {Equipment::bodyweight,
                                                              Equipment::barbell,
                                                              Equipment::squat_rack,
                                                              Equipment::bench,
                                                              Equipment::dumbbells,
                                                              Equipment::kettlebells,
                                                              Equipment::cable,
                                                              Equipment::machines,
                                                              Equipment::pull_up_bar,
                                                              Equipment::dip_bars,
                                                              Equipment::bands,
                                                              Equipment::medicine_ball,
                                                              Equipment::box,
                                                              Equipment::cardio_machine,
                                                              Equipment::smith_machine,
                                                              Equipment::trap_bar,
                                                              Equipment::suspension_trainer};
std::string_view name(Equipment equipment);
std::optional<Equipment> equipment_named(std::string_view name);

/// Where something may hurt.
enum class Region { neck, shoulder, elbow, wrist, upper_back, lower_back, hip, knee, ankle };
std::string_view name(Region region);
std::optional<Region> region_named(std::string_view name);

/// A set of one of the enumerations above.
template <class E>
class SetOf {
  public:
    constexpr SetOf() = default;
    constexpr SetOf(std::initializer_list<E> items) {
        for (E item : items) insert(item);
    }
    constexpr void insert(E item) { bits_ |= bit(item); }
    constexpr void erase(E item) { bits_ &= ~bit(item); }
    constexpr void insert(SetOf other) { bits_ |= other.bits_; }
    constexpr void erase(SetOf other) { bits_ &= ~other.bits_; }
    constexpr bool contains(E item) const { return bits_ & bit(item); }
    constexpr bool contains(SetOf other) const { return (bits_ & other.bits_) == other.bits_; }
    constexpr bool intersects(SetOf other) const { return bits_ & other.bits_; }
    constexpr bool empty() const { return bits_ == 0; }
    constexpr bool operator==(const SetOf&) const = default;

  private:
    static constexpr unsigned bit(E item) { return 1u << static_cast<unsigned>(item); }
    unsigned bits_ = 0;
};

}  // namespace spotter::work::training
