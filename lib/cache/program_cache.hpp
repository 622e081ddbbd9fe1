#pragma once

#include <boost/asio/awaitable.hpp>

#include "db/pool.hpp"

/// Upkeep of ai_coach_cache. Look-ups and writes belong to a row's claim and settling, and stand in
/// queue/statements.cpp; here is what happens to entries afterwards.
namespace spotter::cache {

/// Deletes up to `batch` expired programs, and never an entry of another feature. Returns how many went.
boost::asio::awaitable<db::Outcome<int>> expire_programs(db::Pool& pool, int batch);

}  // namespace spotter::cache
