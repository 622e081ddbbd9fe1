#pragma once

#include <map>
#include <string>
#include <vector>

#include "support/process.hpp"

namespace spotter::bench {

/// A way to run graphile-worker.
struct GraphileSettings {
    std::string name;
    std::string preset;  ///< JSON, as its `worker` preset
};

/// As its own page on performance has it, for what one machine of two cores can take, and with more or less
/// of it.
const std::vector<GraphileSettings>& graphile_batched();
/// As it comes.
const GraphileSettings& graphile_default();

/// graphile-worker, where scripts/fetch-graphile-worker put it.
class Graphile {
  public:
    /// `folder` empty: it is not there, and nothing is measured beside it.
    explicit Graphile(std::string folder) : folder_(std::move(folder)) {}
    explicit operator bool() const { return !folder_.empty(); }

    /// Makes its schema in the database.
    void migrate(const std::string& dsn) const;
    /// A worker that is ready for jobs.
    test::Process serve(const std::string& dsn, const GraphileSettings& settings,
                        const std::string& model = "") const;

    /// What it did; the clock is std::chrono::steady_clock's, in seconds.
    struct Done {
        int jobs = 0;
        double first = 0;
        double last = 0;
        std::map<int, double> starts;  ///< of calls, by the number of their row
    };
    /// Lets it finish what it has begun, and end.
    static Done stop(test::Process& worker);

    /// Queues `count` jobs of a task at once; their payload has their number n, from `from` on.
    static void add(const std::string& dsn, const std::string& task, int from, int count);
    static void wait_until_done(const std::string& dsn);

  private:
    test::Environment environment(const std::string& dsn) const;

    std::string folder_;
};

}  // namespace spotter::bench
