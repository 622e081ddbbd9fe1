#pragma once

#include <string>
#include <string_view>

/// Answers of queue/inspect as a person reads them. Pure.
namespace spotter::cli {

std::string standing_for_people(std::string_view standing_json);
std::string overview_for_people(std::string_view overview_json);

/// What a generation_reason means, in a sentence that says what will happen next.
std::string_view explain_reason(std::string_view reason);

}  // namespace spotter::cli
