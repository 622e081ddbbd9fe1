#include "llm/chain.hpp"

#include <optional>

#include "async/timeout.hpp"

namespace spotter::llm {
namespace {

namespace asio = boost::asio;
using async::Clock;

Unanswered unanswered(Step step, std::chrono::milliseconds wait, std::string_view provider,
                      const Failure& failure) {
    return Unanswered{step, wait, failure, explain(provider, failure)};
}

Unanswered without_a_call(Failure::Kind kind, std::string message) {
    Unanswered none;
    none.failure.kind = kind;
    none.failure.message = message;
    none.reason = std::move(message);
    return none;
}

Unanswered stopped() {
    auto none = without_a_call(Failure::Kind::cancelled,
                               "the call was given up: its answer is no longer wanted here");
    none.step = Step::defer;
    return none;
}

/// Of two providers that did not answer: a smaller prompt may help at once, else the shorter rest counts.
void keep_the_better(std::optional<Unanswered>& kept, Unanswered other) {
    const bool better = !kept || (other.step == Step::next_tier && kept->step != Step::next_tier) ||
                        (other.step == kept->step && other.wait < kept->wait);
    if (better) kept = std::move(other);
}

}  // namespace

Chain::Chain(std::vector<Provider*> providers, RetryPolicy policy, std::function<double()> jitter,
             AttemptObserver observer)
    : providers_(std::move(providers)),
      policy_(policy),
      jitter_(std::move(jitter)),
      observer_(std::move(observer)) {}

asio::awaitable<Result<Answered, Unanswered>> Chain::ask(Request request, CallBudget& budget) {
    try {
        co_return co_await ask_all(std::move(request), budget);
    } catch (const boost::system::system_error& error) {
        // A cancellation that arrives between two waits is thrown by Asio at the second.
        if (error.code() != asio::error::operation_aborted) throw;
    }
    co_return stopped();
}

asio::awaitable<Result<Answered, Unanswered>> Chain::ask_all(Request request, CallBudget& budget) {
    std::optional<Unanswered> kept;
    for (Provider* provider : providers_) {
        for (int n = 0;; ++n) {
            if (Clock::now() >= request.deadline)
                co_return kept.value_or(without_a_call(Failure::Kind::timeout, "the row's time is used up"));
            if (!budget.take())
                co_return kept.value_or(
                    without_a_call(Failure::Kind::rejected, "the row's calls are used up"));

            auto reply = co_await attempt(*provider, request, n);
            if (reply) co_return Answered{std::move(*reply), provider->name()};

            const Failure& failure = reply.error();
            RetryDecision decision = decide(failure, n, policy_, jitter_());
            const bool possible = budget.left() > 0 && Clock::now() + decision.wait < request.deadline;
            if (decision.step == Step::retry && possible) {
                co_await async::sleep_for(decision.wait);
                continue;
            }
            // What may not be tried again now is treated like what was tried often enough.
            if (decision.step == Step::retry) decision = decide(failure, policy_.retries, policy_, jitter_());
            if (decision.step != Step::next_provider)
                co_return unanswered(decision.step, decision.wait, provider->name(), failure);
            keep_the_better(kept, unanswered(decision.last, decision.wait, provider->name(), failure));
            break;
        }
    }
    co_return std::move(*kept);
}

asio::awaitable<Result<Reply, Failure>> Chain::attempt(Provider& provider, const Request& request,
                                                       int number) {
    const auto start = Clock::now();
    auto outcome = co_await provider.complete(request);
    if (observer_) observer_(Attempt{provider, number, Clock::now() - start, outcome});
    co_return outcome;
}

}  // namespace spotter::llm
