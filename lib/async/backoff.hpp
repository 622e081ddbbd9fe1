#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace spotter::async {

/// Waits that double from `first` to `longest`, each cut by up to a quarter at random so that many who failed
/// together do not come back together.
class Backoff {
  public:
    using Milliseconds = std::chrono::milliseconds;

    Backoff(Milliseconds first, Milliseconds longest) : first_(first), longest_(longest), next_(first) {}

    Milliseconds next() {
        Milliseconds wait = next_;
        next_ = std::min(next_ * 2, longest_);
        return jittered(wait, 0.75, 1.0);
    }
    void reset() { next_ = first_; }

    /// `wait` times a random factor in [least, most).
    static Milliseconds jittered(Milliseconds wait, double least, double most) {
        static thread_local std::minstd_rand random(std::random_device{}());
        std::uniform_real_distribution<double> factor(least, most);
        return std::chrono::duration_cast<Milliseconds>(wait * factor(random));
    }

  private:
    Milliseconds first_, longest_, next_;
};

}  // namespace spotter::async
