#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "work/sql_query/schema.hpp"

namespace spotter::work::sql {

/// What a row of this kind asks.
struct Question {
    std::string prompt;                         ///< 1 to 4,000 characters, without blanks around it
    std::optional<std::string> schema_version;  ///< the database's; as asked where that is not known
    Schema schema;
};

/// Reads {"prompt", "mode", "schema_version", "schema"}. Error code "invalid_input".
Result<Question> read_question(std::string_view input);

}  // namespace spotter::work::sql
