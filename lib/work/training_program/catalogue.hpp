#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "work/training_program/body.hpp"
#include "work/training_program/profile.hpp"

/// The exercises we know, read once from exercises.json beside this file.
namespace spotter::work::training {

enum class Pattern {
    squat,
    hinge,
    lunge,
    horizontal_push,
    vertical_push,
    horizontal_pull,
    vertical_pull,
    knee_extension,
    knee_flexion,
    hip_extension,
    elbow_flexion,
    elbow_extension,
    shoulder_isolation,
    chest_isolation,
    calf_raise,
    trunk_flexion,
    trunk_stability,
    trunk_rotation,
    carry,
    jump,  ///< explosive work: jumps, throws, Olympic lifts
    cardio,
    mobility,  ///< also gentle muscle setting: isometric, pain-free, open to the injured
};

struct Exercise {
    std::string name;                  ///< as it stands in a program
    std::vector<std::string> aliases;  ///< what models call it
    Pattern pattern;
    std::vector<Muscle> primary;    ///< a set counts 1
    std::vector<Muscle> secondary;  ///< a set counts 1/2
    /// Alternatives: the exercise can be done when the user has all of one of these sets.
    std::vector<SetOf<Equipment>> equipment;
    SetOf<Region> contraindicated;  ///< not for somebody hurt there
    bool compound = false;
    bool anchor = false;  ///< heavy enough to build a day on, where nothing heavier can be done
    Level from = Level::beginner;
    bool timed = false;       ///< held, carried, or done in short bouts: seconds, no repetitions
    bool unloaded = false;    ///< nothing to add weight with: more and slower repetitions make it harder
    bool each_side = false;   ///< the dose is for each side
    bool specialist = false;  ///< serves a competition lift; others do without
    bool gentle = false;      ///< an easier or a rehabilitation form, for where nothing harder is open
    /// Share of a lift's one-repetition maximum that a comparable effort loads, 0 when no load is prescribed.
    double load_factor = 0;
    std::string load_of;  ///< "squat", "bench", "deadlift", "overhead" or empty
};

std::span<const Exercise> catalogue();

/// The exercise that a name means: case, punctuation, plural, word order and parenthesised remarks do not
/// matter, aliases count. nullptr when we do not know it.
const Exercise* exercise_named(std::string_view name);

/// True when the user has what one alternative asks for.
bool can_do(const Exercise& exercise, SetOf<Equipment> owned);

/// Whether a set of it counts as a hard set of its muscles. Cardio and mobility do not: they are neither
/// volume that needs recovery nor a reason to wait 48 hours.
bool is_hard(const Exercise& exercise);

}  // namespace spotter::work::training
