#pragma once

#include <string_view>

#include "base/error.hpp"

namespace spotter::work {

/// The error of an input that cannot be worked on, for the row's owner: what is wrong, what to write instead,
/// and how to have the row looked at again. `problem` is a sentence; `remedy` is one without its full stop.
Error refusal(std::string_view problem, std::string_view remedy);

}  // namespace spotter::work
