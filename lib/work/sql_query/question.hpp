#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "work/sql_query/schema.hpp"

namespace spotter::work::sql {

/// What a row of this kind asks.
struct Question {
    std::string prompt;                         ///< 1 to 4,000 characters, without blanks around it
    std::optional<std::string> schema_version;  ///< the database's; as asked where that is not known
    std::shared_ptr<const Schema> known;

    const Schema& schema() const { return *known; }
};

/// Reads {"prompt", "mode", "schema_version"}, and what the pipeline hands over of the database. Error code
/// "invalid_input".
Result<Question> read_question(std::string_view input, std::string_view schema);

}  // namespace spotter::work::sql
