#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "work/training_program/catalogue.hpp"
#include "work/training_program/planner/style.hpp"
#include "work/training_program/profile.hpp"

/// Which exercise, out of those that the user's equipment, injuries and level leave open.
namespace spotter::work::training::planning {

/// What is looked for. Hard work unless the pattern is cardio or mobility.
struct Wanted {
    SetOf<Muscle> within = {};            ///< all that the exercise trains directly lies in here
    std::optional<Pattern> pattern = {};  ///< of this pattern
    std::optional<Muscle> muscle = {};    ///< trains this muscle directly
    bool anchor = false;                  ///< heavy enough to build a day on
    bool compound = false;                ///< more than one joint
    bool in_bouts = false;                ///< cardio that is done in short bouts will do
    bool isolation = false;               ///< rather a single joint: the muscle has its compound today
    std::vector<Pattern> welcome = {};    ///< patterns that suit the session
};

class Selection {
  public:
    Selection(const Profile& profile, const Style& style);

    /// The best exercise that is not among `taken`; nullptr when none is open. Ties go to the catalogue's
    /// order.
    const Exercise* pick(const Wanted& wanted, const std::vector<const Exercise*>& taken) const;

    /// Tells the selection what the week holds, so that its days differ.
    void use(const Exercise& exercise) { ++uses_[&exercise]; }

    /// True when some hard exercise for the muscle is open.
    bool trainable(Muscle muscle) const;

  private:
    int score(const Exercise& exercise, const Wanted& wanted) const;
    int variety_score(const Exercise& exercise) const;
    int equipment_score(const Exercise& exercise) const;

    const Profile& profile_;
    const Style& style_;
    std::vector<const Exercise*> open_;
    std::unordered_map<const Exercise*, int> uses_;
};

/// The maximum in kg that the exercise's load is reckoned from, if the user gave it.
std::optional<double> maximum_for(const Exercise& exercise, const Maxima& maxima);

}  // namespace spotter::work::training::planning
