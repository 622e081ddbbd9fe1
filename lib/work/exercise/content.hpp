#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "work/exercise/assignment.hpp"
#include "work/kind.hpp"

/// What is stored of an answer that passed.
namespace spotter::work::exercises {

/// The exercise as an app reads it: the answer without nulls, and what no model is asked for:
///
///     id                  a UUID made of the exercise itself, so that one exercise has one id
///     imageUrl            of visual_identification and image_labeling: the assignment's picture
///     options[].id, options[].imageUrl, correctOptionId
///                         of visual_discrimination, in correctSpecies' stead
///     labels[].id         of image_labeling and visual_identification
///     correctLabelId      of visual_identification
///     metadata.difficulty, metadata.topics    as asked for; topics as answered where none were
///     metadata.positions  "known" for a picture whose parts are known, else "estimated"
///     metadata.generatedAt, metadata.model
std::string stored_content(json::Document answer, const Assignment& assignment, const Stamp& stamp);

/// {"metadata": {"validationNotes": ["rule at path: message", …]}}: the warnings among `violations`.
std::string stored_columns(const std::vector<Violation>& violations);

}  // namespace spotter::work::exercises
