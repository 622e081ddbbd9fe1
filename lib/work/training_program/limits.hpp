#pragma once

#include <array>
#include <cstddef>

#include "work/training_program/profile.hpp"

/// The thresholds of the coach's sanity table, in one place: rules judge by them and the prompt tells them.
namespace spotter::work::training {

struct Limits {
    // Bounds of the shape, so that no answer is walked without end.
    int most_weeks = 16;
    int most_phase_weeks = 12;
    int most_days = 7;
    int most_exercises = 25;           ///< a day
    std::size_t longest_text = 4000;   ///< bytes
    std::size_t longest_name = 200;    ///< bytes
    std::size_t most_list_items = 40;  ///< of tags, goals, warm-up and the like
    std::size_t least_description = 10;
    int least_minutes = 15;  ///< a training day
    int most_minutes = 180;

    // One exercise.
    int most_sets = 10;
    int most_reps = 30;
    double least_rpe = 1;
    double most_rpe = 10;
    int least_rest = 30;  ///< seconds
    int most_rest = 300;

    // Weekly hard sets a muscle, by level.
    std::array<int, 3> ceiling = {18, 24, 28};
    std::array<int, 3> low = {8, 10, 12};  ///< fewer deserve a note
    double indirect = 0.5;                 ///< what a set counts for a muscle that only helps
    double hard_rpe = 5;                   ///< an easier set is no hard set
    double over_mav = 1.10;                ///< share of MAV that a week may reach

    // From week to week.
    double load_step = 0.10;
    double plate = 2.5;         ///< kg: the smallest step there is, always allowed
    double volume_step = 0.20;  ///< of the week's hard sets
    double volume_step_note = 0.10;
    int volume_step_sets = 2;   ///< always allowed
    int loading_weeks = 4;      ///< in a row without a deload
    double deload_share = 0.6;  ///< of the sets before: about half

    // Recovery and time.
    int hard_day_sets = 3;  ///< direct hard sets from which a muscle needs 48 hours
    int most_training_days = 6;
    double seconds_a_rep = 4;
    int warm_up_minutes = 5;
    double overrun = 0.15;  ///< share of the session's length

    double push_pull = 1.5;  ///< either way

    int ceiling_of(Level level) const { return ceiling.at(static_cast<std::size_t>(level)); }
    int low_of(Level level) const { return low.at(static_cast<std::size_t>(level)); }
};

}  // namespace spotter::work::training
