#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "cache/upkeep.hpp"
#include "db/pool.hpp"
#include "work/kind.hpp"

namespace spotter::pipeline {

/// Keeps the caches of all kinds: adds up their use, holds them to their limits, asks anew for what is
/// popular and soon expires, brings reports up to date, and clears away requests that nobody reads. Each
/// chore is done by one of all daemons, in small batches with pauses between, on one connection.
class CacheUpkeep {
  public:
    /// `finished_requests`: after that they go; 0: they stay. `versions` gives what a kind's answers are made
    /// by now.
    CacheUpkeep(db::Pool& pool, Config::Cache settings, Seconds finished_requests,
                std::function<std::string(const std::string& kind)> versions);

    void enlisted(std::int64_t worker) { worker_ = worker; }
    /// Kinds whose cache was not there at the last look.
    const std::vector<std::string>& missing_caches() const { return caches_.missing; }

    /// Until cancelled.
    boost::asio::awaitable<void> run();

  private:
    /// One that is done when it is due, batch by batch until one is not full.
    struct Chore {
        std::string name;
        Seconds every;
        int batch;
        std::function<cache::Answer<int>()> once;
        bool due = false;
    };

    void add_trims();
    void add_refreshes();
    boost::asio::awaitable<void> look_for_caches();
    boost::asio::awaitable<void> look_for_due();
    boost::asio::awaitable<void> do_a_batch(Chore& chore);

    db::Pool& pool_;
    Config::Cache settings_;
    std::function<std::string(const std::string&)> versions_;
    std::int64_t worker_ = 0;
    cache::Caches caches_;
    std::vector<Chore> chores_;
};

/// How long an answer of a kind stays in its cache: as configured, or as the kind has it.
Seconds cache_life(const Config::Cache& settings, const work::Kind& kind);

/// What a kind's cache may take: as configured, or as many entries as the kind says and 1,024 MB.
cache::Limits cache_limits(const Config::Cache& settings, const work::Kind& kind);

}  // namespace spotter::pipeline
