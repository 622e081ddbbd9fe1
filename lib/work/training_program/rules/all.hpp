#pragma once

#include "work/training_program/rules/subject.hpp"

/// Every rule by theme. What each holds at which tier stands in rules.cpp.
namespace spotter::work::training::rule {

// shape.cpp. The first, `bounds`, must pass before anything else is walked.
void bounds(const Program& program, const Limits& limits, Findings& out);
void weeks_add_up(const Subject& subject, Findings& out);
void weeks_granted(const Subject& subject, Findings& out);
void weeks_in_order(const Subject& subject, Findings& out);
void days_in_week(const Subject& subject, Findings& out);
void names(const Subject& subject, Findings& out);
void description(const Subject& subject, Findings& out);
void prescription(const Subject& subject, Findings& out);

// enhanced.cpp
void enhanced_blocks(const Subject& subject, Findings& out);
void phase_blocks(const Subject& subject, Findings& out);
void interventions(const Subject& subject, Findings& out);
void work_every_day(const Subject& subject, Findings& out);
void anchor_lift(const Subject& subject, Findings& out);
void exercise_order(const Subject& subject, Findings& out);

// volume.cpp
void volume_ceiling(const Subject& subject, Findings& out);
void volume_low(const Subject& subject, Findings& out);
void volume_minimum(const Subject& subject, Findings& out);
void volume_landmarks(const Subject& subject, Findings& out);
void volume_as_stated(const Subject& subject, Findings& out);
void push_pull_balance(const Subject& subject, Findings& out);

// progression.cpp
void load_step(const Subject& subject, Findings& out);
void volume_step(const Subject& subject, Findings& out);
void effort_by_phase(const Subject& subject, Findings& out);
void effort_in_deload(const Subject& subject, Findings& out);
void deload_due(const Subject& subject, Findings& out);
void deload_halves(const Subject& subject, Findings& out);

// recovery.cpp
void muscle_recovery(const Subject& subject, Findings& out);
void rest_day(const Subject& subject, Findings& out);
void days_available(const Subject& subject, Findings& out);
void session_length(const Subject& subject, Findings& out);

// safety.cpp
void injuries(const Subject& subject, Findings& out);
void equipment(const Subject& subject, Findings& out);
void injuries_understood(const Subject& subject, Findings& out);
void known_exercises(const Subject& subject, Findings& out);

}  // namespace spotter::work::training::rule
