#pragma once

#include "db/failure.hpp"
#include "db/session.hpp"

namespace spotter::queue {

/// Whether it may be the cache that the database complained of: then work goes on without it.
bool cache_is_out_of_order(db::Session& session, const std::exception& complaint);

/// Runs `with_cache`, and `without` it should the cache be out of order. `Answer` has a `cache_error`.
template <class Answer>
Answer around_the_cache(db::Session& session, auto with_cache, auto without) {
    try {
        return with_cache();
    } catch (const pqxx::sql_error& complaint) {
        if (!cache_is_out_of_order(session, complaint)) throw;
        Answer answer = without();
        answer.cache_error = db::classify(complaint).message;
        return answer;
    }
}

}  // namespace spotter::queue
