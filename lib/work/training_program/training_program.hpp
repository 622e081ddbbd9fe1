#pragma once

#include "work/kind.hpp"

namespace spotter::work {

/// Training programs from a user's onboarding; documents 1 and 2.
const Kind& training_program();

}  // namespace spotter::work
