#pragma once

#include "work/answer_schema.hpp"

namespace spotter::work::training {

/// The schema as a model is given it at `tier`; of static storage. The basic one asks for none of the
/// enhanced blocks.
std::string_view schema_text(Tier tier);

/// A program as any tier's schema has it.
ReadAnswer read_answer(std::string_view text);

}  // namespace spotter::work::training
