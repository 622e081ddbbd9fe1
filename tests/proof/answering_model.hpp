#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "proof/history.hpp"
#include "support/scripted_model.hpp"

namespace spotter::proof {

/// The scripted model that writes down each call, and whose every good answer is a program with a name of its
/// own. It reads from the prompt whose input it is asked about: a marker, "proof-17", in the list of
/// equipment.
class AnsweringModel {
  public:
    /// `program` is a valid answer to every onboarding of ours; JSON that holds `named`.
    AnsweringModel(std::string program, unsigned seed);

    /// Stands in `program` where the answer's name goes.
    static constexpr const char* named = "A NAME";
    /// What may be wrong with an answer: "429", "500", "invalid", "rules", "truncated", "slow", "hang_up",
    /// "cut".
    static const std::vector<std::string>& faults();

    /// From now on so many of 100 calls fail that way. 0 ends it.
    void misbehave(const std::string& fault, int percent);
    void behave();

    std::vector<Call> calls() const;
    std::size_t count() const;
    const test::ScriptedModel& server() const { return server_; }

  private:
    test::Behaviour answer(const test::ReceivedRequest& request);
    std::string choose_fault();

    const std::string program_;
    mutable std::mutex mutex_;
    std::mt19937 random_;
    std::map<std::string, int> misbehaving_;
    std::vector<Call> calls_;
    test::ScriptedModel server_;  // its thread uses the others
};

}  // namespace spotter::proof
