#include "pipeline/generate.hpp"

#include <optional>

#include "base/log.hpp"
#include "pipeline/answer.hpp"

namespace spotter::pipeline {

using boost::asio::awaitable;
using queue::ClaimedRow;
using queue::Settlement;
using std::chrono::steady_clock;
using work::Tier;

/// What one row's generation carries along.
struct Generator::Job {
    ClaimedRow row;
    std::unique_ptr<work::Task> task;
    llm::CallBudget budget;
    steady_clock::time_point deadline;
    int refusals = 0;
    std::optional<Answer> last;  ///< the newest complete answer, which a simpler tier may accept
    std::string broken;          ///< the names of the rules it broke, for the log and the row
};

/// What came of a tier.
struct Generator::Tried {
    llm::Step step =
        llm::Step::next_tier;  ///< next_tier, defer or give_up; without meaning when there is an answer
    std::optional<Answer> valid;
    std::string reason;
    queue::Seconds wait{0};
};

awaitable<Settlement> Generator::generate(ClaimedRow row) {
    auto task = kind_.read(row.input);
    if (!task) co_return failed(row.lease, task.error().code, task.error().message);

    auto limit = std::chrono::duration_cast<steady_clock::duration>(settings_.row_deadline);
    Job job{std::move(row),
            std::move(*task),
            llm::CallBudget(settings_.calls_per_row),
            steady_clock::now() + limit,
            0,
            std::nullopt,
            ""};
    Tried tried = co_await try_tiers(job);
    int calls = settings_.calls_per_row - job.budget.left();
    if (!tried.valid && last_resort_ && tried.reason != reasons::stopped) {
        // It costs nothing and takes no time: it is asked though both may be used up.
        job.budget = llm::CallBudget(1);
        job.deadline = steady_clock::now() + std::chrono::minutes(1);
        tried = co_await try_tier(job, Tier::full, *last_resort_);
    }
    Settlement outcome = settlement(job, tried);
    outcome.calls = calls;
    co_return outcome;
}

awaitable<Generator::Tried> Generator::try_tiers(Job& job) {
    Tried tried;
    for (Tier tier : {Tier::full, Tier::simplified, Tier::basic}) {
        tried = Tried{};
        // An answer that is too simple for one tier may do for the next, and is paid for already.
        if (job.last) tried.valid = accepted(*job.task, tier, *job.last);
        if (!tried.valid) tried = co_await try_tier(job, tier, chain_);
        if (tried.valid || tried.step != llm::Step::next_tier) break;
    }
    co_return tried;
}

awaitable<Generator::Tried> Generator::try_tier(Job& job, Tier tier, llm::Chain& chain) {
    constexpr int reasks = 1;
    std::string complaints;
    for (int ask = 0; ask <= reasks; ++ask) {
        if (tier != Tier::full || ask > 0)
            co_await note(job, tier, 20 + 20 * static_cast<int>(tier) + 10 * ask);
        llm::Request request = request_for(*job.task, tier, complaints, job.deadline);
        auto outcome = co_await chain.ask(std::move(request), job.budget);
        if (!outcome) {
            const llm::Unanswered& none = outcome.error();
            if (reason_code(none) != reasons::stopped)
                log::warn("unanswered",
                          {{"row", job.row.lease.id}, {"tier", work::name(tier)}, {"why", none.reason}});
            co_return Tried{none.step, std::nullopt, std::string(reason_code(none)), none.wait};
        }

        llm::Reply& reply = outcome->reply;
        if (reply.finish == llm::Finish::truncated) co_return Tried{.reason = "truncated"};
        if (reply.finish == llm::Finish::refused) {
            bool again = ++job.refusals < 2;
            co_return Tried{.step = again ? llm::Step::next_tier : llm::Step::give_up, .reason = "refused"};
        }
        Answer answer = read_answer(*job.task, tier, *outcome, job.row.claimed_at);
        if (answer.verdict.valid()) co_return Tried{.valid = std::move(answer)};
        complaints = broken_rules(answer.verdict);
        job.broken = rule_names(answer.verdict);
        log::info("answer_rejected", {{"row", job.row.lease.id},
                                      {"tier", work::name(tier)},
                                      {"provider", answer.provider},
                                      {"rules", job.broken}});
        if (!answer.text.empty()) job.last = std::move(answer);
    }
    co_return Tried{.reason = "no_valid_answer"};
}

Settlement Generator::settlement(const Job& job, const Tried& tried) const {
    if (tried.valid) return completed(job.row, *tried.valid);
    if (tried.reason == reasons::stopped) return released(job.row.lease);
    // A provider that never answers is down, whatever tier it was asked at.
    if (tried.step == llm::Step::defer || tried.reason == reasons::timeout)
        return deferred(job.row, tried.reason, tried.wait, settings_.give_up_after);
    return failed(job.row.lease, tried.reason, explain_failure(tried.reason, job.broken));
}

awaitable<void> Generator::note(const Job& job, Tier tier, int percent) {
    // Only for watchers: that it could not be written changes nothing.
    co_await queue_.note_stage(job.row.lease, std::string("generating_") + std::string(work::name(tier)),
                               percent);
}

}  // namespace spotter::pipeline
