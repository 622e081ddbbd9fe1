#include "db/pool.hpp"

#include "base/log.hpp"

namespace spotter::db {

Pool::Pool(Endpoint endpoint, std::size_t connections)
    : endpoint_(std::move(endpoint)), sessions_(connections), threads_(connections) {}

Session& Pool::session(std::size_t thread) {
    if (!sessions_[thread]) {
        sessions_[thread] = std::make_unique<Session>(endpoint_);
        note_server(sessions_[thread]->address());
    }
    return *sessions_[thread];
}

/// Of several hosts the one that can be written to is not always the same.
void Pool::note_server(const std::string& address) {
    std::lock_guard lock(noting_);
    if (!server_.empty() && server_ != address)
        log::warn("database_moved", {{"from", server_}, {"to", address}, {"as", endpoint_.application}});
    server_ = address;
}

void Pool::discard_if_broken(const Failure& failure, std::size_t thread) {
    // After a refused or a busy statement the connection is as good as before.
    if (failure.kind == Failure::Kind::unavailable || failure.kind == Failure::Kind::in_doubt)
        sessions_[thread].reset();
}

}  // namespace spotter::db
