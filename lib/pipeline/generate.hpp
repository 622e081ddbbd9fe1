#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>

#include "llm/chain.hpp"
#include "pipeline/outcome.hpp"
#include "queue/queue.hpp"
#include "work/kind.hpp"

namespace spotter::pipeline {

/// A claimed row in, an outcome out. Nothing is settled here: the worker writes back what comes.
class Generator {
  public:
    struct Settings {
        int calls_per_row = 8;
        int reasks = 1;  ///< at each tier, after an answer that broke a rule
        queue::Seconds row_deadline{600};
        queue::Seconds give_up_after{86400};
    };

    Generator(const work::Kind& kind, llm::Chain& chain, queue::Queue& queue, Settings settings)
        : kind_(kind), chain_(chain), queue_(queue), settings_(settings) {}

    /// Throws operation_aborted when cancelled.
    boost::asio::awaitable<queue::Settlement> generate(queue::ClaimedRow row);

  private:
    struct Job;
    struct Tried;
    boost::asio::awaitable<Tried> try_tier(Job& job, work::Tier tier);
    boost::asio::awaitable<void> note(const Job& job, work::Tier tier, int percent);

    const work::Kind& kind_;
    llm::Chain& chain_;
    queue::Queue& queue_;
    Settings settings_;
};

}  // namespace spotter::pipeline
