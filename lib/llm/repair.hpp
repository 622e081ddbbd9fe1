#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace spotter::llm {

/// The JSON object in a model's reply, without what models put around it: code fences, prose before and
/// after, trailing commas. nullopt when there is none, or more than one and so no telling which is meant.
/// Values are never touched, nothing is completed. Only for a reply that ended by itself (`Finish::stop`): a
/// truncated one is not parsed at all. Time is linear in the text's length.
std::optional<std::string> json_object_in(std::string_view reply);

}  // namespace spotter::llm
