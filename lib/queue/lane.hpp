#pragma once

#include <span>
#include <string>
#include <string_view>

#include "db/session.hpp"

namespace spotter::queue {

/// A column that a row gets with its content. `value` is SQL over x, which has content, columns and model.
struct ContentColumn {
    std::string_view name, value;
};

/// A table whose rows are jobs: what the queue's statements say of it. In its SQL p is the row.
struct Table {
    std::string_view name;   ///< "public.training_programs"
    std::string_view asked;  ///< what the answer is made from, jsonb
    std::string_view open;   ///< whether content may be written into the row, as its partial indexes have it
    std::span<const ContentColumn> content;
};

/// What apps have as their own; documents 1 and 2.
extern const Table training_programs;

/// What is claimed and settled together: the rows of one kind in one table. Each lane has statements of its
/// own, so that rows are found by an index and the kind's SQL functions called by name
/// (schema/0010_kinds.sql).
struct Lane {
    Lane(const Table& table, std::string kind, std::string versions);

    const Table& table;
    std::string kind;
    std::string versions;  ///< of prompt, rules and models; part of every cache key

    // See claim_statements.hpp; "uncached" is for when the cache is out of order.
    db::Statement claim, claim_uncached, claim_one, claim_one_uncached, ready_ids;
    // See settle_statements.hpp.
    db::Statement settle, settle_uncached;
};

}  // namespace spotter::queue
