#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

#include "support/process.hpp"
#include "support/scripted_model.hpp"

/// Rows to be done, and a model to do them.
namespace spotter::bench {

/// Users 1 to `count` with profiles; bench_user(n) is the n-th's id, bench_onboarding(n) an onboarding that
/// no other row has, so that its answer is neither cached nor another row's.
void add_users(const std::string& dsn, int count);

/// SQL that inserts rows `from` to `from + count - 1` with onboardings of their own, spread over `users`
/// users.
std::string insert_rows(int from, int count, int users);
void add_rows(const std::string& dsn, int from, int count, int users);

/// 1,000 users with one cache entry each, of `bytes` bytes; then insert_cached_rows() asks for them.
void fill_cache(const std::string& dsn, int bytes);
/// SQL that inserts rows whose answers are cached; `count` in whole thousands, or up to a thousand.
std::string insert_cached_rows(int count);
/// Cached rows and nothing else in the queue, in a vacuumed, warm table.
void refill(const std::string& dsn, int count);

/// What a daemon with the builtin calls its versions; part of every cache key.
std::string builtin_versions();

/// A model that gives every row the same valid answer, and notes when each row's first call came.
class Model {
  public:
    Model(const std::string& dsn, int rows, std::chrono::milliseconds delay = {});

    /// Seconds of std::chrono::steady_clock; 0 when it has not come.
    double arrival(int row) const { return arrivals_[static_cast<std::size_t>(row)]; }
    /// Waits until so many rows have come; throws after two minutes in which none came.
    void wait_for_rows(int count) const;
    /// So that the daemon asks it.
    test::Environment environment(int slots) const;

    test::ScriptedModel& server() { return server_; }
    const test::Behaviour& answer() const { return answer_; }

  private:
    void note(const std::string& body);

    test::Behaviour answer_;
    std::vector<std::atomic<double>> arrivals_;
    std::atomic<int> come_ = 0;
    test::ScriptedModel server_;
};

/// Seconds of std::chrono::steady_clock.
double now();

}  // namespace spotter::bench
