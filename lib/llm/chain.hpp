#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "llm/provider.hpp"
#include "llm/retry.hpp"

namespace spotter::llm {

/// How many calls a row may make: over transport retries, re-asks and tiers together.
class CallBudget {
  public:
    explicit CallBudget(int most) : most_(most) {}
    void raise_to(int most) { most_ = std::max(most_, most); }
    int taken() const { return taken_; }
    int left() const { return most_ - taken_; }
    /// One call less; false when there was none left.
    bool take() {
        if (left() <= 0) return false;
        ++taken_;
        return true;
    }

  private:
    int most_;
    int taken_ = 0;
};

/// One call as it went, for metrics and the log. Valid during the observer's call.
struct Attempt {
    const Provider& provider;
    int number;  ///< at this provider, 0-based
    std::chrono::steady_clock::duration took;
    const Result<Reply, Failure>& outcome;
};
using AttemptObserver = std::function<void(const Attempt&)>;

struct Answered {
    Reply reply;                ///< stopped, truncated or refused: the pipeline's to judge
    std::string_view provider;  ///< the provider's name
};

/// No provider answered.
struct Unanswered {
    Step step = Step::give_up;  ///< next_tier, defer or give_up
    std::chrono::milliseconds wait{
        0};              ///< the row's rest, should it be deferred (for next_tier: for want of a tier)
    Failure failure;     ///< why
    std::string reason;  ///< the same for an operator, with the provider's name
};

[[noreturn]] inline void throw_exception_from_error(const Unanswered& none, const boost::source_location&) {
    throw std::runtime_error(none.reason);
}

/// Providers in the order of preference. Owned by the app, used by every row at once.
class Chain {
  public:
    /// `jitter` gives numbers in [0, 1). The providers outlive the chain; there is at least one.
    Chain(std::vector<Provider*> providers, RetryPolicy policy, std::function<double()> jitter,
          AttemptObserver observer);

    /// Asks one provider after the other until one answers, with retries as `decide` says, within `budget`
    /// and `request.deadline`. Sleeps only short waits. Cancelled: step defer without a wait, failure
    /// `cancelled`.
    boost::asio::awaitable<Result<Answered, Unanswered>> ask(Request request, CallBudget& budget);

  private:
    boost::asio::awaitable<Result<Answered, Unanswered>> ask_all(Request request, CallBudget& budget);
    boost::asio::awaitable<Result<Reply, Failure>> attempt(Provider& provider, const Request& request,
                                                           int number);

    std::vector<Provider*> providers_;
    RetryPolicy policy_;
    std::function<double()> jitter_;
    AttemptObserver observer_;
};

}  // namespace spotter::llm
