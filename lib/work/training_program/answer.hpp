#pragma once

#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "work/kind.hpp"

/// A model's answer against output.schema.json, the one source of what is asked for and what is checked.
namespace spotter::work::training {

/// The schema as a model is given it at `tier`, without spaces; of static storage. The basic one asks for
/// none of the enhanced blocks.
std::string_view schema_text(Tier tier);

struct Answer {
    json::Document document;  ///< what the schema knows of the answer, without nulls
    std::vector<Violation>
        violations;  ///< of JSON and schema; the document is not to be read when there is one
};

/// Parses and validates. Kinder than the schema that is asked for, since not every server enforces one: what
/// is nullable may be missing, and what the schema does not know is left out. Never throws for any text.
Answer read_answer(std::string_view text);

}  // namespace spotter::work::training
