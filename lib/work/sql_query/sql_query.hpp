#pragma once

#include "work/kind.hpp"

namespace spotter::work {

/// SQL for questions in plain language; document 5.
const Kind& sql_query();

}  // namespace spotter::work
