#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "work/training_program/body.hpp"
#include "work/training_program/profile.hpp"

/// What the onboarding implies: how much the user can take, where they are weak, and how to periodize.
namespace spotter::work::training {

/// Hard sets a week: the least that has an effect, the most that adapts, the most that can be recovered from.
struct Landmarks {
    int mev = 0;
    int mav = 0;
    int mrv = 0;
};

enum class Periodization { strength_block, hypertrophy_block, linear, balanced_block };
std::string_view name(Periodization model);  ///< snake_case, as it goes into periodization_model

struct WeakPoint {
    std::string_view name;    ///< "horizontal press", "posterior chain", "vertical press"
    std::string_view reason;  ///< the lifts compared, for a person
    double ratio = 0;         ///< of those lifts
    double minimum = 0;       ///< below which it is weak
    bool high_priority = false;
};

struct Analysis {
    double training_age = 0;  ///< years
    int recovery = 6;         ///< 1 (poor) to 10
    int stress = 6;           ///< 1 (calm) to 10
    double tolerance = 1;     ///< what the base landmarks are multiplied by
    PerMuscle<Landmarks> landmarks;
    std::vector<WeakPoint> weak_points;  ///< none unless all four maxima are known
    Periodization model = Periodization::linear;
    int weeks = 1;  ///< how long the program is to be
};

Analysis analyse(const Profile& profile);

/// The weekly hard sets that a program must give `muscle`: MEV for chest, back and quads, 0 for the rest.
/// Where injuries and equipment leave the user few exercises, no more than those can carry; 0 when they leave
/// none.
int required_sets(const Profile& profile, const Analysis& analysis, Muscle muscle);

/// What the row keeps beside its program, JSON: volume_landmarks, weak_point_analysis, and
/// generation_metadata's enhancedUserProfile.
std::string landmarks_json(const Analysis& analysis);
std::string weak_points_json(const Analysis& analysis);
std::string user_profile_json(const Analysis& analysis);

}  // namespace spotter::work::training
