#include "cache/upkeep.hpp"

#include <functional>

namespace spotter::cache {
namespace {

const db::Statement take_chore_statement{"take_chore", R"sql(
insert into spotter.chore as c (name, due_at, worker)
values ($1, now() + make_interval(secs => $2), $3)
    on conflict (name) do update set due_at = excluded.due_at, worker = excluded.worker
 where c.due_at <= now()
returning true)sql"};

const db::Statement caches_statement{
    "caches", "select k.name, spotter.has_cache(k.name) from spotter.kind k order by k.name"};

const db::Statement resting_chores_statement{"resting_chores",
                                             "select c.name from spotter.chore c where c.due_at > now()"};

const db::Statement count_use_statement{"count_cache_use", "select spotter.count_cache_use($1)"};
const db::Statement trim_statement{"trim_cache", "select spotter.trim_cache($1, $2, $3, $4)"};
const db::Statement refresh_ahead_statement{
    "refresh_ahead", "select spotter.refresh_ahead($1, make_interval(secs => $2), $3, $4)"};
const db::Statement refresh_reports_statement{"refresh_reports", "select spotter.refresh_reports()"};
const db::Statement clear_requests_statement{
    "clear_requests", "select spotter.clear_requests(make_interval(secs => $1::double precision), $2)"};
const db::Statement clear_ledgers_statement{"clear_ledgers", "select spotter.clear_ledgers($1)"};

template <class... Arguments>
Answer<int> number(db::Pool& pool, const db::Statement& statement, Arguments... arguments) {
    auto work = [&](db::Session& session) {
        return session.run(statement, arguments...).front()[0].template as<int>();
    };
    co_return co_await pool.run(std::ref(work));
}

}  // namespace

Answer<Caches> look_at_caches(db::Pool& pool) {
    auto work = [&](db::Session& session) {
        Caches caches;
        for (const auto& row : session.run(caches_statement))
            (row[1].as<bool>() ? caches.there : caches.missing).emplace_back(row[0].c_str());
        return caches;
    };
    co_return co_await pool.run(std::ref(work));
}

Answer<std::vector<std::string>> resting_chores(db::Pool& pool) {
    auto work = [&](db::Session& session) {
        std::vector<std::string> names;
        for (const auto& row : session.run(resting_chores_statement)) names.emplace_back(row[0].c_str());
        return names;
    };
    co_return co_await pool.run(std::ref(work));
}

Answer<bool> take_chore(db::Pool& pool, std::string name, Seconds every, std::int64_t worker) {
    auto work = [&](db::Session& session) {
        return !session.run(take_chore_statement, name, every.count(), worker).empty();
    };
    co_return co_await pool.run(std::ref(work));
}

Answer<int> count_use(db::Pool& pool, int batch) {
    return number(pool, count_use_statement, batch);
}

Answer<int> trim(db::Pool& pool, std::string kind, Limits limits, int batch) {
    return number(pool, trim_statement, std::move(kind), limits.entries, limits.bytes, batch);
}

Answer<int> refresh_ahead(db::Pool& pool, std::string kind, std::string versions, Seconds within, int batch) {
    return number(pool, refresh_ahead_statement, std::move(kind), within.count(), batch, std::move(versions));
}

Answer<void> refresh_reports(db::Pool& pool) {
    auto work = [&](db::Session& session) { session.run(refresh_reports_statement); };
    co_return co_await pool.run(std::ref(work));
}

Answer<int> clear_requests(db::Pool& pool, std::optional<Seconds> keep, int batch) {
    return number(pool, clear_requests_statement, keep ? std::optional(keep->count()) : std::nullopt, batch);
}

Answer<int> clear_ledgers(db::Pool& pool, int batch) {
    return number(pool, clear_ledgers_statement, batch);
}

}  // namespace spotter::cache
