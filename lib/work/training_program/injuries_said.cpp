#include <algorithm>
#include <sstream>
#include <string>

#include "work/training_program/said.hpp"
#include "work/words.hpp"

namespace spotter::work::training {
namespace {

using enum Region;

struct InjuryWord {
    std::string_view phrase;  ///< for `has_phrase`, so without accents
    SetOf<Region> means;
};

/// Where a word may mean more than one place, it means all of them.
constexpr InjuryWord known_injuries[] = {
    {"neck", {neck}},
    {"cervical", {neck}},
    {"whiplash", {neck}},
    {"cuello", {neck}},
    {"nacken*", {neck}},
    {"nuque", {neck}},
    {"shoulder*", {shoulder}},
    {"rotator*", {shoulder}},
    {"labrum", {shoulder, hip}},
    {"impingement", {shoulder}},
    {"ac joint", {shoulder}},
    {"collarbone", {shoulder}},
    {"clavic*", {shoulder}},
    {"pec", {shoulder}},
    {"pectoral*", {shoulder}},
    {"hombro*", {shoulder}},
    {"schulter*", {shoulder}},
    {"epaule*", {shoulder}},
    {"elbow*", {elbow}},
    {"epicondyl*", {elbow}},
    {"biceps", {elbow, shoulder}},
    {"bicep", {elbow, shoulder}},
    {"triceps", {elbow}},
    {"tricep", {elbow}},
    {"codo*", {elbow}},
    {"ellbogen*", {elbow}},
    {"ellenbogen*", {elbow}},
    {"tennisarm", {elbow}},
    {"coude*", {elbow}},
    {"wrist*", {wrist}},
    {"carpal*", {wrist}},
    {"hand", {wrist}},
    {"hands", {wrist}},
    {"thumb*", {wrist}},
    {"finger*", {wrist}},
    {"forearm*", {wrist, elbow}},
    {"muneca*", {wrist}},
    {"mano", {wrist}},
    {"manos", {wrist}},
    {"handgelenk*", {wrist}},
    {"poignet*", {wrist}},
    {"upper back", {upper_back}},
    {"mid back", {upper_back}},
    {"middle back", {upper_back}},
    {"thoracic", {upper_back}},
    {"scapula*", {upper_back, shoulder}},
    {"rhomboid*", {upper_back}},
    {"trap", {upper_back, neck}},
    {"traps", {upper_back, neck}},
    {"trapez*", {upper_back, neck}},
    {"espalda alta", {upper_back}},
    {"haut du dos", {upper_back}},
    {"oberer rucken", {upper_back}},
    {"back", {lower_back}},
    {"lumbar*", {lower_back}},
    {"lumbago", {lower_back}},
    {"sciatic*", {lower_back}},
    {"disc", {lower_back}},
    {"discs", {lower_back}},
    {"disk", {lower_back}},
    {"hernia*", {lower_back}},
    {"spine", {lower_back}},
    {"spinal", {lower_back}},
    {"scoliosis", {lower_back}},
    {"l4", {lower_back}},
    {"l5", {lower_back}},
    {"espalda", {lower_back}},
    {"ciatica", {lower_back}},
    {"rucken*", {lower_back}},
    {"kreuzschmerz*", {lower_back}},
    {"bandscheibe*", {lower_back}},
    {"ischias", {lower_back}},
    {"dos", {lower_back}},
    {"lombaire*", {lower_back}},
    {"hip", {hip}},
    {"hips", {hip}},
    {"groin", {hip}},
    {"adductor*", {hip}},
    {"piriformis", {hip}},
    {"hamstring*", {hip, knee}},
    {"glute*", {hip}},
    {"cadera*", {hip}},
    {"ingle", {hip}},
    {"hufte*", {hip}},
    {"huft*", {hip}},
    {"leiste*", {hip}},
    {"hanche*", {hip}},
    {"knee*", {knee}},
    {"acl", {knee}},
    {"mcl", {knee}},
    {"pcl", {knee}},
    {"lcl", {knee}},
    {"menisc*", {knee}},
    {"patell*", {knee}},
    {"quad", {knee}},
    {"quads", {knee}},
    {"quadriceps", {knee}},
    {"it band", {knee, hip}},
    {"rodilla*", {knee}},
    {"knie*", {knee}},
    {"kreuzband*", {knee}},
    {"genou*", {knee}},
    {"ankle*", {ankle}},
    {"achilles", {ankle}},
    {"foot", {ankle}},
    {"feet", {ankle}},
    {"plantar", {ankle}},
    {"heel*", {ankle}},
    {"shin", {ankle}},
    {"shins", {ankle}},
    {"calf", {ankle}},
    {"calves", {ankle}},
    {"tobillo*", {ankle}},
    {"pie", {ankle}},
    {"knochel*", {ankle}},
    {"sprunggelenk*", {ankle}},
    {"cheville*", {ankle}},
    {"pied*", {ankle}},
};

/// A text that is made of these words alone, one of the first list among them, says that there is nothing.
constexpr std::string_view denials[] = {
    "no",   "none",    "not", "nothing", "nil",  "na",     "n",     "nope",   "healthy", "null", "ninguna",
    "nada", "ninguno", "sin", "keine",   "nein", "nichts", "aucun", "aucune", "non",     "rien", "pas"};
constexpr std::string_view fillers[] = {"a",           "any",        "i",
                                        "have",        "am",         "m",
                                        "injury",      "injuries",   "limitation",
                                        "limitations", "issue",      "issues",
                                        "problem",     "problems",   "pain",
                                        "known",       "current",    "currently",
                                        "at",          "the",        "moment",
                                        "time",        "this",       "or",
                                        "and",         "of",         "all",
                                        "good",        "fine",       "lesion",
                                        "lesiones",    "verletzung", "verletzungen",
                                        "blessure",    "blessures",  "de",
                                        "really",      "s"};

bool says_nothing(std::string_view heard) {
    auto among = [](const auto& list, const std::string& word) {
        return std::find(std::begin(list), std::end(list), word) != std::end(list);
    };
    std::istringstream in{std::string(heard)};
    bool denied = false, empty = true;
    for (std::string word; in >> word; empty = false) {
        if (among(denials, word))
            denied = true;
        else if (!among(fillers, word))
            return false;
    }
    return denied || empty;
}

}  // namespace

Injuries injuries_in(std::string_view said) {
    std::string heard = words(said);
    Injuries injuries;
    injuries.none = says_nothing(heard);
    if (injuries.none) return injuries;
    // What names the upper back is taken out first, so that "back" alone is left to mean the lower one.
    for (const InjuryWord& word : known_injuries)
        if (take_phrase(heard, word.phrase)) injuries.regions.insert(word.means);
    return injuries;
}

}  // namespace spotter::work::training
