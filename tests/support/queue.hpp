#pragma once

#include <string>
#include <vector>

#include "db/pool.hpp"
#include "queue/queue.hpp"
#include "support/cluster.hpp"

namespace spotter::test {

/// The lanes of a daemon with every kind; versions are the same for all.
std::vector<queue::Lane> lanes(std::string versions = "v1");

/// A daemon's hold on a queue, without the daemon: one connection, enlisted, every operation to its end.
/// What the database does not do throws, but for the operations that say try_.
class Daemon {
  public:
    explicit Daemon(const Database& db, std::string versions = "v1", queue::Turns turns = {});
    explicit Daemon(db::Endpoint endpoint, std::string versions = "v1", queue::Turns turns = {});

    /// From now on it claims requests of that kind, instead of training programs.
    void work_on_requests(std::string_view kind);
    std::size_t lane() const { return lane_; }

    queue::Claim claim(int batch = 100, int slots = 100);
    queue::Claim claim_one_by_one(int batch = 100, int slots = 100);
    db::Outcome<queue::Claim> try_claim(int batch = 100, int slots = 100);
    /// The only row there is to claim.
    queue::ClaimedRow claim_one();

    queue::Settled settle(std::vector<queue::Settlement> settlements);
    db::Outcome<queue::Settled> try_settle(std::vector<queue::Settlement> settlements);
    /// Whether the settlement was accepted.
    bool settle(const queue::Settlement& settlement);

    /// Beats and takes rows back; without a silence, from every other worker whose last beat is not in the
    /// future: the server was started a moment ago, and no worker counts as silent for longer than that.
    std::vector<queue::Rescued> rescue(double silence = 0, int max_crashes = 3);
    std::vector<queue::Rescued> rescue_without_beat(double silence = 0, int max_crashes = 3);
    std::vector<std::string> reclaim_orphans(std::vector<std::int64_t> held = {});
    void beat(queue::Seconds late = std::chrono::hours(1));
    void retire();

    std::int64_t id() const { return self_.id; }
    db::Pool& pool() { return pool_; }
    queue::Queue& queue() { return queue_; }
    const queue::Worker& self() const { return self_; }

  private:
    db::Pool pool_;
    queue::Queue queue_;
    queue::Worker self_;
    std::size_t lane_ = 0;

    queue::Look look(int batch, int slots) const;
};

/// A settlement that completes `row` with a small program, which is cached.
queue::Settlement completion(const queue::ClaimedRow& row);
queue::Settlement failing(const queue::ClaimedRow& row);
queue::Settlement deferral(const queue::ClaimedRow& row, double wait = 0);

/// Puts a daemon's last beat an hour away in the database; nobody sleeps.
void silence(const Database& db, const Daemon& daemon);
void keep_beating(const Database& db, const Daemon& daemon);

}  // namespace spotter::test
