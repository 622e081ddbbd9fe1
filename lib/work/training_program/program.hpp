#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "work/training_program/body.hpp"

/// A training program in memory: what a model answers, what the rules read, what the planner writes. Field
/// names in JSON are the camelCase of document 2; the enhanced blocks are null or absent at the basic tier.
namespace spotter::work::training {

struct PlannedExercise {
    std::string name;
    int sets = 0;
    std::string reps;  ///< "5", "8-12", "30 s", "AMRAP"
    std::string rest;  ///< "90 s", "2-3 min"
    std::optional<double> rpe;
    std::string tempo, weight, notes;  ///< empty when not said
    std::string category;              ///< Compound, …, Anchor_Lift; empty when not said
};

struct Day {
    int day_of_week = 1;  ///< 1 is Monday
    std::string focus;
    bool rest_day = false;
    std::optional<int> minutes;
    std::vector<std::string> warm_up, cool_down;
    std::vector<PlannedExercise> exercises;
    std::string notes;
};

struct Week {
    int number = 1;  ///< in the program, from 1
    std::optional<int> in_phase;
    bool deload = false;
    std::vector<Day> days;
    std::string notes, coach_tip;
    std::vector<std::string> goals;
};

struct Phase {
    std::string name;
    std::optional<int> number;
    int weeks_planned = 0;  ///< durationWeeks
    std::vector<Week> weeks;
    std::vector<std::string> objectives;
    std::string notes, adaptation,
        progression;  ///< adaptation: accumulation, intensification, realization, deload
};

struct Intervention {
    std::string weak_point, action;
};

struct Program {
    std::string name, description;
    int weeks_planned = 0;  ///< durationWeeksTotal
    std::vector<Phase> phases;
    std::string coach_intro, general_advice, difficulty;
    std::optional<int> frequency;
    std::vector<std::string> required_equipment, tags;
    // Enhanced blocks.
    std::string rationale, periodization_model, autoregulation;
    std::optional<PerMuscle<double>> weekly_sets;  ///< volumeDistribution: planned hard sets a muscle a week
    std::vector<Intervention> interventions;
};

/// Reads an answer that has passed the output schema. Tolerant of what the basic tier leaves out.
Program read_program(const json::Value& answer);

/// The program as a model would answer it: JSON that passes output.schema.json.
std::string write_program(const Program& program);

}  // namespace spotter::work::training
