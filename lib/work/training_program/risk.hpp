#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "work/training_program/catalogue.hpp"

/// What an exercise's name gives away: where it may hurt, and what it needs. For names that the catalogue
/// does not know; where it knows one, its entry decides.
namespace spotter::work::training {

/// True when the exercise loads one of the `injured` regions, by its entry or, `known` being nullptr, its
/// name.
bool may_hurt(std::string_view name, const Exercise* known, SetOf<Region> injured);

/// True when the words of `name` ask for equipment that is not `owned`.
bool names_missing_equipment(std::string_view name, SetOf<Equipment> owned);

/// The words that `may_hurt` looks for with these injuries, "squat", "jump".
std::vector<std::string> words_ruled_out(SetOf<Region> injured);

}  // namespace spotter::work::training
