#include "cache/program_cache.hpp"

namespace spotter::cache {
namespace {

// Skips what a settling is just writing again.
const db::Statement expire{"expire_programs", R"sql(
with expired as materialized (
      select c.cache_key
        from public.ai_coach_cache c
       where c.expires_at < now()
         and c.cache_key like 'program:%'
       limit $1
         for update skip locked)
delete from public.ai_coach_cache c using expired where c.cache_key = expired.cache_key)sql"};

}  // namespace

boost::asio::awaitable<db::Outcome<int>> expire_programs(db::Pool& pool, int batch) {
    auto work = [batch](db::Session& session) {
        return static_cast<int>(session.run(expire, batch).affected_rows());
    };
    co_return co_await pool.run(work);
}

}  // namespace spotter::cache
