#include "work/training_program/risk.hpp"

#include "work/training_program/said.hpp"
#include "work/words.hpp"

namespace spotter::work::training {
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

/// True when `heard` holds a phrase of `table` that stands for none of what is `owned`. Takes out what it
/// finds.
bool asks_for_more(std::span<const EquipmentWord> table, std::string& heard, SetOf<Equipment> owned) {
    for (const EquipmentWord& word : table)
        if (take_phrase(heard, word.phrase) && !owned.intersects(word.means)) return true;
    return false;
}

}  // namespace

bool may_hurt(std::string_view name, const Exercise* known, SetOf<Region> injured) {
    if (known) return known->contraindicated.intersects(injured);
    std::string heard = words(name);
    for (const RiskWord& word : risk_words)
        if (take_phrase(heard, word.phrase) && word.hurts.intersects(injured)) return true;
    return false;
}

bool names_missing_equipment(std::string_view name, SetOf<Equipment> owned) {
    std::string heard = words(name);
    return asks_for_more(equipment_words(), heard, owned) || asks_for_more(implied_equipment, heard, owned);
}

std::vector<std::string> words_ruled_out(SetOf<Region> injured) {
    std::vector<std::string> out;
    for (const RiskWord& word : risk_words)
        if (word.hurts.intersects(injured)) out.emplace_back(word.phrase.substr(0, word.phrase.find('*')));
    return out;
}

}  // namespace spotter::work::training
