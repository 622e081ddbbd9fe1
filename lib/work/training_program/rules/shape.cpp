#include <algorithm>
#include <set>

#include "work/training_program/prescription.hpp"
#include "work/training_program/rules/all.hpp"
#include "work/words.hpp"

namespace spotter::work::training::rule {
namespace {

constexpr double longest_effort = 7200;  ///< seconds or metres

bool is_cardio(const PlacedExercise& exercise) {
    return exercise.known ? exercise.known->pattern == Pattern::cardio
                          : exercise.planned->category == "Cardio";
}

void reps(const PlacedExercise& exercise, const Limits& limits, Findings& out) {
    auto amount = read_amount(exercise.planned->reps);
    std::string path = exercise.path + "/reps";
    if (!amount) return out.reject(path, "no number of repetitions or time can be read");
    if (amount->open) return;
    bool counted = amount->of == Amount::Of::reps && !is_cardio(exercise);
    double most = counted ? limits.most_reps : longest_effort;
    if (amount->low <= 0 || amount->high > most) out.reject(path, fmt::format("must be from 1 to {}", most));
}

void rest(const PlacedExercise& exercise, const Limits& limits, Findings& out) {
    auto rest = read_rest(exercise.planned->rest);
    std::string path = exercise.path + "/rest";
    std::string bounds = fmt::format("must be from {} to {} seconds", limits.least_rest, limits.most_rest);
    if (!exercise.hard) {
        if (rest && rest->high > limits.most_rest) out.reject(path, bounds);
    } else if (!rest) {
        out.reject(path, "no time can be read");
    } else if (rest->low < limits.least_rest || rest->high > limits.most_rest) {
        out.reject(path, bounds);
    }
}

}  // namespace

void weeks_add_up(const Subject& subject, Findings& out) {
    const Program& program = subject.program;
    int sum = 0;
    std::set<int> numbers;
    for (std::size_t p = 0; p < program.phases.size(); ++p) {
        const Phase& phase = program.phases[p];
        sum += phase.weeks_planned;
        if (phase.weeks_planned < 1 || phase.weeks_planned > subject.limits.most_phase_weeks)
            out.reject(phase_path(p) + "/durationWeeks",
                       fmt::format("must be from 1 to {}", subject.limits.most_phase_weeks));
        if (phase.weeks_planned != static_cast<int>(phase.weeks.size()))
            out.reject(phase_path(p) + "/weeks", fmt::format("lists {} weeks, but durationWeeks is {}",
                                                             phase.weeks.size(), phase.weeks_planned));
        if (phase.number && !numbers.insert(*phase.number).second)
            out.reject(phase_path(p) + "/phaseNumber", "stands twice");
    }
    if (program.weeks_planned < 1 || program.weeks_planned > subject.limits.most_weeks)
        out.reject("/durationWeeksTotal", fmt::format("must be from 1 to {}", subject.limits.most_weeks));
    if (program.weeks_planned != sum)
        out.reject("/durationWeeksTotal",
                   fmt::format("is {}, but the phases sum up to {}", program.weeks_planned, sum));
}

void weeks_granted(const Subject& subject, Findings& out) {
    if (subject.program.weeks_planned != subject.analysis.weeks)
        out.reject("/durationWeeksTotal", fmt::format("must be {}", subject.analysis.weeks));
}

/// Weeks count from 1, through the program or anew in each phase.
void weeks_in_order(const Subject& subject, Findings& out) {
    int in_program = 0, in_phase = 0;
    const Phase* phase = nullptr;
    for (const PlacedWeek& placed : subject.weeks) {
        in_phase = placed.phase == phase ? in_phase + 1 : 1;
        phase = placed.phase;
        ++in_program;
        if (placed.week->number != in_program && placed.week->number != in_phase)
            out.reject(placed.path + "/weekNumber", fmt::format("must be {}", in_program));
        if (placed.week->in_phase && *placed.week->in_phase != in_phase)
            out.reject(placed.path + "/weekInPhase", fmt::format("must be {}", in_phase));
    }
}

void names(const Subject& subject, Findings& out) {
    if (words(subject.program.name) == " ") out.reject("/programName", "is empty");
    for (const PlacedWeek& week : subject.weeks)
        for (const PlacedDay& day : week.days)
            for (const PlacedExercise& exercise : day.exercises)
                if (words(exercise.planned->name) == " ") out.reject(exercise.path + "/name", "is empty");
}

void days_in_week(const Subject& subject, Findings& out) {
    const Limits& limits = subject.limits;
    if (subject.program.frequency &&
        (*subject.program.frequency < 1 || *subject.program.frequency > limits.most_days))
        out.reject("/trainingFrequency", fmt::format("must be from 1 to {}", limits.most_days));
    for (const PlacedWeek& week : subject.weeks) {
        std::set<int> seen;
        for (const PlacedDay& placed : week.days) {
            const Day& day = *placed.day;
            if (day.day_of_week < 1 || day.day_of_week > 7)
                out.reject(placed.path + "/dayOfWeek", "must be from 1 (Monday) to 7 (Sunday)");
            else if (!seen.insert(day.day_of_week).second)
                out.reject(placed.path + "/dayOfWeek", "stands twice in its week");
            if (day.rest_day && placed.is_training())
                out.reject(placed.path + "/isRestDay", "is true, but the day has work");
            if (day.minutes && placed.is_training() &&
                (*day.minutes < limits.least_minutes || *day.minutes > limits.most_minutes))
                out.reject(placed.path + "/estimatedDurationMinutes",
                           fmt::format("must be from {} to {}", limits.least_minutes, limits.most_minutes));
        }
        // Where everything hurts, a training day holds nothing harder than gentle mobility.
        auto has_work = [](const PlacedDay& day) { return !day.day->rest_day && !day.exercises.empty(); };
        if (std::none_of(week.days.begin(), week.days.end(), has_work))
            out.reject(week.path + "/days", "has no training day");
    }
}

void description(const Subject& subject, Findings& out) {
    if (characters(subject.program.description) < subject.limits.least_description)
        out.reject("/description",
                   fmt::format("needs at least {} characters", subject.limits.least_description));
}

void prescription(const Subject& subject, Findings& out) {
    const Limits& limits = subject.limits;
    for (const PlacedWeek& week : subject.weeks)
        for (const PlacedDay& day : week.days)
            for (const PlacedExercise& exercise : day.exercises) {
                const PlannedExercise& planned = *exercise.planned;
                if (planned.sets < 1 || planned.sets > limits.most_sets)
                    out.reject(exercise.path + "/sets",
                               fmt::format("must be from 1 to {}", limits.most_sets));
                if (planned.rpe && (*planned.rpe < limits.least_rpe || *planned.rpe > limits.most_rpe))
                    out.reject(exercise.path + "/rpe",
                               fmt::format("must be from {} to {}", limits.least_rpe, limits.most_rpe));
                reps(exercise, limits, out);
                rest(exercise, limits, out);
            }
}

}  // namespace spotter::work::training::rule
