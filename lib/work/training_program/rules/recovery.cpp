#include <algorithm>
#include <map>
#include <utility>

#include "work/training_program/prescription.hpp"
#include "work/training_program/rules/all.hpp"

namespace spotter::work::training::rule {
namespace {

/// What has to recover: a muscle group, or a part of it where a group's parts take turns, told by the
/// pattern.
using Part = std::pair<Muscle, int>;

constexpr int whole = -1;

/// Curls do not tire what extensions train, nor presses what lateral raises do.
Part part(Muscle muscle, Pattern pattern) {
    bool takes_turns = muscle == Muscle::arms || muscle == Muscle::shoulders;
    return {muscle, takes_turns ? static_cast<int>(pattern) : whole};
}

/// Small postural muscles, trained day after day by common practice.
bool recovers_overnight(Muscle muscle) {
    return muscle == Muscle::abs || muscle == Muscle::calves;
}

std::map<Part, int> direct_sets(const PlacedDay& day) {
    std::map<Part, int> sets;
    for (const PlacedExercise& exercise : day.exercises) {
        if (!exercise.known || !exercise.hard) continue;
        for (Muscle muscle : exercise.known->primary)
            if (!recovers_overnight(muscle))
                sets[part(muscle, exercise.known->pattern)] += exercise.planned->sets;
    }
    return sets;
}

int training_days(const PlacedWeek& week) {
    return static_cast<int>(std::count_if(week.days.begin(), week.days.end(),
                                          [](const PlacedDay& day) { return day.is_training(); }));
}

}  // namespace

/// Days of the same muscle are two apart or more, also over the end of a week.
void muscle_recovery(const Subject& subject, Findings& out) {
    std::map<int, const PlacedDay*> calendar;  // by days since the program's first Monday
    for (std::size_t week = 0; week < subject.weeks.size(); ++week)
        for (const PlacedDay& day : subject.weeks[week].days)
            calendar[static_cast<int>(week) * 7 + day.day->day_of_week] = &day;

    const int enough = subject.limits.hard_day_sets;
    std::map<Part, int> before;
    int date_before = -1;
    for (auto [date, day] : calendar) {
        auto now = direct_sets(*day);
        if (date != date_before + 1) before.clear();
        for (auto [trained, sets] : now)
            if (auto found = before.find(trained);
                sets >= enough && found != before.end() && found->second >= enough)
                out.reject(day->path,
                           fmt::format("{} is trained hard on two days in a row; it needs 48 hours",
                                       name(trained.first)));
        before = std::move(now);
        date_before = date;
    }
}

void rest_day(const Subject& subject, Findings& out) {
    for (const PlacedWeek& week : subject.weeks)
        if (training_days(week) > subject.limits.most_training_days)
            out.reject(week.path + "/days", "leaves no rest day");
}

void days_available(const Subject& subject, Findings& out) {
    int available = subject.profile.days, expected = std::min(available, subject.limits.most_training_days);
    for (const PlacedWeek& week : subject.weeks) {
        int days = training_days(week);
        if (days > available)
            out.reject(week.path + "/days",
                       fmt::format("has {} training days; the user has {}", days, available));
        else if (days < expected)
            out.warn(week.path + "/days",
                     fmt::format("has {} training days of the {} asked for", days, expected));
    }
}

void session_length(const Subject& subject, Findings& out) {
    int longest = subject.profile.session.longest;
    double most = longest * (1 + subject.limits.overrun);
    for (const PlacedWeek& week : subject.weeks)
        for (const PlacedDay& day : week.days) {
            double minutes = minutes_of(*day.day, subject.limits);
            if (minutes > most)
                out.reject(day.path,
                           fmt::format("takes about {:.0f} minutes; the user has {}", minutes, longest));
            else if (minutes > longest)
                out.warn(day.path,
                         fmt::format("takes about {:.0f} minutes; the user has {}", minutes, longest));
            if (day.day->minutes && *day.day->minutes > most)
                out.reject(day.path + "/estimatedDurationMinutes",
                           fmt::format("is over the user's {}", longest));
        }
}

}  // namespace spotter::work::training::rule
