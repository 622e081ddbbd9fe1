#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "llm/chain.hpp"
#include "queue/row.hpp"
#include "work/kind.hpp"

/// What is made of a model's reply. Pure.
namespace spotter::pipeline {

/// Reasons that decide what becomes of a row.
namespace reasons {
inline constexpr std::string_view stopped = "worker_stopped";
inline constexpr std::string_view timeout = "timeout";
}  // namespace reasons

/// A complete reply, read and checked at a tier.
struct Answer {
    std::string text;  ///< the JSON object in the reply; empty when there was none
    work::Verdict verdict;
    work::Tier tier = work::Tier::full;
    work::Stamp stamp;
    std::string provider;
    llm::Usage usage;
    std::string request_id;
};

/// What to ask at `tier`. `complaints`: the rules that the last answer broke, empty the first time.
llm::Request request_for(const work::Task& task, work::Tier tier, const std::string& complaints,
                         std::chrono::steady_clock::time_point deadline);

/// Reads and checks a reply that ended by itself.
Answer read_answer(const work::Task& task, work::Tier tier, const llm::Answered& answered,
                   const std::string& generated_at);

/// The same answer by the rules of another tier; nullopt when it does not pass.
std::optional<Answer> accepted(const work::Task& task, work::Tier tier, const Answer& answer);

/// The rules that were broken, a line each with path and message, no more than a model can use.
std::string broken_rules(const work::Verdict& verdict);

/// Their names alone, for the log.
std::string rule_names(const work::Verdict& verdict);

/// The row's code for why nobody answered: "rate_limited", "unauthorized", …
std::string_view reason_code(const llm::Unanswered& unanswered);

/// For the row's owner, who can do nothing about models: what happened and what to do.
std::string explain_failure(const std::string& code, const std::string& broken_rules);

/// The end of a row with a valid answer.
queue::Settlement completed(const queue::ClaimedRow& row, const Answer& answer);

}  // namespace spotter::pipeline
