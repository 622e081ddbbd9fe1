#pragma once

#include <span>
#include <string>
#include <string_view>

/// One name a trait, so that analyses can be compared and merged: trait_names.json.
namespace spotter::work::persona {

/// The names that we prefer.
std::span<const std::string_view> known_traits();

/// `name` as we write it: "sense of humour" is Humor. Of a trait that we do not know it is left as it is.
std::string_view canonical_trait(std::string_view name);

/// Two names with the same key are one trait.
std::string trait_key(std::string_view name);

}  // namespace spotter::work::persona
