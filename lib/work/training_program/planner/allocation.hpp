#pragma once

#include <vector>

#include "work/training_program/analysis.hpp"
#include "work/training_program/planner/draft.hpp"
#include "work/training_program/planner/selection.hpp"
#include "work/training_program/planner/targets.hpp"

/// How many sets of what: a muscle's weekly sets between what it needs and what it bears, in the time there
/// is.
namespace spotter::work::training::planning {

/// A week's sets, put together set by set. Never above `most`, never longer than the session.
class Allocation {
  public:
    Allocation(const Profile& profile, const Style& style, const Targets& targets, Draft empty);

    /// One exercise to build each day on.
    void place_anchors();
    /// An explosive exercise at the start of each day, where the style has power and one is open.
    void place_power();
    /// Adds sets until chest, back and quads have what they must.
    void meet_required();
    /// Gives each day the movements that its plan names, as far as their muscles want more.
    void place_patterns();
    /// Adds sets until muscles have what the goal asks for.
    void meet_wanted();
    /// Adds sets to whichever of push and pull is behind, until they are about even.
    void balance();
    /// Adds sets towards MAV on days that are shorter than the user's shortest session.
    void use_spare_time(const PerMuscle<Landmarks>& landmarks);
    /// Gentle muscle work for what no hard exercise is open for.
    void place_gentle();

    bool required_met() const;
    const Draft& draft() const { return draft_; }
    Selection& selection() { return selection_; }

  private:
    enum class Time { shortest, usual, longest };

    void meet(const PerMuscle<double>& goal, Time time, int most_sets);
    bool add_set(Muscle muscle, Time time, int most_sets);
    int sets_of(const std::vector<Pattern>& patterns) const;
    bool keeps_balance(const Exercise& exercise, int sets) const;
    bool add_set_of(const std::vector<Pattern>& patterns);
    Item* thinnest(Session& session, Muscle muscle, Time time, int most_sets);
    bool add_exercise(Session& session, Muscle muscle, Time time);
    bool bears(const Session& session, const Exercise& exercise, int sets, Time time) const;
    bool place(Session& session, const Exercise& exercise, int sets, Time time);
    void add(Item& item, int sets);
    std::vector<Session*> sessions_for(Muscle muscle);
    int budget(Time time) const;

    const Profile& profile_;
    const Style& style_;
    const Targets& targets_;
    Selection selection_;
    Draft draft_;
    PerMuscle<double> sets_;
};

}  // namespace spotter::work::training::planning
