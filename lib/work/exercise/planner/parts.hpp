#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "work/exercise/assignment.hpp"
#include "work/exercise/choice.hpp"

/// What the planner of each type does, and what they share.
namespace spotter::work::exercises::planner {

/// The whole answer of one type, JSON text.
std::string fill(const Assignment& assignment, Choice& choice);
std::string matching(const Assignment& assignment, Choice& choice);
std::string discrimination(const Assignment& assignment, Choice& choice);
std::string labelling(const Assignment& assignment, Choice& choice);

/// Which words an exercise may ask for.
enum class From { all, pictured };

/// `count` words to learn from one list to choose from: named ones first, then those whose level is nearest
/// to the difficulty, each chapter in turn. No two have a meaning or a spelling in common. Fewer where there
/// are no more.
std::vector<const Term*> choose_terms(const Assignment& assignment,
                                      const std::vector<const Chapter*>& chapters, From from,
                                      std::size_t count, Choice& choice);

/// True when the two have a meaning or a spelling in common.
bool are_confusable(const Term& a, const Term& b);

/// What one exercise is about: all that was asked for, or one of all chapters where nothing known was.
std::vector<const Chapter*> chapters_for(const Assignment& assignment, Choice& choice);

/// The answer's "metadata". `topics` is what it is about; `translation` and `picture_unseen`, what was
/// assumed of a picture, may be empty.
std::string metadata(const Assignment& assignment, const std::vector<std::string>& topics,
                     std::string_view translation, std::string_view picture_unseen = {});

std::vector<std::string> topics_of(const std::vector<const Chapter*>& chapters);

}  // namespace spotter::work::exercises::planner
