#include "db/pool.hpp"

namespace spotter::db {

Pool::Pool(Endpoint endpoint, std::size_t connections)
    : endpoint_(std::move(endpoint)), sessions_(connections), threads_(connections) {}

Session& Pool::session(std::size_t thread) {
    if (!sessions_[thread]) sessions_[thread] = std::make_unique<Session>(endpoint_);
    return *sessions_[thread];
}

void Pool::discard_if_broken(const Failure& failure, std::size_t thread) {
    // After a refused or a busy statement the connection is as good as before.
    if (failure.kind == Failure::Kind::unavailable || failure.kind == Failure::Kind::in_doubt)
        sessions_[thread].reset();
}

}  // namespace spotter::db
