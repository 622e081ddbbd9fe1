#pragma once

#include "work/answer_schema.hpp"

namespace spotter::work::persona {

/// The schema as a model is given it; of static storage.
std::string_view schema_text();

/// What a model says of posts.
ReadAnswer read_answer(std::string_view text);

/// What the merging of parts says: the same, and what it rests on. No model is asked for this, so none can
/// claim it.
ReadAnswer read_merged_answer(std::string_view text);

}  // namespace spotter::work::persona
