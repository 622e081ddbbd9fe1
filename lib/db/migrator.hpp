#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "db/session.hpp"

namespace spotter::db {

struct Migrated {
    std::vector<std::string> applied;  ///< names, in order; empty when there was nothing to do
    std::vector<std::string> remade;   ///< caches that had been dropped
    int version = 0;                   ///< of the schema, now
};

/// Brings the database's schema up to what this binary knows, and caches back that were dropped, in one
/// transaction: all or nothing. May be run at any time, by several at once. Errors: "schema_newer" (the
/// database is ahead of this binary), "unavailable", "migration_failed" (names the migration and says what
/// Postgres said). `pooled`: a transaction pooler stands between.
Result<Migrated> migrate(const std::string& dsn, bool pooled = false);

/// The highest migration this binary holds.
int newest_migration();

/// The database's schema version, 0 when it was never migrated. Throws as libpqxx does.
int schema_version(Session& session);

}  // namespace spotter::db
