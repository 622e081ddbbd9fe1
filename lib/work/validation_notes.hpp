#pragma once

#include <string>
#include <vector>

#include "work/kind.hpp"

namespace spotter::work {

/// What rules found, for whoever reads the row: a JSON array of texts, "rule at path: message".
std::string validation_notes(const std::vector<Violation>& violations);

}  // namespace spotter::work
