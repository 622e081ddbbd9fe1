#pragma once

#include <boost/asio/awaitable.hpp>
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
        int calls_per_row;
        queue::Seconds row_deadline;
        queue::Seconds give_up_after;
    };

    /// `last_resort` is asked when no answer of `chain` will do; nullptr for none.
    Generator(const work::Kind& kind, llm::Chain& chain, llm::Chain* last_resort, queue::Queue& queue,
              Settings settings)
        : kind_(kind), chain_(chain), last_resort_(last_resort), queue_(queue), settings_(settings) {}

    /// Throws operation_aborted when cancelled.
    boost::asio::awaitable<queue::Settlement> generate(queue::ClaimedRow row);

  private:
    struct Job;
    struct Tried;
    boost::asio::awaitable<Tried> try_tiers(Job& job);
    boost::asio::awaitable<Tried> try_tier(Job& job, work::Tier tier, llm::Chain& chain);
    queue::Settlement settlement(const Job& job, const Tried& tried) const;
    boost::asio::awaitable<void> note(const Job& job, work::Tier tier, int percent);

    const work::Kind& kind_;
    llm::Chain& chain_;
    llm::Chain* last_resort_;
    queue::Queue& queue_;
    Settings settings_;
};

}  // namespace spotter::pipeline
