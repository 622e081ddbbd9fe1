#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "work/training_program/body.hpp"

/// Who a program is for, as read from the row's onboarding and the user's profile.
namespace spotter::work::training {

enum class Goal {
    muscle_general,
    muscle_hypertrophy,
    strength_powerlifting,
    strength_general,
    endurance_cardio,
    sport_power,
    general_fitness,
    weight_loss,
    bodyweight_mastery,
    recomposition,
};
std::string_view title(Goal goal);  ///< as the onboarding writes it, "Muscle Gain: General"

enum class Level { beginner, intermediate, advanced };
std::string_view name(Level level);

/// Minutes a session may take.
struct SessionLength {
    int shortest = 45;
    int longest = 60;
};

/// One-repetition maxima in kilograms.
struct Maxima {
    std::optional<double> squat, bench, deadlift, overhead;
    bool complete() const { return squat && bench && deadlift && overhead; }
};

struct Profile {
    std::string name;  ///< may be empty
    std::optional<int> age;
    Goal goal = Goal::general_fitness;
    Level level = Level::beginner;
    int days = 3;  ///< sessions a week, 2-7
    SessionLength session;
    SetOf<Equipment> equipment;               ///< always holds bodyweight
    std::vector<std::string> equipment_said;  ///< as the user wrote it, bounded
    SetOf<Region> injured;                    ///< read from `injuries_said`, erring to caution
    std::string injuries_said;
    std::string preferences;
    std::string sport;
    Maxima maxima;
    bool maxima_tested = false;  ///< strengthAssessmentType is actual_1rm
    bool pounds = false;         ///< the unit to write loads in
    bool paid = false;
};

/// Reads the claim's input, a JSON object:
///   {"onboarding": {…} or null, "profile": {"name","age","experience_level","weight_unit"} or null, "paid":
///   bool}
/// where `onboarding` is the snapshot (or the profile's responses) with experienceLevel and weightUnit filled
/// in and 1RMs already in kilograms (the database normalises; see schema/). Errors have code "invalid_input"
/// and a message for the row's owner.
Result<Profile> read_profile(std::string_view input);

}  // namespace spotter::work::training
