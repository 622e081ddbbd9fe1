#include <fmt/format.h>

#include <algorithm>

#include "work/exercise/rules/all.hpp"
#include "work/exercise/rules/helpers.hpp"

namespace spotter::work::exercises::rule {
namespace {

std::string species_path(std::size_t index) {
    return fmt::format("/options/{}/species", index);
}

/// What two options may not have in common: their picture, where there is one.
std::string shown_by(const std::string& species) {
    const Term* term = pictured(species);
    return term ? term->english.front() : species;
}

/// The row's own picture stands for the correct species, whatever that is.
bool is_shown_by_the_row(const std::string& species, const Discrimination& choice,
                         const Assignment& assignment) {
    return assignment.request.image_url && species == choice.correct;
}

}  // namespace

void enough_pictures(const Discrimination& choice, const Assignment&, Findings& out) {
    at_least("/options", choice.species.size(), limits.least_pictures, out);
}

void species_distinct(const Discrimination& choice, const Assignment&, Findings& out) {
    std::vector<std::string> shown;
    for (const std::string& species : choice.species) shown.push_back(shown_by(species));
    distinct(shown, species_path, out);
}

void correct_among_species(const Discrimination& choice, const Assignment&, Findings& out) {
    if (std::count(choice.species.begin(), choice.species.end(), choice.correct) != 1)
        out.reject("/correctSpecies",
                   fmt::format("\"{}\" must be the species of exactly one option, written the same",
                               choice.correct));
}

void species_pictured(const Discrimination& choice, const Assignment& assignment, Findings& out) {
    for (std::size_t i = 0; i < choice.species.size(); ++i)
        if (!pictured(choice.species[i]) && !is_shown_by_the_row(choice.species[i], choice, assignment))
            out.reject(species_path(i),
                       fmt::format("there is no picture of \"{}\"; choose from the list of pictures",
                                   choice.species[i]));
}

/// Where the vocabulary knows the target, the correct species is what it means, and no other is.
void target_shown_once(const Discrimination& choice, const Assignment&, Findings& out) {
    auto known = in_spanish(choice.target);
    if (known.empty()) {
        if (!in_english(choice.target).empty())
            out.reject("/targetTerm",
                       fmt::format("\"{}\" is English; write the Spanish term", choice.target));
        return;
    }
    auto shows_target = [&](const std::string& species) {
        return std::any_of(known.begin(), known.end(),
                           [&](const Term* term) { return means(*term, species); });
    };
    for (std::size_t i = 0; i < choice.species.size(); ++i)
        if (choice.species[i] != choice.correct && shows_target(choice.species[i]))
            out.reject(species_path(i), fmt::format("shows \"{}\" as well; replace it", choice.target));
    if (!shows_target(choice.correct) && !in_english(choice.correct).empty())
        out.reject("/correctSpecies",
                   fmt::format("\"{}\" does not mean \"{}\"", choice.target, choice.correct));
}

void pictures_by_difficulty(const Discrimination& choice, const Assignment& assignment, Findings& out) {
    int difficulty = assignment.request.difficulty;
    as_many("/options", choice.species.size(), Limits::at(limits.options, difficulty), difficulty, out);
}

}  // namespace spotter::work::exercises::rule
