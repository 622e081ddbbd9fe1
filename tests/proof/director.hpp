#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "proof/faults.hpp"

namespace spotter::proof {

/// Starts faults, ends them when their time is over, and keeps those apart that would hold the same thing.
/// Which, on whom, when and for how long comes from the seed.
class Director {
  public:
    enum class Manner { each_once, at_random };
    Director(Stage& stage, Manner manner, unsigned seed, std::size_t steady,
             std::function<void(const std::string&)> say);

    /// False when each fault was had once and is over.
    bool more() const { return !to_come_.empty() || !ongoing_.empty(); }
    /// Ends what is due and starts what can be; to be called often.
    void step();
    void end_all();

    const std::map<std::string, int>& had() const { return had_; }
    /// Faults that cannot be had here, and why.
    const std::vector<std::string>& not_had() const { return not_had_; }

  private:
    using Clock = std::chrono::steady_clock;
    struct Started {
        Ongoing fault;
        Clock::time_point until;
    };

    /// False when something that it needs is held.
    bool begin(const Fault& fault);
    bool held(const std::string& thing) const;
    void end_those(const std::function<bool(const Started&)>& due);

    Stage& stage_;
    const Manner manner_;
    Random random_;
    std::function<void(const std::string&)> say_;
    std::vector<Fault> faults_;
    std::deque<std::size_t> to_come_;
    std::vector<Started> ongoing_;
    std::map<std::string, int> had_;
    std::vector<std::string> not_had_;
    Clock::time_point next_;
};

}  // namespace spotter::proof
