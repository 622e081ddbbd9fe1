#pragma once

#include <span>
#include <string>
#include <string_view>

#include "work/training_program/body.hpp"

/// What free text about equipment and injuries means.
namespace spotter::work::training {

/// What a user owns by their own words, item by item: "Full Gym", "Barbell & plates", "everything but a
/// cable". Always holds bodyweight. Words we do not know add nothing; what is said to be missing is taken
/// away.
SetOf<Equipment> equipment_in(std::span<const std::string> said);

/// Words that stand for equipment both in a user's list and in an exercise's name. The words of one entry are
/// looked for before those of later entries, and a word that was found is not looked at again: a "cable
/// machine" is no machine.
struct EquipmentWord {
    std::string_view phrase;  ///< for `has_phrase`
    SetOf<Equipment> means;   ///< in a user's list: has all of these; in a name: needs one of these
};
std::span<const EquipmentWord> equipment_words();

/// Regions that a user says are hurt. English, and the commonest words of Spanish, German and French.
struct Injuries {
    bool none = true;       ///< nothing was said, or that there is none
    SetOf<Region> regions;  ///< may be empty although something was said, in words we do not know
};
Injuries injuries_in(std::string_view said);

}  // namespace spotter::work::training
