#include "work/validation_notes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/json.hpp"

namespace spotter::work {

std::string validation_notes(const std::vector<Violation>& violations) {
    std::vector<std::string> notes;
    for (const Violation& violation : violations)
        notes.push_back(
            json::quoted(fmt::format("{}{}{}: {}", violation.rule, violation.path.empty() ? "" : " at ",
                                     violation.path, violation.message)));
    return fmt::format("[{}]", fmt::join(notes, ","));
}

}  // namespace spotter::work
