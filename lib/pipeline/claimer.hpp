#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "async/backoff.hpp"
#include "async/event.hpp"
#include "async/semaphore.hpp"
#include "base/config.hpp"
#include "base/metrics.hpp"
#include "pipeline/horizon.hpp"
#include "pipeline/look.hpp"
#include "pipeline/rhythm.hpp"
#include "queue/queue.hpp"

namespace spotter::pipeline {

/// Where claimed rows go, and what bounds their claiming.
class Hands {
  public:
    virtual ~Hands() = default;

    /// Waits until another claim of the lane may begin, and holds its place. Nullopt: look whether to go on,
    /// and ask again.
    virtual boost::asio::awaitable<std::optional<async::Semaphore::Permit>> may_claim(std::size_t lane) = 0;
    virtual bool stopping() const = 0;
    virtual const queue::Worker& self() const = 0;

    /// Slots that nobody has and no claim under way may fill.
    virtual int free_slots() const = 0;
    virtual void claim_begins(std::size_t lane, int slots) = 0;
    virtual void claim_ends(std::size_t lane, int slots) = 0;

    virtual void take(std::size_t lane, queue::Claim claim) = 0;
    /// A claim's answer was lost, and rows may be ours without our knowing.
    virtual void lost_a_claim(std::size_t lane) = 0;
    /// A lane has slots left over that it has no use for.
    virtual void offer_slots() = 0;
};

/// Claims the rows of one lane: decides when to look, and for how much.
class Claimer {
  public:
    using Clock = std::chrono::steady_clock;

    /// `rings`: whether an INSERT can ring for us.
    Claimer(boost::asio::any_io_executor executor, queue::Queue& queue, std::size_t lane, Hands& hands,
            const Config::Queue& settings, bool rings, Metrics& metrics);

    /// So many claims of a lane may be under way at once. More than one is busy only when there is much to
    /// do.
    static constexpr std::size_t loops = 3;
    /// Claims until the hands are stopping.
    boost::asio::awaitable<void> run(std::size_t loop);

    void wake();           ///< something new may be ready
    void wake_for_all();   ///< so may what was ready long ago
    void wake_for_slot();  ///< a slot is free
    void stop();           ///< look whether to go on
    /// A row of ours was put off until then.
    void put_off_until(Clock::time_point due) { due_ = std::min(due_.value_or(due), due); }
    /// Who waited for a row of ours may be next, though it is not new.
    void look_everywhere() { horizon_.forget(Clock::now()); }

    bool short_of_slots() const { return short_of_slots_; }
    /// Why claiming does not work; empty when it does.
    const std::string& problem() const { return problem_; }
    Clock::time_point last_look() const { return last_look_; }

  private:
    /// What came of a look.
    struct Found {
        bool something = false;
        bool more = false;  ///< there is more to claim right away
        bool left = false;  ///< something was left behind
    };
    /// Nullopt when the database would not answer.
    boost::asio::awaitable<std::optional<Found>> look();
    boost::asio::awaitable<void> pause(Rhythm::Next next);
    void failed(const std::string& why);

    queue::Queue& queue_;
    const std::size_t lane_;
    Hands& hands_;
    const Config::Queue& settings_;
    Metrics& metrics_;
    async::Event bells_[loops];
    Rhythm rhythm_;
    Horizon horizon_;
    bool rung_ = false;                     ///< since the last look
    bool short_of_slots_ = false;           ///< at the last look: what becomes free is waited for
    std::optional<Clock::time_point> due_;  ///< when the first row that was put off may be claimed again
    bool mostly_cached_ = true;             ///< at the last look
    std::string problem_;
    Clock::time_point last_look_ = Clock::now();
};

}  // namespace spotter::pipeline
