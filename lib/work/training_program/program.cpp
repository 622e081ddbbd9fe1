#include "work/training_program/program.hpp"

namespace spotter::work::training {
namespace {

std::string text_of(const json::Value& object, std::string_view key) {
    return std::string(json::text(object, key).value_or(""));
}

std::vector<std::string> texts_of(const json::Value& object, std::string_view key) {
    std::vector<std::string> out;
    const json::Value* list = json::find(object, key);
    if (!list || !list->IsArray()) return out;
    for (const json::Value& item : list->GetArray())
        if (item.IsString()) out.emplace_back(json::view(item));
    return out;
}

/// Every element of the array `key`, read by `read`; empty when there is no such array.
template <class T>
std::vector<T> list_of(const json::Value& object, std::string_view key, T (*read)(const json::Value&)) {
    std::vector<T> out;
    const json::Value* list = json::find(object, key);
    if (!list || !list->IsArray()) return out;
    out.reserve(list->Size());
    for (const json::Value& item : list->GetArray()) out.push_back(read(item));
    return out;
}

PlannedExercise read_exercise(const json::Value& value) {
    PlannedExercise exercise;
    exercise.name = text_of(value, "name");
    exercise.sets = json::integer(value, "sets").value_or(0);
    auto count = json::integer(value, "reps");
    exercise.reps = count ? std::to_string(*count) : text_of(value, "reps");
    exercise.rest = text_of(value, "rest");
    exercise.rpe = json::number(value, "rpe");
    exercise.tempo = text_of(value, "tempo");
    exercise.weight = text_of(value, "weight");
    exercise.notes = text_of(value, "notes");
    exercise.category = text_of(value, "category");
    return exercise;
}

Day read_day(const json::Value& value) {
    Day day;
    day.day_of_week = json::integer(value, "dayOfWeek").value_or(0);
    day.focus = text_of(value, "focus");
    day.rest_day = json::boolean(value, "isRestDay").value_or(false);
    day.minutes = json::integer(value, "estimatedDurationMinutes");
    day.warm_up = texts_of(value, "warmUp");
    day.cool_down = texts_of(value, "coolDown");
    day.exercises = list_of(value, "exercises", read_exercise);
    day.notes = text_of(value, "notes");
    return day;
}

Week read_week(const json::Value& value) {
    Week week;
    week.number = json::integer(value, "weekNumber").value_or(0);
    week.in_phase = json::integer(value, "weekInPhase");
    week.deload = json::boolean(value, "isDeload").value_or(false);
    week.days = list_of(value, "days", read_day);
    week.notes = text_of(value, "notes");
    week.coach_tip = text_of(value, "coachTip");
    week.goals = texts_of(value, "weeklyGoals");
    return week;
}

Phase read_phase(const json::Value& value) {
    Phase phase;
    phase.name = text_of(value, "phaseName");
    phase.number = json::integer(value, "phaseNumber");
    phase.weeks_planned = json::integer(value, "durationWeeks").value_or(0);
    phase.weeks = list_of(value, "weeks", read_week);
    phase.objectives = texts_of(value, "objectives");
    phase.notes = text_of(value, "notes");
    phase.adaptation = text_of(value, "adaptation");
    phase.progression = text_of(value, "progressionStrategy");
    return phase;
}

Intervention read_intervention(const json::Value& value) {
    return {text_of(value, "weakPoint"), text_of(value, "action")};
}

std::optional<PerMuscle<double>> read_volume(const json::Value& answer) {
    const json::Value* block = json::find(answer, "volumeDistribution");
    if (!block || !block->IsObject()) return std::nullopt;
    PerMuscle<double> sets;
    for (Muscle muscle : muscles) sets[muscle] = json::number(*block, name(muscle)).value_or(0);
    return sets;
}

}  // namespace

Program read_program(const json::Value& answer) {
    Program program;
    program.name = text_of(answer, "programName");
    program.description = text_of(answer, "description");
    program.weeks_planned = json::integer(answer, "durationWeeksTotal").value_or(0);
    program.phases = list_of(answer, "phases", read_phase);
    program.coach_intro = text_of(answer, "coachIntro");
    program.general_advice = text_of(answer, "generalAdvice");
    program.difficulty = text_of(answer, "difficultyLevel");
    program.frequency = json::integer(answer, "trainingFrequency");
    program.required_equipment = texts_of(answer, "requiredEquipment");
    program.tags = texts_of(answer, "tags");
    program.rationale = text_of(answer, "rationale");
    program.periodization_model = text_of(answer, "periodizationModel");
    program.autoregulation = text_of(answer, "autoregulation");
    program.weekly_sets = read_volume(answer);
    program.interventions = list_of(answer, "interventions", read_intervention);
    return program;
}

}  // namespace spotter::work::training
