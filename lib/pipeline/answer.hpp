#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "llm/chain.hpp"
#include "llm/prices.hpp"
#include "queue/row.hpp"
#include "work/kind.hpp"

/// What is made of a model's reply. Pure.
namespace spotter::pipeline {

/// What a row has cost so far, over all its calls.
struct Spent {
    llm::CallBudget budget;
    std::optional<llm::Usage> usage;

    void add(const llm::Usage& more) { usage = usage ? *usage + more : more; }
};

/// What is noted of a row that was answered: tokens over all its calls, US dollars where prices are known,
/// and how long it took.
struct Bill {
    std::optional<llm::Usage> usage;
    std::optional<double> cost;
    std::chrono::steady_clock::duration took{};
};

/// A complete reply, read and checked at a tier.
struct Answer {
    std::string text;  ///< the JSON object in the reply; empty when there was none
    work::Verdict verdict;
    work::Tier tier = work::Tier::full;
    work::Stamp stamp;
    std::string provider;
    std::string request_id;
};

/// What to ask at `tier`. `complaints`: the rules that the last answer broke, empty the first time.
/// `task` outlives the request.
llm::Request request_for(const work::Task& task, work::Tier tier, const std::string& complaints,
                         std::chrono::steady_clock::time_point deadline);

/// Reads and checks a reply that ended by itself.
Answer read_answer(const work::Task& task, work::Tier tier, const llm::Answered& answered,
                   const std::string& generated_at);

/// The same answer by the rules of another tier; nullopt when it does not pass.
std::optional<Answer> accepted(const work::Task& task, work::Tier tier, const Answer& answer);

/// The rules that were broken, a line each with path and message, no more than a model can use.
std::string broken_rules(const work::Verdict& verdict);

/// What the answer says of why it is none (work::cannot_answer); empty where it is one.
std::string declined(const work::Verdict& verdict);

/// Their names alone, for the log.
std::string rule_names(const work::Verdict& verdict);

/// The row's code for why nobody answered: "rate_limited", "unauthorized", …
std::string_view reason_code(const llm::Unanswered& unanswered);

/// For the row's owner, who can do nothing about models: what happened and what to do. `broken`: the names of
/// the rules that the last answer broke, as `rule_names` gives them.
std::string explain_failure(const std::string& code, const std::string& broken);

/// The answer to the whole that the answers to a task's parts come to, checked as one; at least one is there.
Answer merged(const work::Task& task, const std::vector<std::optional<Answer>>& parts);

/// A row's input with that member sealed, if it is a text. JSON in, JSON out.
std::string with_sealed(std::string_view input, std::string_view member, const Secret& key);

/// The end of a row with a valid answer.
queue::Settlement completed(const queue::ClaimedRow& row, const Answer& answer, const Bill& bill);

}  // namespace spotter::pipeline
