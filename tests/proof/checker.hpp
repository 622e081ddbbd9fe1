#pragma once

#include <string>
#include <vector>

#include "proof/history.hpp"

/// What the queue promises, held against a history. Pure.
namespace spotter::proof {

/// What daemons were told, and what the database can do: some promises depend on it.
struct Terms {
    int calls_per_row = 8;      ///< SPOTTER_LLM_CALLS_PER_ROW
    int max_crashes = 10;       ///< SPOTTER_QUEUE_MAX_CRASHES
    bool flights = false;       ///< identical rows wait for one of them
    double longest_claim = 60;  ///< seconds that a claim may last, with whatever befalls it
};

struct Violation {
    std::string promise;  ///< "transitions are legal"
    std::string row;      ///< "": it is no row's
    std::string what;
};

/// Promises that hold at every moment, for a history whose calls were read after its rows.
std::vector<Violation> check_so_far(const History& history, const Terms& terms);

/// Promises that hold when faults have stopped and daemons had time to finish.
std::vector<Violation> check_end(const History& history, const Terms& terms);

/// Lines of a log that hold the secret, without it.
std::vector<Violation> check_log(const std::string& log, const std::string& secret);

/// The parts of the first two, in files of their own.
void check_transitions(const History& history, const Terms& terms, std::vector<Violation>& out);
void check_tokens(const History& history, std::vector<Violation>& out);
void check_results(const History& history, std::vector<Violation>& out);
void check_cache(const History& history, std::vector<Violation>& out);
void check_flights(const History& history, const Terms& terms, std::vector<Violation>& out);
void check_ends_of_claims(const History& history, const Terms& terms, std::vector<Violation>& out);
void check_calls(const History& history, const Terms& terms, std::vector<Violation>& out);
void check_failures(const History& history, const Terms& terms, std::vector<Violation>& out);

}  // namespace spotter::proof
