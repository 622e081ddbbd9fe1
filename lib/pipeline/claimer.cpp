#include "pipeline/claimer.hpp"

#include <utility>

#include "async/timeout.hpp"
#include "base/log.hpp"

namespace spotter::pipeline {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::awaitable;

Claimer::Claimer(asio::any_io_executor executor, queue::Queue& queue, std::size_t lane, Hands& hands,
                 const Config::Queue& settings, bool rings, Metrics& metrics)
    : queue_(queue),
      lane_(lane),
      hands_(hands),
      settings_(settings),
      metrics_(metrics),
      bells_{async::Event(executor), async::Event(executor), async::Event(executor)},
      rhythm_(std::chrono::duration_cast<std::chrono::milliseconds>(settings.poll), rings) {}

void Claimer::wake() {
    rung_ = true;
    bells_[0].ring();
}

void Claimer::wake_for_all() {
    horizon_.forget(Clock::now());
    bells_[0].ring();
}

void Claimer::wake_for_slot() {
    bells_[0].ring();
}

void Claimer::stop() {
    for (async::Event& bell : bells_) bell.ring();
}

awaitable<void> Claimer::run(std::size_t loop) {
    async::Backoff backoff(200ms, 5s);
    while (!hands_.stopping()) {
        last_look_ = Clock::now();
        auto permit = co_await hands_.may_claim(lane_);
        if (!permit) continue;
        bool rung = loop == 0 && std::exchange(rung_, false);
        auto looked = co_await look();
        permit.reset();
        if (looked) {
            backoff.reset();
        } else {
            co_await async::sleep_for(backoff.next());
            bells_[0].ring();  // it is due now, not at the next poll
        }
        const Found found = looked.value_or(Found{});
        if (found.more) {
            bells_[(loop + 1) % loops].ring();
            continue;
        }
        // Somebody rang for a row that is older than we look for: its transaction took its time.
        if (rung && !found.something) horizon_.forget(Clock::now());
        if (loop == 0) {
            if (auto owed = horizon_.owed()) put_off_until(*owed);
            Rhythm::Looked came{found.something, hands_.free_slots() > 0, rung, found.left};
            Rhythm::Next next = rhythm_.after_look(came, Clock::now());
            co_await pause(next);
        } else {
            co_await bells_[loop].wait();  // the others are rung when there is much to do
        }
    }
}

awaitable<void> Claimer::pause(Rhythm::Next next) {
    if (next.bell == Rhythm::Bell::arm) {
        auto armed = co_await queue_.arm_bell(hands_.self(), lane_);
        if (!armed) rhythm_.forget();
        horizon_.forget(Clock::now());  // what came while nobody would have rung is looked for everywhere
    } else if (next.bell == Rhythm::Bell::disarm) {
        // Should that fail they ring on, which only costs them time.
        co_await queue_.disarm_bell(hands_.self(), lane_);
    }
    auto until = Clock::now() + async::Backoff::jittered(next.pause, 0.8, 1.2);
    if (due_ && *due_ < until) {
        until = *due_ + 10ms;
        due_.reset();
    }
    co_await bells_[0].wait_until(until);
}

awaitable<std::optional<Claimer::Found>> Claimer::look() {
    auto began = Clock::now();
    queue::Look look = next_look(settings_.batch, hands_.free_slots(), mostly_cached_, horizon_.turns(began));
    look.lane = lane_;
    look.since = horizon_.since(began);
    hands_.claim_begins(lane_, look.slots);
    bool one_by_one = false;
    auto claim = co_await queue_.claim(hands_.self(), look);
    // One row may be what the database will not have, or what takes it all its time.
    if (!claim && (claim.error().kind == db::Failure::Kind::refused || claim.error().out_of_time())) {
        log::warn("claim_one_by_one", {{"error", claim.error().message}});
        if (claim.error().out_of_time()) horizon_.took_turns(look, Clock::now() - began, Clock::now());
        claim = co_await queue_.claim_one_by_one(hands_.self(), look);
        one_by_one = true;
    }
    hands_.claim_ends(lane_, look.slots);
    if (!claim) {
        failed(claim.error().message);
        co_return std::nullopt;
    }
    metrics_.claim_seconds.Observe(queue::Seconds(Clock::now() - began).count());
    if (!problem_.empty()) log::info("claiming_again");
    problem_.clear();
    one_by_one ? horizon_.reset() : horizon_.looked(look, *claim, began, Clock::now());

    Found found;
    found.something = claim->hits > 0 || claim->parked > 0 || !claim->rows.empty();
    found.left = left_behind(*claim) > 0;
    bool full = found.something && is_full(*claim, look);
    mostly_cached_ = mostly_cached(*claim);
    hands_.take(lane_, std::move(*claim));
    short_of_slots_ = found.left || (full && hands_.free_slots() <= 0);
    if (!short_of_slots_) hands_.offer_slots();
    found.more = full && (hands_.free_slots() > 0 || mostly_cached_);
    co_return found;
}

void Claimer::failed(const std::string& why) {
    metrics_.database_errors.Increment();
    if (problem_.empty()) log::error("claim_failed", {{"error", why}});
    problem_ = why;
    hands_.lost_a_claim(lane_);
    rhythm_.forget();
    horizon_.reset();
}

}  // namespace spotter::pipeline
