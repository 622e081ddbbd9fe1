#pragma once

#include "db/failure.hpp"
#include "db/session.hpp"
#include "queue/lane.hpp"

namespace spotter::queue {

/// Whether it may be the lane's cache that the database complained of: then work goes on without it.
bool cache_is_out_of_order(db::Session& session, const Lane& lane, const std::exception& complaint);

/// Runs `with_cache`, and `without` it should the cache be out of order: what that returns has a
/// `cache_error`.
auto around_the_cache(db::Session& session, const Lane& lane, auto with_cache, auto without) {
    try {
        return with_cache();
    } catch (const pqxx::sql_error& complaint) {
        if (!cache_is_out_of_order(session, lane, complaint)) throw;
        auto answer = without();
        answer.cache_error = db::classify(complaint).message;
        return answer;
    }
}

}  // namespace spotter::queue
