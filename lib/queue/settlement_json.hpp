#pragma once

#include <string>
#include <vector>

#include "queue/row.hpp"

namespace spotter::queue {

/// The one parameter of the statement that settles: a JSON array of objects. Content, columns and metadata
/// are JSON already and go in as they are; what is empty is left out. Pure.
std::string settlements_as_json(const std::vector<Settlement>& settlements);

}  // namespace spotter::queue
