#include "work/training_program/rules/all.hpp"

namespace spotter::work::training::rule {
namespace {

/// Checks sizes on the way down, and does not go down into what is too large.
class Bounds {
  public:
    Bounds(const Limits& limits, Findings& out) : limits_(limits), out_(out) {}

    void check(const Program& program) {
        text("/programName", program.name, limits_.longest_name);
        text("/description", program.description);
        text("/coachIntro", program.coach_intro);
        text("/generalAdvice", program.general_advice);
        text("/rationale", program.rationale);
        text("/autoregulation", program.autoregulation);
        texts("/requiredEquipment", program.required_equipment);
        texts("/tags", program.tags);
        if (fits("/interventions", program.interventions.size(), limits_.most_list_items))
            for (std::size_t i = 0; i < program.interventions.size(); ++i) {
                text(fmt::format("/interventions/{}/weakPoint", i), program.interventions[i].weak_point);
                text(fmt::format("/interventions/{}/action", i), program.interventions[i].action);
            }
        each("/phases", program.phases, limits_.most_weeks);
    }

  private:
    void check(const std::string& path, const Phase& phase) {
        text(path + "/phaseName", phase.name, limits_.longest_name);
        text(path + "/progressionStrategy", phase.progression);
        text(path + "/notes", phase.notes);
        texts(path + "/objectives", phase.objectives);
        each(path + "/weeks", phase.weeks, limits_.most_phase_weeks);
    }

    void check(const std::string& path, const Week& week) {
        text(path + "/notes", week.notes);
        text(path + "/coachTip", week.coach_tip);
        texts(path + "/weeklyGoals", week.goals);
        each(path + "/days", week.days, limits_.most_days);
    }

    void check(const std::string& path, const Day& day) {
        text(path + "/focus", day.focus);
        text(path + "/notes", day.notes);
        texts(path + "/warmUp", day.warm_up);
        texts(path + "/coolDown", day.cool_down);
        each(path + "/exercises", day.exercises, limits_.most_exercises);
    }

    void check(const std::string& path, const PlannedExercise& exercise) {
        text(path + "/name", exercise.name, limits_.longest_name);
        text(path + "/reps", exercise.reps, limits_.longest_name);
        text(path + "/rest", exercise.rest, limits_.longest_name);
        text(path + "/weight", exercise.weight, limits_.longest_name);
        text(path + "/tempo", exercise.tempo, limits_.longest_name);
        text(path + "/notes", exercise.notes);
    }

    template <class T>
    void each(const std::string& path, const std::vector<T>& items, int most) {
        if (items.empty() && !std::is_same_v<T, PlannedExercise> && !std::is_same_v<T, Day>)
            out_.reject(path, "is empty");
        if (!fits(path, items.size(), static_cast<std::size_t>(most))) return;
        for (std::size_t i = 0; i < items.size(); ++i) check(fmt::format("{}/{}", path, i), items[i]);
    }

    void texts(const std::string& path, const std::vector<std::string>& items) {
        if (!fits(path, items.size(), limits_.most_list_items)) return;
        for (std::size_t i = 0; i < items.size(); ++i) text(fmt::format("{}/{}", path, i), items[i]);
    }

    void text(const std::string& path, const std::string& text) {
        this->text(path, text, limits_.longest_text);
    }
    void text(const std::string& path, const std::string& text, std::size_t most) {
        if (text.size() > most) out_.reject(path, fmt::format("is longer than {} bytes", most));
    }

    bool fits(const std::string& path, std::size_t count, std::size_t most) {
        if (count <= most) return true;
        out_.reject(path, fmt::format("lists {} things; {} are the most", count, most));
        return false;
    }

    const Limits& limits_;
    Findings& out_;
};

}  // namespace

void bounds(const Program& program, const Limits& limits, Findings& out) {
    Bounds(limits, out).check(program);
}

}  // namespace spotter::work::training::rule
