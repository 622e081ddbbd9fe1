#pragma once

#include <chrono>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "proof/stage.hpp"

/// What is done to daemons, the database, what lies between them, and the model.
namespace spotter::proof {

using Random = std::mt19937;
int dice(Random& random, int least, int most);

/// A fault under way. It holds things that no other fault may touch meanwhile: "daemon-0", "database".
struct Ongoing {
    std::string name;
    std::vector<std::string> holds;
    std::chrono::milliseconds length{0};
    std::function<void()> begin;
    std::function<void()> end;
};

/// One of a table. `plan` chooses whom it hits and for how long, and does nothing yet.
struct Fault {
    std::string name;
    std::function<Ongoing(Stage&, Random&)> plan;
    /// Why it cannot be had here; "" when it can.
    std::function<std::string(Stage&)> missing = [](Stage&) { return ""; };
};

/// All of them. `steady` daemons, the first ones, are neither killed nor started anew, so that their memory
/// can be watched.
std::vector<Fault> all_faults(std::size_t steady);

}  // namespace spotter::proof
