#include "work/training_program/planner/draft.hpp"

#include <algorithm>

#include "work/training_program/limits.hpp"
#include "work/training_program/volume.hpp"

namespace spotter::work::training::planning {
namespace {

/// Between two bouts of cardio, and after a single one.
constexpr int cardio_rest = 60;

bool is_core(const Exercise& exercise) {
    return std::all_of(exercise.primary.begin(), exercise.primary.end(),
                       [](Muscle muscle) { return muscle == Muscle::abs; });
}

}  // namespace

int Session::direct_sets(Muscle muscle) const {
    int sets = 0;
    for (const Item& item : items)
        if (is_hard(*item.exercise) && trains(*item.exercise, muscle)) sets += item.sets;
    return sets;
}

bool Session::has(const Exercise& exercise) const {
    return std::any_of(items.begin(), items.end(),
                       [&](const Item& item) { return item.exercise == &exercise; });
}

std::vector<const Exercise*> Session::exercises() const {
    std::vector<const Exercise*> out;
    for (const Item& item : items) out.push_back(item.exercise);
    return out;
}

Role plain_role(const Exercise& exercise) {
    if (exercise.pattern == Pattern::cardio) return Role::cardio;
    if (exercise.pattern == Pattern::mobility) return Role::mobility;
    if (exercise.pattern == Pattern::jump) return Role::power;
    if (exercise.compound) return Role::compound;
    return is_core(exercise) ? Role::core : Role::isolation;
}

Role Draft::role_of(const Exercise& exercise) const {
    bool anchors = std::any_of(sessions.begin(), sessions.end(),
                               [&](const Session& session) { return session.anchor == &exercise; });
    return anchors && is_hard(exercise) ? Role::anchor : plain_role(exercise);
}

PerMuscle<double> Draft::volume() const {
    constexpr Limits limits;
    PerMuscle<double> sets;
    for (const Session& session : sessions)
        for (const Item& item : session.items) {
            if (!is_hard(*item.exercise)) continue;
            for (Muscle muscle : item.exercise->primary) sets[muscle] += item.sets;
            for (Muscle muscle : item.exercise->secondary) sets[muscle] += item.sets * limits.indirect;
        }
    return sets;
}

int Draft::hard_sets() const {
    int sets = 0;
    for (const Session& session : sessions)
        for (const Item& item : session.items)
            if (is_hard(*item.exercise)) sets += item.sets;
    return sets;
}

int overhead_minutes(SessionLength length) {
    return length.longest <= 45 ? 8 : 12;
}

int seconds_of(const Item& item, const Draft& draft, const Style& style) {
    if (item.seconds > 0) return item.sets * (item.seconds + cardio_rest);
    Dose dose = dose_of(*item.exercise, draft.role_of(*item.exercise), style, "accumulation", draft.pace);
    return item.sets * seconds_of(dose, *item.exercise);
}

int seconds_of(const Session& session, const Draft& draft, const Style& style) {
    int seconds = 0;
    for (const Item& item : session.items) seconds += seconds_of(item, draft, style);
    return seconds;
}

void put_in_order(Draft& draft) {
    for (Session& session : draft.sessions) {
        auto role = [&](const Item& item) {
            return item.exercise == session.anchor ? Role::anchor : plain_role(*item.exercise);
        };
        std::stable_sort(session.items.begin(), session.items.end(),
                         [&](const Item& a, const Item& b) { return role(a) < role(b); });
    }
}

}  // namespace spotter::work::training::planning
