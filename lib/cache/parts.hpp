#pragma once

#include <string>
#include <vector>

#include "cache/upkeep.hpp"
#include "db/pool.hpp"

/// Answers to parts of rows, kept until their whole is there; schema/0016_parts.sql.
namespace spotter::cache {

struct Part {
    std::string key;
    std::string kind, cache_key;  ///< of its row; not read back
    std::string answer;           ///< JSON, as it was given
    std::string provider, model;
    std::string generated_at;  ///< ISO 8601
};

/// Those of these keys that there are, in any order.
Answer<std::vector<Part>> find_parts(db::Pool& pool, std::vector<std::string> keys);

/// Keeps a part of the row of that id; nothing where that leads no flight any more.
Answer<void> keep_part(db::Pool& pool, std::string row, Part part);

/// All parts of rows with that key.
Answer<void> forget_parts(db::Pool& pool, std::string cache_key);

}  // namespace spotter::cache
