#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cmath>

#include "work/training_program/program.hpp"

namespace spotter::work::training {
namespace {

/// Members of the answer's objects. What is not said is null, as the schema wants it.
class Writer {
  public:
    std::string text() const { return {buffer_.GetString(), buffer_.GetSize()}; }

    void open() { out_.StartObject(); }
    void close() { out_.EndObject(); }

    void member(std::string_view key, const std::string& value) { put(key), out_.String(value); }
    void member(std::string_view key, int value) { put(key), out_.Int(value); }
    void member(std::string_view key, bool value) { put(key), out_.Bool(value); }
    void member(std::string_view key, double value) { put(key), number(value); }
    void member(std::string_view key, const std::vector<std::string>& values) {
        array(key, values, [this](const std::string& value) { out_.String(value); });
    }
    template <class T>
    void member(std::string_view key, const std::optional<T>& value) {
        value ? member(key, *value) : null(key);
    }

    void null(std::string_view key) { put(key), out_.Null(); }
    void said(std::string_view key, const std::string& value) {
        value.empty() ? null(key) : member(key, value);
    }

    /// Each element of `items` by `write`.
    template <class T, class Write>
    void array(std::string_view key, const std::vector<T>& items, Write write) {
        put(key);
        out_.StartArray();
        for (const T& item : items) write(item);
        out_.EndArray();
    }

    void object(std::string_view key) { put(key), out_.StartObject(); }

  private:
    void put(std::string_view key) { out_.Key(key.data(), static_cast<rapidjson::SizeType>(key.size())); }

    void number(double value) {
        if (std::floor(value) == value && std::abs(value) < 1e9)
            out_.Int(static_cast<int>(value));
        else
            out_.Double(value);
    }

    rapidjson::StringBuffer buffer_;
    rapidjson::Writer<rapidjson::StringBuffer> out_{buffer_};
};

void write(Writer& out, const PlannedExercise& exercise) {
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

void write(Writer& out, const Day& day) {
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

void write(Writer& out, const Week& week) {
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

void write(Writer& out, const Phase& phase) {
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

void write_volume(Writer& out, const std::optional<PerMuscle<double>>& sets) {
    if (!sets) return out.null("volumeDistribution");
    out.object("volumeDistribution");
    for (Muscle muscle : muscles) out.member(name(muscle), (*sets)[muscle]);
    out.close();
}

}  // namespace

std::string write_program(const Program& program) {
    Writer out;
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
