#include "work/validation_notes.hpp"

#include <fmt/format.h>

#include "base/json.hpp"

namespace spotter::work {

std::string validation_notes(const std::vector<Violation>& violations) {
    std::vector<std::string> notes;
    for (const Violation& violation : violations)
        notes.push_back(fmt::format("{}{}{}: {}", violation.rule, violation.path.empty() ? "" : " at ",
                                    violation.path, violation.message));
    return json::quoted(notes);
}

}  // namespace spotter::work
