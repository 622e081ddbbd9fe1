#include "work/training_program/rules/all.hpp"
#include "work/training_program/said.hpp"
#include "work/training_program/words.hpp"

namespace spotter::work::training::rule {
namespace {

/// Words in the name of an exercise that the catalogue does not know, and where what they stand for hurts.
struct RiskWord {
    std::string_view phrase;
    SetOf<Region> hurts;
};

using enum Region;

constexpr RiskWord risk_words[] = {
    {"leg press*", {knee, hip}},
    {"behind the neck", {shoulder, neck}},
    {"overhead", {shoulder, neck}},
    {"push press*", {shoulder, neck, lower_back}},
    {"jerk*", {shoulder, wrist, lower_back}},
    {"press", {shoulder}},
    {"presses", {shoulder}},
    {"dip", {shoulder, elbow}},
    {"dips", {shoulder, elbow}},
    {"upright row*", {shoulder}},
    {"handstand*", {shoulder, wrist, neck}},
    {"headstand*", {neck}},
    {"muscle up*", {shoulder, elbow}},
    {"snatch*", {shoulder, wrist, lower_back, knee}},
    {"clean", {wrist, lower_back, knee}},
    {"cleans", {wrist, lower_back, knee}},
    {"push up*", {wrist, shoulder}},
    {"pushup*", {wrist, shoulder}},
    {"front squat*", {wrist, knee, hip}},
    {"squat*", {knee, hip}},
    {"lunge*", {knee, hip}},
    {"step up*", {knee}},
    {"pistol*", {knee, hip, ankle}},
    {"leg extension*", {knee}},
    {"jump*", {knee, ankle}},
    {"hop", {knee, ankle}},
    {"hops", {knee, ankle}},
    {"skipping", {knee, ankle}},
    {"bounds", {knee, ankle}},
    {"plyo*", {knee, ankle}},
    {"burpee*", {knee, ankle, wrist}},
    {"sprint*", {knee, ankle, hip}},
    {"run", {knee, ankle}},
    {"running", {knee, ankle}},
    {"jog*", {knee, ankle}},
    {"deadlift*", {lower_back, upper_back}},
    {"rdl*", {lower_back}},
    {"good morning*", {lower_back}},
    {"swing*", {lower_back, hip}},
    {"hyperextension*", {lower_back}},
    {"bent over", {lower_back}},
    {"sit up*", {lower_back}},
    {"situp*", {lower_back}},
    {"crunch*", {lower_back}},
    {"russian twist*", {lower_back}},
    {"hip thrust*", {hip}},
    {"shrug*", {neck, upper_back}},
    {"neck", {neck}},
    {"skull crusher*", {elbow}},
    {"skullcrusher*", {elbow}},
    {"triceps extension*", {elbow}},
    {"tricep extension*", {elbow}},
    {"wrist*", {wrist}},
    {"calf raise*", {ankle}},
};

/// Names that need equipment without naming it; one of these will do.
constexpr EquipmentWord implied_equipment[] = {
    {"leg press*", {Equipment::machines}},
    {"pec deck", {Equipment::machines}},
    {"hack squat*", {Equipment::machines, Equipment::barbell}},
    {"pulldown*", {Equipment::cable, Equipment::machines, Equipment::bands}},
    {"pull down*", {Equipment::cable, Equipment::machines, Equipment::bands}},
    {"pull up", {Equipment::pull_up_bar, Equipment::machines}},
    {"pull ups", {Equipment::pull_up_bar, Equipment::machines}},
    {"pullup", {Equipment::pull_up_bar, Equipment::machines}},
    {"pullups", {Equipment::pull_up_bar, Equipment::machines}},
    {"chin up", {Equipment::pull_up_bar, Equipment::machines}},
    {"chin ups", {Equipment::pull_up_bar, Equipment::machines}},
    {"muscle up*", {Equipment::pull_up_bar}},
    {"landmine*", {Equipment::barbell}},
};

/// The first phrase of `table` in `heard` that needs what the user does not own; empty when there is none.
std::string_view missing(std::span<const EquipmentWord> table, std::string& heard, SetOf<Equipment> owned) {
    for (const EquipmentWord& word : table)
        if (take_phrase(heard, word.phrase) && !owned.intersects(word.means)) return word.phrase;
    return {};
}

std::string_view missing_by_name(std::string_view name, SetOf<Equipment> owned) {
    std::string heard = words(name);
    auto named = missing(equipment_words(), heard, owned);
    return named.empty() ? missing(implied_equipment, heard, owned) : named;
}

/// Which of the user's regions an exercise of that name may hurt.
bool hurts(std::string_view name, const Exercise* known, SetOf<Region> injured) {
    if (known) return known->contraindicated.intersects(injured);
    std::string heard = words(name);
    for (const RiskWord& word : risk_words)
        if (take_phrase(heard, word.phrase) && word.hurts.intersects(injured)) return true;
    return false;
}

/// `visit(path, text)` for every line of warm-up and cool-down.
template <class Visit>
void each_drill(const PlacedDay& day, Visit visit) {
    for (std::size_t i = 0; i < day.day->warm_up.size(); ++i)
        visit(fmt::format("{}/warmUp/{}", day.path, i), day.day->warm_up[i]);
    for (std::size_t i = 0; i < day.day->cool_down.size(); ++i)
        visit(fmt::format("{}/coolDown/{}", day.path, i), day.day->cool_down[i]);
}

}  // namespace

void injuries(const Subject& subject, Findings& out) {
    SetOf<Region> injured = subject.profile.injured;
    if (injured.empty()) return;
    constexpr std::string_view message = "is ruled out by the user's injuries; choose another exercise";
    for (const PlacedWeek& week : subject.weeks)
        for (const PlacedDay& day : week.days) {
            for (const PlacedExercise& exercise : day.exercises)
                if (hurts(exercise.planned->name, exercise.known, injured))
                    out.reject(exercise.path, fmt::format("\"{}\" {}", exercise.planned->name, message));
            each_drill(day, [&](std::string path, const std::string& drill) {
                if (hurts(drill, exercise_named(drill), injured))
                    out.reject(std::move(path), fmt::format("\"{}\" {}", excerpt(drill, 80), message));
            });
        }
}

void equipment(const Subject& subject, Findings& out) {
    SetOf<Equipment> owned = subject.profile.equipment;
    constexpr std::string_view message = "needs equipment that the user does not have";
    for (const PlacedWeek& week : subject.weeks)
        for (const PlacedDay& day : week.days) {
            for (const PlacedExercise& exercise : day.exercises) {
                const std::string& name = exercise.planned->name;
                if ((exercise.known && !can_do(*exercise.known, owned)) ||
                    !missing_by_name(name, owned).empty())
                    out.reject(exercise.path, fmt::format("\"{}\" {}", name, message));
            }
            each_drill(day, [&](std::string path, const std::string& drill) {
                if (!missing_by_name(drill, owned).empty())
                    out.reject(std::move(path), fmt::format("\"{}\" {}", excerpt(drill, 80), message));
            });
        }
}

void known_exercises(const Subject& subject, Findings& out) {
    for (const PlacedWeek& week : subject.weeks)
        for (const PlacedDay& day : week.days)
            for (const PlacedExercise& exercise : day.exercises)
                if (!exercise.known)
                    out.warn(exercise.path + "/name",
                             fmt::format("\"{}\" is not in the catalogue; its sets are not counted",
                                         exercise.planned->name));
}

}  // namespace spotter::work::training::rule
