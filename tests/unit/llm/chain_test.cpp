#include "llm/chain.hpp"

#include <doctest/doctest.h>

#include <boost/asio/bind_cancellation_slot.hpp>

#include "async/timeout.hpp"
#include "llm/builtin.hpp"
#include "support/loop.hpp"
#include "unit/llm/scripted_provider.hpp"

namespace chain_test {

using namespace spotter;
using namespace spotter::llm;
using namespace std::chrono_literals;
using test::Loop;
using test::ScriptedProvider;
using Kind = Failure::Kind;
using Outcome = Result<Answered, Unanswered>;

namespace {

std::vector<Failure> failures(Kind kind, int times = 1,
                              std::optional<std::chrono::milliseconds> retry_after = {}) {
    Failure failure;
    failure.kind = kind;
    failure.retry_after = retry_after;
    return std::vector<Failure>(static_cast<std::size_t>(times), failure);
}

/// A policy whose retries take no time to speak of.
RetryPolicy quick() {
    RetryPolicy policy;
    policy.first_wait = 1ms;
    return policy;
}

Request request() {
    Request out;
    out.prompt = [] { return Prompt{.user = "hello"}; };
    out.deadline = async::Clock::now() + 1min;
    return out;
}

struct Asked {
    Loop loop;
    CallBudget budget{10};
    std::vector<std::string> seen;  ///< as an observer sees it

    Outcome ask(std::vector<Provider*> providers, RetryPolicy policy = quick(), Request what = request()) {
        auto observe = [this](const Attempt& attempt) {
            seen.push_back(std::string(attempt.provider.name()) + " " + std::to_string(attempt.number) +
                           (attempt.outcome ? " ok" : " " + std::string(name(attempt.outcome.error().kind))));
        };
        Chain chain(std::move(providers), policy, [] { return 0.0; }, observe);
        return loop.run(one(chain, std::move(what))).value();
    }

  private:
    boost::asio::awaitable<std::optional<Outcome>> one(Chain& chain, Request what) {
        co_return co_await chain.ask(std::move(what), budget);
    }
};

}  // namespace

TEST_CASE("the first provider that answers is the one that is taken") {
    ScriptedProvider first("first"), second("second");
    Asked asked;
    const auto answer = asked.ask({&first, &second}).value();
    CHECK(answer.provider == "first");
    CHECK(answer.reply.text == "from first");
    CHECK(first.last_user == "hello");
    CHECK(second.calls == 0);
    CHECK(asked.budget.left() == 9);
}

TEST_CASE("a passing failure is retried at the same provider, and each attempt is observed") {
    ScriptedProvider provider("p", failures(Kind::overloaded, 2));
    Asked asked;
    CHECK(asked.ask({&provider}).has_value());
    CHECK(asked.seen == std::vector<std::string>{"p 0 overloaded", "p 1 overloaded", "p 2 ok"});
}

TEST_CASE("a provider that stays down is followed by the next") {
    ScriptedProvider down("down", failures(Kind::unreachable, 100)), up("up");
    Asked asked;
    CHECK(asked.ask({&down, &up})->provider == "up");
    CHECK(down.calls == 4);
    CHECK(asked.budget.left() == 5);
}

TEST_CASE("a long wait is not slept: the next provider is asked, or the row put back for as long") {
    ScriptedProvider limited("limited", failures(Kind::rate_limited, 1, 2min)), free("free");
    Asked asked;
    CHECK(asked.ask({&limited, &free})->provider == "free");

    ScriptedProvider alone("alone", failures(Kind::rate_limited, 1, 2min));
    const auto none = asked.ask({&alone}).error();
    CHECK(none.step == Step::defer);
    CHECK(none.wait == 2min);
    CHECK(none.failure.kind == Kind::rate_limited);
    CHECK(alone.calls == 1);
}

TEST_CASE("when all providers are left, the row rests for the shortest of their waits") {
    ScriptedProvider quota("quota", failures(Kind::quota)), key("key", failures(Kind::unauthorized));
    Asked asked;
    const auto none = asked.ask({&quota, &key}).error();
    CHECK(none.step == Step::defer);
    CHECK(none.wait == 60s);
    CHECK(none.reason.starts_with("key refuses the key"));
    CHECK(asked.ask({&key, &quota}).has_value());  // both answer now
}

TEST_CASE("a request that is rejected or too long is not passed on to other providers") {
    ScriptedProvider next("next");
    Asked asked;
    ScriptedProvider rejecting("rejecting", failures(Kind::rejected));
    CHECK(asked.ask({&rejecting, &next}).error().step == Step::give_up);
    ScriptedProvider small("small", failures(Kind::context_length));
    CHECK(asked.ask({&small, &next}).error().step == Step::next_tier);
    CHECK(next.calls == 0);
}

TEST_CASE("a provider that is too slow twice goes to the next one, or to a smaller prompt") {
    Asked asked;
    ScriptedProvider slow("slow", failures(Kind::timeout, 4)), key("key", failures(Kind::unauthorized));
    CHECK(asked.ask({&key, &slow}).error().step == Step::next_tier);
    CHECK(slow.calls == 2);
    ScriptedProvider up("up");
    CHECK(asked.ask({&slow, &up})->provider == "up");
}

TEST_CASE("no more calls are made than the budget has, over all providers together") {
    ScriptedProvider a("a", failures(Kind::overloaded, 100)), b("b", failures(Kind::overloaded, 100));
    Asked asked;
    asked.budget = CallBudget(6);
    const auto none = asked.ask({&a, &b}).error();
    CHECK(a.calls + b.calls == 6);
    CHECK(asked.budget.left() == 0);
    CHECK(none.step == Step::defer);
    CHECK(none.wait == 20s);

    const auto nothing = asked.ask({&a, &b}).error();
    CHECK(a.calls + b.calls == 6);
    CHECK(nothing.step == Step::give_up);
    CHECK(nothing.reason == "the row's calls are used up");
}

TEST_CASE("a retry that would pass the deadline is not waited for") {
    ScriptedProvider provider("p", failures(Kind::overloaded, 100, 9s));
    Asked asked;
    Request soon = request();
    soon.deadline = async::Clock::now() + 5s;
    const auto none = asked.ask({&provider}, quick(), soon).error();
    CHECK(provider.calls == 1);
    CHECK(none.step == Step::defer);

    soon.deadline = async::Clock::now() - 1s;
    const auto late = asked.ask({&provider}, quick(), soon).error();
    CHECK(provider.calls == 1);
    CHECK(late.step == Step::give_up);
    CHECK(late.failure.kind == Kind::timeout);
}

TEST_CASE("a chain that is cancelled while it waits puts the row back at once") {
    ScriptedProvider provider("p", failures(Kind::overloaded, 100, 9s));
    Loop loop;
    CallBudget budget(10);
    Chain chain({&provider}, RetryPolicy{}, [] { return 0.0; }, nullptr);
    std::optional<Outcome> outcome;
    auto ask = [](Chain& of, CallBudget& calls,
                  std::optional<Outcome>& into) -> boost::asio::awaitable<void> {
        auto what = request();
        into.emplace(co_await of.ask(std::move(what), calls));
    };
    boost::asio::cancellation_signal stop;
    auto ended = [](std::exception_ptr problem) {
        if (problem) std::rethrow_exception(problem);
    };
    boost::asio::co_spawn(loop.context, ask(chain, budget, outcome),
                          boost::asio::bind_cancellation_slot(stop.slot(), ended));
    loop.run_until([&] { return provider.calls == 1; });
    loop.context.poll();
    CHECK_FALSE(outcome);
    stop.emit(boost::asio::cancellation_type::terminal);
    loop.run_until([&] { return outcome.has_value(); });
    REQUIRE(outcome->has_error());
    CHECK(outcome->error().step == Step::defer);
    CHECK(outcome->error().wait == 0s);
    CHECK(outcome->error().failure.kind == Kind::cancelled);
    CHECK(provider.calls == 1);
}

TEST_CASE("the builtin answers with the request's own plan, last in a chain or alone") {
    ScriptedProvider key("key", failures(Kind::unauthorized));
    Builtin builtin;
    Asked asked;
    Request planned = request();
    planned.plan = [] { return std::string(R"({"plan":1})"); };
    const auto answer = asked.ask({&key, &builtin}, quick(), planned).value();
    CHECK(answer.provider == "builtin");
    CHECK(answer.reply.model == "builtin");
    CHECK(answer.reply.finish == Finish::stop);
    CHECK(answer.reply.text == R"({"plan":1})");
    CHECK_FALSE(answer.reply.usage.output);
    CHECK(asked.ask({&builtin}).error().step == Step::give_up);  // no plan
}

}  // namespace chain_test
