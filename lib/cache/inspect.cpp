#include "cache/inspect.hpp"

namespace spotter::cache {
namespace {

const db::Statement stats_statement{"cache_stats", R"sql(
select coalesce(jsonb_agg(to_jsonb(s) order by s.kind), '[]')::text from spotter.cache_stats($1) s)sql"};

const db::Statement days_statement{"cache_days", R"sql(
select coalesce(jsonb_agg(to_jsonb(d) order by d.day desc, d.kind), '[]')::text
  from spotter.cache_days d
 where d.day > (now() at time zone 'UTC')::date - $1::integer)sql"};

const db::Statement has_cache_statement{"has_cache", "select spotter.has_cache($1)"};

const db::Statement trim_batch_statement{"trim_cache_batch", "select spotter.trim_cache($1, $2, $3, 500)"};

const db::Statement warm_statement{"warm_cache", R"sql(
select spotter.warm_cache($1, array_agg((w ->> 'user')::uuid), array_agg(w -> 'input'))
  from jsonb_array_elements($2::jsonb) w)sql"};

const db::Statement invalidate_statement{"invalidate_cache",
                                         "select spotter.invalidate_cache($1, $2::uuid, $3)"};

}  // namespace

std::string stats(db::Session& session, int days) {
    return session.run(stats_statement, days).front()[0].c_str();
}

std::string stats_by_day(db::Session& session, int days) {
    return session.run(days_statement, days).front()[0].c_str();
}

bool is_there(db::Session& session, const std::string& kind) {
    return session.run(has_cache_statement, kind).front()[0].as<bool>();
}

std::int64_t trim_all(db::Session& session, const std::string& kind, const Limits& limits) {
    std::int64_t gone = 0;
    for (;;) {
        auto some = session.run(trim_batch_statement, kind, limits.entries, limits.bytes)
                        .front()[0]
                        .as<std::int64_t>();
        if (some == 0) return gone;
        gone += some;
    }
}

std::int64_t warm(db::Session& session, const std::string& kind, const std::string& wishes) {
    return session.run(warm_statement, kind, wishes).front()[0].as<std::int64_t>();
}

std::int64_t invalidate(db::Session& session, const std::string& kind, const std::optional<std::string>& user,
                        const std::optional<std::string>& key) {
    return session.run(invalidate_statement, kind, user, key).front()[0].as<std::int64_t>();
}

}  // namespace spotter::cache
