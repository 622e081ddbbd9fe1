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
    std::string_view name;     ///< "public.training_programs"
    std::string_view asked;    ///< what the answer is made from, jsonb
    std::string_view refresh;  ///< whether the cache is not to answer it
    std::string_view
        whose_content;  ///< which content may be written, as its partial indexes have it; {kind}: the kind
    std::string_view any_content;  ///< the same of whatever kind
    std::span<const ContentColumn> content;

    std::string open(const std::string& kind) const;
};

/// What apps have as their own; documents 1 and 2.
extern const Table training_programs;
/// For every kind; schema/0011_generation_requests.sql.
extern const Table generation_requests;

/// What is done to rows of a table, whatever their kind; see table_statements.cpp.
struct TableStatements {
    explicit TableStatements(const Table& table);
    db::Statement refuse, set_aside, note_stage, lost_ids, rescue, orphan_ids, reclaim_orphans, trim;
};

/// What is claimed and settled together: the rows of one kind in one table. Each lane has statements of its
/// own, so that rows are found by an index and the kind's SQL functions called by name
/// (schema/0010_kinds.sql).
struct Lane {
    /// `versions` of prompt, rules and models are part of every cache key.
    Lane(const Table& table, std::string kind, std::string versions);

    const Table* table;
    std::string kind;
    std::string versions;
    std::string
        bell;  ///< what an INSERT rings for the lane by, in spotter.bell and as a notification's payload

    // See claim_statements.hpp; "uncached" is for when the cache is out of order.
    db::Statement claim, claim_uncached, claim_one, claim_one_uncached, ready_ids, probe_cache;
    // See settle_statements.hpp.
    db::Statement settle;
};

}  // namespace spotter::queue
