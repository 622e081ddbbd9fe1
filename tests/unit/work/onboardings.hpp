#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <random>
#include <string>
#include <vector>

#include "property.hpp"

/// Onboardings as rows hold them, for tests that try many.
namespace spotter::work::training::fixture {

inline constexpr const char* goals[] = {"Muscle Gain: General",
                                        "Muscle Gain: Hypertrophy Focus",
                                        "Strength Gain: Powerlifting Peak",
                                        "Strength Gain: General",
                                        "Endurance Improvement: Gym Cardio",
                                        "Sport-Specific S&C: Explosive Power",
                                        "General Fitness: Foundational Strength",
                                        "Weight Loss: Gym Based",
                                        "Bodyweight Mastery",
                                        "Recomposition: Lean Mass & Fat Loss"};
inline constexpr const char* durations[] = {"30-45 minutes", "45-60 minutes", "60-75 minutes", "75+ minutes"};
inline constexpr const char* levels[] = {"Beginner", "Intermediate", "Advanced"};
inline constexpr const char* things[] = {
    "barbell",     "squat rack",        "bench", "dumbbells",     "kettlebells", "cable",     "machines",
    "pull-up bar", "dip bars",          "bands", "medicine ball", "plyo box",    "treadmill", "smith machine",
    "trap bar",    "suspension trainer"};
inline constexpr const char* injuries[] = {"neck",       "shoulder", "elbow", "wrist", "upper back",
                                           "lower back", "hip",      "knee",  "ankle"};

struct Onboarding {
    std::string goal, duration, level, unit = "kg", assessment = "estimated_1rm";
    int days = 3;
    bool paid = true;
    std::vector<std::string> equipment = {}, hurt = {};
    std::vector<std::pair<std::string, double>> maxima = {};  ///< by field

    /// What a claim hands to `Kind::read`.
    std::string input() const {
        std::string lifts;
        for (const auto& [field, kilograms] : maxima) lifts += fmt::format(R"(,"{}":{})", field, kilograms);
        std::string owned = equipment.empty() ? "" : fmt::format(R"("{}")", fmt::join(equipment, R"(",")"));
        return fmt::format(
            R"({{"onboarding":{{"primaryGoal":"{}","trainingFrequencyDays":{},"sessionDuration":"{}",)"
            R"("equipment":[{}],"experienceLevel":"{}","weightUnit":"{}","strengthAssessmentType":"{}",)"
            R"("injuriesLimitations":"{}"{}}},"profile":{{"name":"Ana","age":30}},"paid":{}}})",
            goal, days, duration, owned, level, unit, assessment, fmt::join(hurt, ", "), lifts, paid);
    }
};

/// Random onboardings, the same ones for the same seed everywhere: the standard's distributions are not.
class Onboardings {
  public:
    explicit Onboardings(unsigned seed) : random_(seed) {}

    Onboarding next() {
        Onboarding out;
        out.goal = one_of(goals);
        out.duration = one_of(durations);
        out.level = one_of(levels);
        out.days = 2 + below(6);
        out.paid = below(5) != 0;
        out.unit = below(2) ? "kg" : "lbs";
        out.assessment = below(2) ? "actual_1rm" : "estimated_1rm";
        const int richness = below(4);  // nothing, everything, about half, a little
        for (const char* thing : things)
            if (richness == 1 || (richness == 2 && below(2) == 0) || (richness == 3 && below(5) == 0))
                out.equipment.push_back(thing);
        const int health = below(5);  // mostly sound, a sore spot, hurt in many places, hurt everywhere
        for (const char* region : injuries)
            if ((health == 0 && below(3) == 0) || (health == 1 && below(9) == 0)) out.hurt.push_back(region);
        if (below(25) == 0) out.hurt.assign(std::begin(injuries), std::end(injuries));
        for (const char* field :
             {"squat1RMEstimate", "benchPress1RMEstimate", "deadlift1RMEstimate", "overheadPress1RMEstimate"})
            if (below(3) != 0) out.maxima.emplace_back(field, below(20) == 0 ? 600 : 1 + below(300));
        return out;
    }

  private:
    int below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
    template <std::size_t N>
    const char* one_of(const char* const (&items)[N]) {
        return items[below(static_cast<int>(N))];
    }

    std::mt19937 random_;
};

}  // namespace spotter::work::training::fixture
