#include "pipeline/generate.hpp"

#include <algorithm>
#include <optional>

#include "async/side_by_side.hpp"
#include "base/log.hpp"
#include "pipeline/answer.hpp"

namespace spotter::pipeline {

using boost::asio::awaitable;
using queue::ClaimedRow;
using queue::Settlement;
using std::chrono::steady_clock;
using work::Tier;

namespace {

/// Parts of one row that are asked for at once: a row has one slot, and shall not have the model for itself.
constexpr std::size_t parts_at_once = 4;

/// After the database would not answer a question of ours.
constexpr queue::Seconds database_rest{5};

Settlement with_calls(Settlement outcome, const Spent& spent) {
    outcome.calls = spent.budget.taken();
    return outcome;
}

/// The tier after `tier`, which is not the last.
Tier simpler(Tier tier) {
    return tier == Tier::full ? Tier::simplified : Tier::basic;
}

}  // namespace

/// What one row's generation carries along; each of its parts has one of its own.
struct Generator::Job {
    const ClaimedRow& row;
    const work::Kind& kind;
    const work::Task& task;
    Spent& spent;
    steady_clock::time_point deadline;
    int refusals = 0;
    std::optional<Answer> last = {};  ///< the newest complete answer, which a simpler tier may accept
    std::string broken = {};          ///< the names of the rules it broke, for the log and the row
    std::string declined = {};        ///< what the model said of why it has no answer
};

/// What came of a tier.
struct Generator::Tried {
    llm::Step step =
        llm::Step::next_tier;  ///< next_tier, defer or give_up; without meaning when there is an answer
    std::optional<Answer> valid;
    std::string reason;
    queue::Seconds wait{0};
};

awaitable<Settlement> Generator::generate(const ClaimedRow& row) {
    const auto began = steady_clock::now();
    const work::Kind* kind = work::find_kind(row.kind);
    if (!kind)
        co_return failed(row.lease, "internal_error", "The service does not know of this kind of content.");
    Spent spent{llm::CallBudget(settings_.calls_per_row), {}};
    for (;;) {
        Result<std::shared_ptr<const std::string>> schema = nullptr;
        if (kind->wants_schema()) schema = co_await catalogue_.schema();
        if (!schema)
            co_return with_calls(deferred(row, schema.error().code, database_rest, settings_.give_up_after),
                                 spent);
        const std::string asked_with = catalogue_.fingerprint();
        Settlement outcome = co_await generate_from(schema->get(), row, *kind, spent, began);
        const bool for_lack_of_a_table =
            outcome.error_code == work::cannot_answer && kind->wants_schema() && spent.budget.left() > 0;
        if (!for_lack_of_a_table) co_return with_calls(std::move(outcome), spent);
        // One that was made or granted a moment ago is not known yet.
        const bool known_now = co_await catalogue_.look_again(asked_with);
        if (!known_now) co_return with_calls(std::move(outcome), spent);
    }
}

awaitable<Settlement> Generator::generate_from(const std::string* schema, const ClaimedRow& row,
                                               const work::Kind& kind, Spent& spent,
                                               steady_clock::time_point began) {
    auto task = schema ? kind.read_with_schema(row.input, *schema) : kind.read(row.input);
    if (!task) co_return failed(row.lease, task.error().code, task.error().message);

    auto parts = (*task)->parts();
    spent.budget.raise_to(settings_.calls_per_row * static_cast<int>(parts.size()));
    auto limit = std::chrono::duration_cast<steady_clock::duration>(settings_.row_deadline);
    Job job{row, kind, **task, spent, began + limit};
    auto trying = parts.empty() ? try_all(job) : try_parts(job, std::move(parts));
    Tried tried = co_await std::move(trying);
    co_return settlement(job, tried, began);
}

/// The parts side by side, and what they come to together. When half of them have an answer, those that have
/// none do not cost the others theirs; with fewer, the answers are kept for the next try.
awaitable<Generator::Tried> Generator::try_parts(Job& job, std::vector<std::unique_ptr<work::Task>> parts) {
    std::vector<Tried> tried(parts.size(), Tried{.reason = std::string(reasons::stopped)});
    const KeptParts kept(pool_, job.row, queue_.lanes()[job.row.lease.lane].versions, parts);
    std::vector<std::optional<Answer>> before = co_await kept.find();
    auto one = [&](std::size_t i) -> awaitable<void> {
        if (before[i]) {
            tried[i].valid = std::move(before[i]);
            co_return;
        }
        Job part{job.row, job.kind, *parts[i], job.spent, job.deadline};
        tried[i] = co_await try_all(part);
        if (tried[i].valid) {
            co_await kept.keep(i, *tried[i].valid);
            co_return;
        }
        job.broken = part.broken;
        job.declined = part.declined;
    };
    co_await async::side_by_side(parts.size(), parts_at_once, one);

    std::vector<std::optional<Answer>> answers;
    std::optional<Tried> failure;
    for (Tried& part : tried) {
        if (!part.valid && (!failure || part.reason == reasons::stopped)) failure = part;
        answers.push_back(std::move(part.valid));
    }
    auto answered =
        std::count_if(answers.begin(), answers.end(), [](const auto& answer) { return !!answer; });
    const bool enough = static_cast<std::size_t>(answered) * 2 >= parts.size();
    if (failure && (!enough || failure->reason == reasons::stopped)) co_return std::move(*failure);
    Answer whole = merged(job.task, answers);
    co_await kept.forget();
    if (whole.verdict.valid()) co_return Tried{.valid = std::move(whole)};
    job.broken = rule_names(whole.verdict);
    co_return Tried{.step = llm::Step::give_up, .reason = "no_valid_answer"};
}

/// All tiers, and the last resort where none of them has an answer.
awaitable<Generator::Tried> Generator::try_all(Job& job) {
    for (Tier tier = Tier::full;; tier = simpler(tier)) {
        // An answer that is too simple for one tier may do for the next, and is paid for already.
        if (job.last)
            if (auto valid = accepted(job.task, tier, *job.last)) co_return Tried{.valid = std::move(valid)};
        Tried tried = co_await try_tier(job, tier, chain_);
        if (tried.valid) co_return tried;
        if (tried.step == llm::Step::next_tier && tier != Tier::basic) continue;
        if (!last_resort_ || tried.reason == reasons::stopped || tried.reason == work::cannot_answer)
            co_return tried;
        auto last = try_last_resort(job, std::move(tried));
        co_return co_await std::move(last);
    }
}

/// It costs nothing and takes no time: it is asked though calls and time may be used up. Gives what came
/// before where it has no answer either.
awaitable<Generator::Tried> Generator::try_last_resort(Job& job, Tried tried) {
    Spent nothing{llm::CallBudget(1), {}};
    Job last{job.row, job.kind, job.task, nothing, steady_clock::now() + std::chrono::minutes(1)};
    Tried resorted = co_await try_tier(last, Tier::full, *last_resort_);
    co_return resorted.valid ? std::move(resorted) : std::move(tried);
}

awaitable<Generator::Tried> Generator::try_tier(Job& job, Tier tier, llm::Chain& chain) {
    constexpr int reasks = 1;
    std::string complaints;
    for (int ask = 0; ask <= reasks; ++ask) {
        if (tier != Tier::full || ask > 0)
            co_await note(job, tier, 20 + 20 * static_cast<int>(tier) + 10 * ask);
        llm::Request request = request_for(job.task, tier, complaints, job.deadline);
        auto outcome = co_await chain.ask(std::move(request), job.spent.budget);
        if (!outcome) {
            const llm::Unanswered& none = outcome.error();
            if (reason_code(none) != reasons::stopped)
                log::warn("unanswered",
                          {{"row", job.row.lease.id}, {"tier", work::name(tier)}, {"why", none.reason}});
            co_return Tried{none.step, std::nullopt, std::string(reason_code(none)), none.wait};
        }

        llm::Reply& reply = outcome->reply;
        job.spent.add(reply.usage);
        if (reply.finish == llm::Finish::truncated) co_return Tried{.reason = "truncated"};
        if (reply.finish == llm::Finish::refused) {
            bool again = ++job.refusals < 2;
            co_return Tried{.step = again ? llm::Step::next_tier : llm::Step::give_up, .reason = "refused"};
        }
        Answer answer = read_answer(job.task, tier, *outcome, job.row.claimed_at);
        const bool kept_the_rules = answer.verdict.valid();
        auto proven = co_await prove(answer);
        if (!proven) co_return Tried{llm::Step::defer, std::nullopt, proven.error().code, database_rest};
        if (answer.verdict.valid()) co_return Tried{.valid = std::move(answer)};
        job.declined = declined(answer.verdict);
        if (!job.declined.empty())
            co_return Tried{.step = llm::Step::give_up, .reason = std::string(work::cannot_answer)};
        complaints = broken_rules(answer.verdict);
        job.broken = rule_names(answer.verdict);
        log::info("answer_rejected", {{"row", job.row.lease.id},
                                      {"tier", work::name(tier)},
                                      {"provider", answer.provider},
                                      {"rules", job.broken}});
        // What the database objects to it objects to at every tier.
        job.last.reset();
        if (!answer.text.empty() && !kept_the_rules) job.last = std::move(answer);
    }
    co_return Tried{.reason = "no_valid_answer"};
}

/// Asks the database whether it can plan the answer's statement, if there is one; an objection is a broken
/// rule.
awaitable<Result<void>> Generator::prove(Answer& answer) {
    if (!answer.verdict.valid() || answer.verdict.statement.empty()) co_return Result<void>();
    auto objection = co_await catalogue_.objection_to(answer.verdict.statement);
    if (!objection) co_return objection.error();
    if (!objection->empty())
        answer.verdict.violations.push_back({work::Violation::Severity::reject, "/sql", "plan", *objection});
    co_return Result<void>();
}

Settlement Generator::settlement(const Job& job, const Tried& tried, steady_clock::time_point began) const {
    if (tried.valid) {
        Settlement done = completed(
            job.row, *tried.valid,
            {job.spent.usage, llm::cost(job.spent.usage, settings_.prices), steady_clock::now() - began});
        std::string_view secret = job.kind.secret_member;
        if (!secret.empty() && !settings_.prompt_key.empty())
            done.cached_asked = with_sealed(job.row.input, secret, settings_.prompt_key);
        return done;
    }
    if (tried.reason == reasons::stopped) return released(job.row.lease);
    // A provider that never answers is down, whatever tier it was asked at.
    if (tried.step == llm::Step::defer || tried.reason == reasons::timeout)
        return deferred(job.row, tried.reason, tried.wait, settings_.give_up_after);
    if (tried.reason == work::cannot_answer) return failed(job.row.lease, tried.reason, job.declined);
    return failed(job.row.lease, tried.reason, explain_failure(tried.reason, job.broken));
}

awaitable<void> Generator::note(const Job& job, Tier tier, int percent) {
    // Only for watchers: that it could not be written changes nothing.
    co_await queue_.note_stage(job.row.lease, std::string("generating_") + std::string(work::name(tier)),
                               percent);
}

}  // namespace spotter::pipeline
