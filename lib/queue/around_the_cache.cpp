#include "queue/around_the_cache.hpp"

#include <string_view>

namespace spotter::queue {
namespace {

constexpr std::string_view lock_not_available = "55P03";

/// Whether the cache may be what the database complained of: it is gone or forbidden, was altered, is damaged
/// or holds what it should not. What a trigger raises by itself is about the row.
bool may_concern_cache(const db::Failure& failure) {
    if (failure.sqlstate.starts_with("58")) return true;
    if (failure.kind != db::Failure::Kind::refused && failure.kind != db::Failure::Kind::unfit) return false;
    for (std::string_view state : {"22", "42", "XX"})
        if (failure.sqlstate.starts_with(state)) return true;
    return false;
}

/// Whether somebody has locked the cache's table.
bool cache_is_locked(db::Session& session, const Lane& lane) {
    try {
        session.run(lane.probe_cache);
        return false;
    } catch (const pqxx::sql_error& error) {
        return db::classify(error).sqlstate == lock_not_available;
    }
}

}  // namespace

bool cache_is_out_of_order(db::Session& session, const Lane& lane, const std::exception& complaint) {
    db::Failure failure = db::classify(complaint);
    if (failure.sqlstate == lock_not_available) return cache_is_locked(session, lane);
    return may_concern_cache(failure);
}

}  // namespace spotter::queue
