#pragma once

#include <string>
#include <string_view>

#include "work/kind.hpp"
#include "work/sql_query/schema.hpp"

namespace spotter::work::sql {

/// A schema as a prompt shows it.
struct Description {
    std::string tables;       ///< one paragraph each
    std::string others;       ///< names of tables for which there was no room, "a, b, c"
    std::size_t shown = 0;    ///< tables in `tables`
    std::size_t unnamed = 0;  ///< tables that are in neither
};

/// As much of `schema` as a prompt of `tier` has room for: all of it in its own order, so that providers can
/// keep it, or else what is relevant for the question.
Description describe(const Schema& schema, std::string_view question, Tier tier);

}  // namespace spotter::work::sql
