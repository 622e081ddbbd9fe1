#pragma once

#include <vector>

#include "work/training_program/analysis.hpp"
#include "work/training_program/planner/draft.hpp"
#include "work/training_program/planner/selection.hpp"

/// How many sets of what: a muscle's weekly sets between what it needs and what it bears, in the time there
/// is.
namespace spotter::work::training::planning {

/// Weekly hard sets a muscle.
struct Targets {
    PerMuscle<double> required;  ///< never less
    PerMuscle<double> wanted;    ///< what the goal asks for
    PerMuscle<double> most;      ///< never more: level, MRV and 110 % of MAV
};
Targets targets_of(const Profile& profile, const Analysis& analysis, const Style& style);

/// A week's sets, put together set by set. Never above `most`, never longer than the session.
class Volume {
  public:
    Volume(const Profile& profile, const Style& style, const Targets& targets, Draft empty);

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
    /// Adds sets up to MAV on days that are shorter than the user's shortest session.
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

/// The next week of an accumulation: up to `more` sets on exercises that are there, no muscle above its most
/// nor more than 20 % over `before`, no session over its time.
Draft grown(Draft draft, int more, const Profile& profile, const Style& style, const Targets& targets);

/// A heavier, shorter week: up to `fewer` sets less, none of an anchor's, no muscle under what it must have.
Draft shed(Draft draft, int fewer, const Targets& targets);

/// A deload: half the sets of every exercise, one at least.
Draft halved(Draft draft);

}  // namespace spotter::work::training::planning
