#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "llm/chain.hpp"
#include "llm/prices.hpp"
#include "pipeline/answer.hpp"
#include "pipeline/catalogue.hpp"
#include "pipeline/kept_parts.hpp"
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
        llm::Prices prices;
        Secret prompt_key;  ///< see Kind::secret_member; empty: nothing is sealed
    };

    /// `last_resort` is asked when no answer of `chain` will do; nullptr for none. `pool` is for parts.
    Generator(llm::Chain& chain, llm::Chain* last_resort, db::Pool& pool, queue::Queue& queue,
              Catalogue& catalogue, Settings settings)
        : chain_(chain),
          last_resort_(last_resort),
          pool_(pool),
          queue_(queue),
          catalogue_(catalogue),
          settings_(settings) {}

    /// Throws operation_aborted when cancelled. `row` outlives the call.
    boost::asio::awaitable<queue::Settlement> generate(const queue::ClaimedRow& row);

  private:
    struct Job;
    struct Tried;
    boost::asio::awaitable<queue::Settlement> generate_from(const std::string* schema,
                                                            const queue::ClaimedRow& row,
                                                            const work::Kind& kind, Spent& spent,
                                                            std::chrono::steady_clock::time_point began);
    boost::asio::awaitable<Tried> try_parts(Job& job, std::vector<std::unique_ptr<work::Task>> parts);
    boost::asio::awaitable<Tried> try_all(Job& job);
    boost::asio::awaitable<Tried> try_last_resort(Job& job, Tried tried);
    boost::asio::awaitable<Tried> try_tier(Job& job, work::Tier tier, llm::Chain& chain);
    boost::asio::awaitable<Result<void>> prove(Answer& answer);
    queue::Settlement settlement(const Job& job, const Tried& tried,
                                 std::chrono::steady_clock::time_point began) const;
    boost::asio::awaitable<void> note(const Job& job, work::Tier tier, int percent);

    llm::Chain& chain_;
    llm::Chain* last_resort_;
    db::Pool& pool_;
    queue::Queue& queue_;
    Catalogue& catalogue_;
    Settings settings_;
};

}  // namespace spotter::pipeline
