#include "db/pool.hpp"

#include "base/log.hpp"

namespace spotter::db {

Pool::Pool(Endpoint endpoint, std::size_t connections)
    : endpoint_(std::move(endpoint)), slots_(connections), threads_(connections) {}

Session& Pool::session(std::size_t thread) {
    Slot& slot = slots_[thread];
    const unsigned losses = losses_;
    if (slot.session && slot.losses_known != losses && !slot.session->fit()) slot.session.reset();
    if (!slot.session) {
        slot.session = std::make_unique<Session>(endpoint_);
        note_server(slot.session->address());
    }
    slot.losses_known = losses;
    return *slot.session;
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
    if (failure.kind != Failure::Kind::unavailable && failure.kind != Failure::Kind::in_doubt) return;
    if (slots_[thread].session) ++losses_;  // else there was none to lose
    slots_[thread].session.reset();
}

}  // namespace spotter::db
