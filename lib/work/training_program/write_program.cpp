#include "work/answer_writer.hpp"
#include "work/training_program/program.hpp"

namespace spotter::work::training {
namespace {

void write(AnswerWriter& out, const PlannedExercise& exercise) {
    out.open();
    out.member("name", exercise.name);
    out.said("category", exercise.category);
    out.member("sets", exercise.sets);
    out.member("reps", exercise.reps);
    out.member("rest", exercise.rest);
    out.member("rpe", exercise.rpe);
    out.said("weight", exercise.weight);
    out.said("tempo", exercise.tempo);
    out.said("notes", exercise.notes);
    out.close();
}

void write(AnswerWriter& out, const Day& day) {
    out.open();
    out.member("dayOfWeek", day.day_of_week);
    out.said("focus", day.focus);
    out.member("isRestDay", day.rest_day);
    out.member("estimatedDurationMinutes", day.minutes);
    out.member("warmUp", day.warm_up);
    out.array("exercises", day.exercises, [&](const PlannedExercise& exercise) { write(out, exercise); });
    out.member("coolDown", day.cool_down);
    out.said("notes", day.notes);
    out.close();
}

void write(AnswerWriter& out, const Week& week) {
    out.open();
    out.member("weekNumber", week.number);
    out.member("weekInPhase", week.in_phase);
    out.member("isDeload", week.deload);
    out.member("weeklyGoals", week.goals);
    out.said("notes", week.notes);
    out.said("coachTip", week.coach_tip);
    out.array("days", week.days, [&](const Day& day) { write(out, day); });
    out.close();
}

void write(AnswerWriter& out, const Phase& phase) {
    out.open();
    out.member("phaseName", phase.name);
    out.member("phaseNumber", phase.number);
    out.member("durationWeeks", phase.weeks_planned);
    out.said("adaptation", phase.adaptation);
    out.said("progressionStrategy", phase.progression);
    out.member("objectives", phase.objectives);
    out.said("notes", phase.notes);
    out.array("weeks", phase.weeks, [&](const Week& week) { write(out, week); });
    out.close();
}

void write_volume(AnswerWriter& out, const std::optional<PerMuscle<double>>& sets) {
    if (!sets) return out.null("volumeDistribution");
    out.object("volumeDistribution");
    for (Muscle muscle : muscles) out.member(name(muscle), (*sets)[muscle]);
    out.close();
}

}  // namespace

std::string write_program(const Program& program) {
    AnswerWriter out;
    out.open();
    out.member("programName", program.name);
    out.member("description", program.description);
    out.said("difficultyLevel", program.difficulty);
    out.member("trainingFrequency", program.frequency);
    out.member("durationWeeksTotal", program.weeks_planned);
    out.member("requiredEquipment", program.required_equipment);
    out.member("tags", program.tags);
    out.said("coachIntro", program.coach_intro);
    out.said("generalAdvice", program.general_advice);
    out.said("rationale", program.rationale);
    out.said("periodizationModel", program.periodization_model);
    write_volume(out, program.weekly_sets);
    out.said("autoregulation", program.autoregulation);
    out.array("interventions", program.interventions, [&](const Intervention& intervention) {
        out.open();
        out.member("weakPoint", intervention.weak_point);
        out.member("action", intervention.action);
        out.close();
    });
    out.array("phases", program.phases, [&](const Phase& phase) { write(out, phase); });
    out.close();
    return out.text();
}

}  // namespace spotter::work::training
