#pragma once

#include <kainjow/mustache.hpp>
#include <string>
#include <string_view>

namespace spotter::work {

/// A prompt's template, a mustache file of the tree, filled in. What is put in stands as it is, since a
/// prompt is no HTML. Each template is parsed once a thread.
std::string render(std::string_view path, const kainjow::mustache::data& values);

/// JSON text for a block between tags of a prompt: no text in it can close the block.
std::string without_angles(std::string json);

}  // namespace spotter::work
