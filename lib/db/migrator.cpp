#include "db/migrator.hpp"

#include <fmt/format.h>

#include <charconv>
#include <pqxx/pqxx>

#include "base/assets.hpp"
#include "db/failure.hpp"
#include "db/session.hpp"

namespace spotter::db {
namespace {

/// Everybody who migrates waits here for everybody else. The number is ours alone: "spotter" in ASCII.
constexpr const char* take_turns = "select pg_advisory_xact_lock(32492180246357362)";

constexpr const char* bookkeeping = R"sql(
    create schema if not exists spotter;
    create table if not exists spotter.migration (
        version    integer primary key,
        name       text not null,
        applied_at timestamptz not null default now()
    ))sql";

struct Migration {
    int version;
    std::string_view name;
    std::string_view sql;
};

/// The files schema/NNNN_name.sql, in their order.
std::vector<Migration> migrations() {
    std::vector<Migration> found;
    for (const assets::File& file : assets::files()) {
        if (!file.path.starts_with("schema/")) continue;
        std::string_view name = file.path.substr(7);
        if (name.find("/") != std::string_view::npos) continue;
        int version = 0;
        std::from_chars(name.data(), name.data() + name.size(), version);
        found.push_back({version, name.substr(0, name.size() - 4), file.content});
    }
    std::sort(found.begin(), found.end(), [](auto& a, auto& b) { return a.version < b.version; });
    return found;
}

const Statement find_bookkeeping{"find_bookkeeping", "select to_regclass('spotter.migration')"};
const Statement read_version{"schema_version", "select coalesce(max(version), 0) from spotter.migration"};

int version_of(pqxx::transaction_base& transaction) {
    if (transaction.exec1(find_bookkeeping.sql)[0].is_null()) return 0;
    return transaction.exec1(read_version.sql)[0].as<int>();
}

std::string sql_of(std::string_view name) {
    for (const Migration& migration : migrations())
        if (migration.name == name) return std::string(migration.sql);
    throw std::logic_error("there is no such migration");
}

/// The documents' rollbacks drop their caches, and work goes on without; a migration brings them back. Gives
/// their names.
std::vector<std::string> remake_caches(pqxx::transaction_base& transaction) {
    const std::pair<const char*, std::string> makers[] = {
        {"public.exercise_cache", sql_of("0012_exercise_cache")},
        {"public.personality_cache", "select spotter.personality_table()"},
        {"public.ai_worker_cache", "select spotter.create_ai_worker_cache()"}};
    std::vector<std::string> remade;
    for (const auto& [table, maker] : makers) {
        if (!transaction.exec_params1("select to_regclass($1)", table)[0].is_null()) continue;
        transaction.exec(maker);
        remade.emplace_back(table);
    }
    return remade;
}

Result<Migrated> apply(Session& session) {
    pqxx::work transaction(session.connection(), "migrate");
    // Others are without a bound by their session already.
    if (session.pooled()) transaction.exec("set local statement_timeout = 0");
    transaction.exec("set local client_min_messages = warning");
    transaction.exec("set local lock_timeout = '60s'");
    transaction.exec(take_turns);

    int present = version_of(transaction);
    if (present > newest_migration())
        return Error{
            "schema_newer",
            fmt::format("The database's schema is at version {}, and this spotter knows versions up to "
                        "{}. Run a newer spotter, or restore a database of its time.",
                        present, newest_migration())};
    Migrated migrated{{}, {}, present};
    if (present == 0) transaction.exec(bookkeeping);
    for (const Migration& migration : migrations()) {
        if (migration.version <= present) continue;
        try {
            transaction.exec(std::string(migration.sql));
        } catch (const pqxx::sql_error& error) {
            return Error{"migration_failed",
                         fmt::format("Migration {} did not go through, and nothing was changed: {}",
                                     migration.name, error.what())};
        }
        transaction.exec_params0("insert into spotter.migration (version, name) values ($1, $2)",
                                 migration.version, std::string(migration.name));
        migrated.applied.emplace_back(migration.name);
        migrated.version = migration.version;
    }
    migrated.remade = remake_caches(transaction);
    transaction.commit();
    return migrated;
}

}  // namespace

int newest_migration() {
    return migrations().back().version;
}

int schema_version(Session& session) {
    if (session.run(find_bookkeeping).front()[0].is_null()) return 0;
    return session.run(read_version).front()[0].as<int>();
}

Result<Migrated> migrate(const std::string& dsn, bool pooled) {
    try {
        // A large table may take its time to index: no time-out but the one on locks.
        Session session(
            {.dsn = dsn, .application = "spotter migrate", .statement_seconds = 0, .pooled = pooled});
        return apply(session);
    } catch (const std::exception& exception) {
        Failure failure = classify(exception);
        if (failure.kind == Failure::Kind::refused || failure.kind == Failure::Kind::unfit)
            return Error{"migration_failed",
                         fmt::format("The migration did not go through, and nothing was changed: {}",
                                     failure.message)};
        return Error{"unavailable", failure.message};
    }
}

}  // namespace spotter::db
