#pragma once

#include <fmt/format.h>

#include <string>
#include <unordered_map>
#include <vector>

#include "work/findings.hpp"
#include "work/training_program/analysis.hpp"
#include "work/training_program/catalogue.hpp"
#include "work/training_program/limits.hpp"
#include "work/training_program/program.hpp"

/// What a rule looks at: the program with its exercises looked up and its sets counted once.
namespace spotter::work::training {

/// An exercise and what the catalogue knows of it.
struct PlacedExercise {
    const PlannedExercise* planned;
    const Exercise* known;  ///< nullptr when its name is not in the catalogue
    bool hard;
    std::string path;
};

struct PlacedDay {
    const Day* day;
    std::string path;
    std::vector<PlacedExercise> exercises;

    /// Something harder than mobility work is done.
    bool is_training() const;
};

struct PlacedWeek {
    const Phase* phase;
    const Week* week;
    std::string path;
    std::vector<PlacedDay> days;
    PerMuscle<double> sets;  ///< hard sets a muscle
    double hard_sets = 0;    ///< in all
    bool deload = false;     ///< marked as one, after a week that it can unload from
};

struct Subject {
    Subject(const Program& program, const Profile& profile, const Analysis& analysis, const Limits& limits);

    const Program& program;
    const Profile& profile;
    const Analysis& analysis;
    const Limits& limits;
    std::vector<PlacedWeek> weeks;  ///< of all phases, in order
};

/// A rule: a name in the table of rules.cpp and one of these.
using Rule = void (*)(const Subject& subject, Findings& out);

inline std::string phase_path(std::size_t phase) {
    return fmt::format("/phases/{}", phase);
}

/// Mean RPE of the hard sets, each counted once; 0 when none has an RPE.
double mean_rpe(const PlacedWeek& week);

}  // namespace spotter::work::training
