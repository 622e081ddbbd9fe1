#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spotter::work::sql::planner {

/// A name, taken apart once.
struct Name {
    std::vector<std::string> words;    ///< stems
    std::vector<std::string> essence;  ///< without affixes
    std::string joined;                ///< the essence as one text
    std::vector<std::size_t> groups;   ///< of synonyms
};

/// A name of a schema; the essence of "created_at" is "created", that of "is_active" is "active".
Name schema_name(std::string_view text);

/// Words of a question, by their stems; the essence of "creation date" is "creation".
Name said_name(std::vector<std::string> words);

/// How well `said` names what is called `name`: 4 by all its words, 3 by its essence, 2 by a synonym, 1 by
/// its last words; 0 not at all.
int likeness(const Name& said, const Name& name);

}  // namespace spotter::work::sql::planner
