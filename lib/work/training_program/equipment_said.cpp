#include <algorithm>

#include "work/training_program/said.hpp"
#include "work/words.hpp"

namespace spotter::work::training {
namespace {

using enum Equipment;

constexpr SetOf<Equipment> commercial_gym = {
    bodyweight,  barbell,  squat_rack, bench,         dumbbells, kettlebells,    cable,        machines,
    pull_up_bar, dip_bars, bands,      medicine_ball, box,       cardio_machine, smith_machine};

/// In a user's list only. A trap bar and a suspension trainer are not to be counted on in every gym.
constexpr std::string_view gym_phrases[] = {"full gym",       "commercial gym", "full commercial gym",
                                            "gym membership", "gym access",     "fully equipped*",
                                            "everything",     "full equipment"};

constexpr EquipmentWord known_equipment[] = {
    {"cable machine*", {cable}},
    {"cable*", {cable}},
    {"cardio machine*", {cardio_machine}},
    {"cardio equipment", {cardio_machine}},
    {"rowing machine*", {cardio_machine}},
    {"rowing ergometer", {cardio_machine}},
    {"stair climber", {cardio_machine}},
    {"stairmaster", {cardio_machine}},
    {"treadmill*", {cardio_machine}},
    {"elliptical*", {cardio_machine}},
    {"stationary bike", {cardio_machine}},
    {"exercise bike", {cardio_machine}},
    {"spin bike", {cardio_machine}},
    {"assault bike", {cardio_machine}},
    {"air bike", {cardio_machine}},
    {"rower", {cardio_machine}},
    {"smith machine*", {smith_machine}},
    {"smith", {smith_machine}},
    {"machine*", {machines}},
    {"trap bar*", {trap_bar}},
    {"hex bar*", {trap_bar}},
    {"pull up bar*", {pull_up_bar}},
    {"pullup bar*", {pull_up_bar}},
    {"chin up bar*", {pull_up_bar}},
    {"chinup bar*", {pull_up_bar}},
    {"dip bar*", {dip_bars}},
    {"dip station*", {dip_bars}},
    {"dipping bar*", {dip_bars}},
    {"parallel bar*", {dip_bars}},
    {"barbell*", {barbell}},
    {"ez bar", {barbell}},
    {"squat rack*", {squat_rack}},
    {"power rack*", {squat_rack}},
    {"power cage", {squat_rack}},
    {"squat stand*", {squat_rack}},
    {"rack", {squat_rack}},
    {"weight bench", {bench}},
    {"bench*", {bench}},
    {"dumbbell*", {dumbbells}},
    {"dumb bell*", {dumbbells}},
    {"dumbell*", {dumbbells}},
    {"db", {dumbbells}},
    {"kettlebell*", {kettlebells}},
    {"kettle bell*", {kettlebells}},
    {"kb", {kettlebells}},
    {"band", {bands}},
    {"bands", {bands}},
    {"banded", {bands}},
    {"medicine ball*", {medicine_ball}},
    {"med ball*", {medicine_ball}},
    {"slam ball*", {medicine_ball}},
    {"wall ball*", {medicine_ball}},
    {"plyo box*", {box}},
    {"plyometric box*", {box}},
    {"jump box*", {box}},
    {"box", {box}},
    {"suspension trainer*", {suspension_trainer}},
    {"trx", {suspension_trainer}},
    {"gymnastic rings", {suspension_trainer}},
};

constexpr std::string_view negations[] = {" no ",    " not ",  " without ", " except ", " but ", " dont ",
                                          " don t ", " lack ", " minus ",   " ohne ",   " sin ", " sans "};

/// Where the first denial begins in `words`, or its end.
std::size_t denial(std::string_view words) {
    std::size_t first = words.size();
    for (std::string_view negation : negations) first = std::min(first, words.find(negation));
    return first;
}

SetOf<Equipment> named_in(std::string words) {
    SetOf<Equipment> found;
    for (std::string_view phrase : gym_phrases)
        if (take_phrase(words, phrase)) found.insert(commercial_gym);
    if (words == " gym ") found.insert(commercial_gym);
    for (const EquipmentWord& word : known_equipment)
        if (take_phrase(words, word.phrase)) found.insert(word.means);
    return found;
}

/// `visit` with each part of `text` between commas, full stops, brackets and the like: a denial reaches no
/// further.
template <class Visit>
void each_clause(std::string_view text, Visit visit) {
    while (!text.empty()) {
        auto end = std::min(text.find_first_of(",;.()[]\n"), text.size());
        visit(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

}  // namespace

std::span<const EquipmentWord> equipment_words() {
    return known_equipment;
}

SetOf<Equipment> equipment_in(std::span<const std::string> said) {
    SetOf<Equipment> owned, missing;
    for (const std::string& item : said) {
        each_clause(item, [&](std::string_view clause) {
            std::string heard = words(clause);
            std::size_t denied = denial(heard);
            owned.insert(named_in(heard.substr(0, denied + 1)));
            missing.insert(named_in(heard.substr(denied)));
        });
    }
    owned.erase(missing);
    owned.insert(bodyweight);
    return owned;
}

}  // namespace spotter::work::training
