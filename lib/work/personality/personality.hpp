#pragma once

#include "work/kind.hpp"

namespace spotter::work {

/// Personality analyses from a user's posts; document 4.
const Kind& personality();

}  // namespace spotter::work
