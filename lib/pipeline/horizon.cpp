#include "pipeline/horizon.hpp"

#include <algorithm>

namespace spotter::pipeline {

using namespace std::chrono_literals;

namespace {

/// A transaction may take so long to commit, and its rows are seen all the same.
constexpr auto margin = 1s;
constexpr auto whole_look_every = 5s;
constexpr auto whole_look_at_most_every = 200ms;
/// So many times what it took a look at everything rests.
constexpr int rest = 20;
/// What a look by turns may take, and how many times what it takes beyond that it rests.
constexpr auto usual_turns = 50ms;
constexpr int rest_of_turns = 4;

}  // namespace

std::optional<queue::Seconds> Horizon::since(Clock::time_point now) {
    if (!done_until_) return std::nullopt;
    const bool wanted = last_whole_look_ <= forgotten_ || now - last_whole_look_ > whole_look_every;
    if (wanted && now >= whole_look_from_) {
        whole_look_from_ = now + whole_look_every;  // unless it ends before
        return std::nullopt;
    }
    return queue::Seconds(now - *done_until_ + margin);
}

void Horizon::looked(const queue::Look& look, const queue::Claim& found, Clock::time_point began,
                     Clock::time_point ended) {
    const auto took = ended - began;
    if (!look.since) {
        last_whole_look_ = std::max(last_whole_look_, began);
        whole_look_from_ = ended + rest * took;
    } else {
        took_turns(look, took, ended);
    }
    auto oldest = std::chrono::duration_cast<Clock::duration>(found.oldest);
    done_until_ = began - std::max(oldest, Clock::duration::zero());
}

void Horizon::took_turns(const queue::Look& look, Clock::duration took, Clock::time_point ended) {
    if (look.by_turns > 0 && took > usual_turns) turns_from_ = ended + rest_of_turns * (took - usual_turns);
}

std::optional<Horizon::Clock::time_point> Horizon::owed() const {
    if (last_whole_look_ > forgotten_) return std::nullopt;
    return std::max(last_whole_look_ + whole_look_at_most_every, whole_look_from_);
}

}  // namespace spotter::pipeline
