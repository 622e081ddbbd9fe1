#pragma once

#include <string>
#include <unordered_map>

#include "work/training_program/planner/selection.hpp"

/// Loads from one-repetition maxima, week by week.
namespace spotter::work::training::planning {

class Loads {
  public:
    explicit Loads(const Profile& profile) : profile_(profile) {}

    /// The load for sets of `reps` at `rpe`, "82.5 kg" or "180 lbs", rounded down to what plates allow and at
    /// most a tenth over the last loading week's. Empty where no maximum is known, or the load is less than
    /// can be put on.
    std::string load(const Exercise& exercise, int reps, double rpe, bool deload);

    /// To be called when a week is done: what it loaded is what the next one steps up from.
    void end_week(bool deload);

  private:
    const Profile& profile_;
    std::unordered_map<const Exercise*, double> last_, now_;  ///< in the user's unit
};

/// The share of a one-repetition maximum that allows `reps` at `rpe`. Epley's formula with the repetitions in
/// reserve (10 - RPE) added to those done.
double share_of_maximum(int reps, double rpe);

}  // namespace spotter::work::training::planning
