#include <algorithm>
#include <cmath>

#include "work/training_program/rules/all.hpp"
#include "work/training_program/volume.hpp"

namespace spotter::work::training::rule {
namespace {

std::string sets_text(double sets, Muscle muscle) {
    return fmt::format("{:g} hard sets for {}", sets, name(muscle));
}

/// `visit(week, muscle, sets)` for every week that loads.
template <class Visit>
void each_loading_week(const Subject& subject, Visit visit) {
    for (const PlacedWeek& week : subject.weeks)
        for (Muscle muscle : muscles)
            if (!week.deload) visit(week, muscle, week.sets[muscle]);
}

/// Of the loading weeks; 0 when there is none.
double mean_sets(const Subject& subject, Muscle muscle) {
    double sum = 0;
    int weeks = 0;
    for (const PlacedWeek& week : subject.weeks) {
        if (week.deload) continue;
        sum += week.sets[muscle];
        ++weeks;
    }
    return weeks ? sum / weeks : 0;
}

}  // namespace

void volume_ceiling(const Subject& subject, Findings& out) {
    int ceiling = subject.limits.ceiling_of(subject.profile.level);
    for (const PlacedWeek& week : subject.weeks)
        for (Muscle muscle : muscles)
            if (week.sets[muscle] > ceiling)
                out.reject(week.path, fmt::format("{}; {} a week are the most at this level",
                                                  sets_text(week.sets[muscle], muscle), ceiling));
}

/// One note a muscle, at its lowest week. Muscles that need no direct work are left alone.
void volume_low(const Subject& subject, Findings& out) {
    int low = subject.limits.low_of(subject.profile.level);
    for (Muscle muscle : muscles) {
        const PlacedWeek* lowest = nullptr;
        for (const PlacedWeek& week : subject.weeks)
            if (!week.deload && (!lowest || week.sets[muscle] < lowest->sets[muscle])) lowest = &week;
        if (lowest && subject.analysis.landmarks[muscle].mev > 0 && lowest->sets[muscle] < low)
            out.warn(lowest->path, fmt::format("{}; {} are usual at this level",
                                               sets_text(lowest->sets[muscle], muscle), low));
    }
}

void volume_minimum(const Subject& subject, Findings& out) {
    each_loading_week(subject, [&](const PlacedWeek& week, Muscle muscle, double sets) {
        int least = required_sets(subject.profile, subject.analysis, muscle);
        if (sets < least)
            out.reject(week.path,
                       fmt::format("{}; this user needs at least {}", sets_text(sets, muscle), least));
    });
}

void volume_landmarks(const Subject& subject, Findings& out) {
    each_loading_week(subject, [&](const PlacedWeek& week, Muscle muscle, double sets) {
        const Landmarks& landmarks = subject.analysis.landmarks[muscle];
        double most = most_sets(landmarks, subject.limits);
        if (sets > most)
            out.reject(week.path, fmt::format("{}; this user adapts to at most {:g} (MAV {}, MRV {})",
                                              sets_text(sets, muscle), most, landmarks.mav, landmarks.mrv));
    });
}

void volume_as_stated(const Subject& subject, Findings& out) {
    if (!subject.program.weekly_sets) return;
    for (Muscle muscle : muscles) {
        double stated = (*subject.program.weekly_sets)[muscle], real = mean_sets(subject, muscle);
        if (std::abs(stated - real) > std::max(2.0, real / 4))
            out.warn(fmt::format("/volumeDistribution/{}", name(muscle)),
                     fmt::format("states {:g} sets a week, but the weeks hold {:.1f}", stated, real));
    }
}

void push_pull_balance(const Subject& subject, Findings& out) {
    double push = 0, pull = 0;
    for (const PlacedWeek& week : subject.weeks)
        for (const PlacedDay& day : week.days)
            for (const PlacedExercise& exercise : day.exercises) {
                if (!exercise.known || !exercise.hard) continue;
                Pattern pattern = exercise.known->pattern;
                if (pattern == Pattern::horizontal_push || pattern == Pattern::vertical_push)
                    push += exercise.planned->sets;
                if (pattern == Pattern::horizontal_pull || pattern == Pattern::vertical_pull)
                    pull += exercise.planned->sets;
            }
    if (push > pull * subject.limits.push_pull || pull > push * subject.limits.push_pull)
        out.warn("/phases", fmt::format("{:g} pushing sets stand against {:g} pulling ones", push, pull));
}

}  // namespace spotter::work::training::rule
