#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "work/kind.hpp"
#include "work/training_program/analysis.hpp"
#include "work/training_program/program.hpp"

/// What is stored of an answer that passed.
namespace spotter::work::training {

/// The program as program_details holds it: the answer without nulls, with generatedAt and aiModelUsed.
std::string stored_content(json::Document answer, const Stamp& stamp);

/// The row's other columns, and under "metadata" what goes into generation_metadata: enhancedUserProfile, and
/// the warnings among `violations` as validationNotes.
std::string stored_columns(const Program& program, const Analysis& analysis,
                           const std::vector<Violation>& violations);

}  // namespace spotter::work::training
