#include <map>
#include <optional>

#include "work/training_program/prescription.hpp"
#include "work/training_program/rules/all.hpp"
#include "work/words.hpp"

namespace spotter::work::training::rule {
namespace {

constexpr double pounds_a_kilogram = 2.2046;

struct PlacedLoad {
    Load load;
    std::string path;
};
using Loads = std::map<std::string, PlacedLoad>;  ///< the heaviest of each exercise

Loads loads_of(const PlacedWeek& week) {
    Loads loads;
    for (const PlacedDay& day : week.days)
        for (const PlacedExercise& exercise : day.exercises) {
            auto load = read_load(exercise.planned->weight);
            if (!load) continue;
            std::string key = exercise.known ? exercise.known->name : words(exercise.planned->name);
            auto [entry, fresh] = loads.try_emplace(key, PlacedLoad{*load, exercise.path + "/weight"});
            if (!fresh && entry->second.load.unit == load->unit && entry->second.load.value < load->value)
                entry->second = {*load, exercise.path + "/weight"};
        }
    return loads;
}

/// The heaviest that may follow on `load`.
double next_load(const Load& load, const Limits& limits) {
    double stepped = load.value * (1 + limits.load_step);
    switch (load.unit) {
        case Load::Unit::kg:
            return std::max(stepped, load.value + limits.plate);
        case Load::Unit::lb:
            return std::max(stepped, load.value + limits.plate * pounds_a_kilogram);
        case Load::Unit::percent:
            return stepped;
    }
    return stepped;
}

/// Where a phase stands on the way from volume to intensity; 0 when it does not say.
int rank(const Phase& phase) {
    if (phase.adaptation == "accumulation") return 1;
    if (phase.adaptation == "intensification") return 2;
    if (phase.adaptation == "realization") return 3;
    return 0;
}

struct PhaseEffort {
    const Phase* phase;
    std::string path;
    double sum = 0;
    int weeks = 0;
    double mean() const { return weeks ? sum / weeks : 0; }
};

/// The mean RPE of each phase that has a rank, over its loading weeks.
std::vector<PhaseEffort> efforts(const Subject& subject) {
    std::vector<PhaseEffort> out;
    for (const PlacedWeek& week : subject.weeks) {
        double rpe = mean_rpe(week);
        if (week.deload || rpe == 0 || rank(*week.phase) == 0) continue;
        if (out.empty() || out.back().phase != week.phase) out.push_back({week.phase, week.path});
        out.back().sum += rpe;
        ++out.back().weeks;
    }
    return out;
}

}  // namespace

/// A week's heaviest load of an exercise against that of the last loading week that had it.
void load_step(const Subject& subject, Findings& out) {
    Loads last;
    for (const PlacedWeek& week : subject.weeks)
        for (auto& [exercise, now] : loads_of(week)) {
            auto before = last.find(exercise);
            bool comparable = before != last.end() && before->second.load.unit == now.load.unit;
            double most = comparable ? next_load(before->second.load, subject.limits) : now.load.value;
            if (now.load.value > most * 1.0001)
                out.reject(now.path, fmt::format("steps up from {:g} to {:g}; {:.4g} is the most",
                                                 before->second.load.value, now.load.value, most));
            if (!week.deload) last.insert_or_assign(exercise, now);
        }
}

void volume_step(const Subject& subject, Findings& out) {
    double last = 0;
    for (const PlacedWeek& week : subject.weeks) {
        if (week.deload) continue;
        double more = week.hard_sets - last;
        if (last > 0 && more > subject.limits.volume_step_sets) {
            std::string message = fmt::format("{:g} hard sets follow on {:g}", week.hard_sets, last);
            if (more > last * subject.limits.volume_step)
                out.reject(week.path, message + fmt::format("; {:.0f} % more is the limit",
                                                            subject.limits.volume_step * 100));
            else if (more > last * subject.limits.volume_step_note)
                out.warn(week.path, message);
        }
        last = week.hard_sets;
    }
}

void effort_by_phase(const Subject& subject, Findings& out) {
    auto phases = efforts(subject);
    for (std::size_t i = 1; i < phases.size(); ++i) {
        const PhaseEffort &before = phases[i - 1], &now = phases[i];
        if (rank(*now.phase) > rank(*before.phase) && now.mean() <= before.mean())
            out.reject(now.path, fmt::format("the mean RPE is {:.1f} in {} after {:.1f} in {}; it must rise",
                                             now.mean(), now.phase->adaptation, before.mean(),
                                             before.phase->adaptation));
    }
}

void effort_in_deload(const Subject& subject, Findings& out) {
    for (std::size_t i = 1; i < subject.weeks.size(); ++i) {
        if (!subject.weeks[i].deload) continue;
        double before = mean_rpe(subject.weeks[i - 1]), now = mean_rpe(subject.weeks[i]);
        if (before > 0 && now >= before)
            out.reject(
                subject.weeks[i].path,
                fmt::format("the mean RPE is {:.1f} in a deload after {:.1f}; it must drop", now, before));
    }
}

void deload_due(const Subject& subject, Findings& out) {
    int loading = 0;
    for (const PlacedWeek& week : subject.weeks) {
        loading = week.deload ? 0 : loading + 1;
        if (loading == subject.limits.loading_weeks + 1)
            out.warn(week.path,
                     fmt::format("{} weeks went before without a deload", subject.limits.loading_weeks));
    }
}

void deload_halves(const Subject& subject, Findings& out) {
    for (std::size_t i = 1; i < subject.weeks.size(); ++i) {
        const PlacedWeek &before = subject.weeks[i - 1], &now = subject.weeks[i];
        if (now.deload && now.hard_sets > before.hard_sets * subject.limits.deload_share)
            out.warn(now.path, fmt::format("a deload of {:g} hard sets after {:g} is not about half",
                                           now.hard_sets, before.hard_sets));
    }
}

}  // namespace spotter::work::training::rule
