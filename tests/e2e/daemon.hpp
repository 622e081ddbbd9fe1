#pragma once

#include <string>

#include "e2e/app_database.hpp"
#include "support/cluster.hpp"
#include "support/process.hpp"
#include "support/scripted_model.hpp"

namespace spotter::test {

/// The key that daemons present to the scripted model, and that must never show.
inline constexpr const char* model_key = "sk-scripted-0123456789abcdefSECRET";

/// `spotter serve` on a database. Killed at the end when it still runs.
class Daemon {
  public:
    /// With the builtin planner, unless `more` names a model.
    explicit Daemon(const std::string& dsn, const Environment& more = {});
    /// With a model.
    Daemon(const std::string& dsn, const ScriptedModel& model, const Environment& more = {});

    struct Page {
        int status = 0;
        std::string body;
    };
    /// GET. Throws when nobody answers.
    Page get(const std::string& path) const;
    /// The value of a metric by its whole name, labels included; 0 when there is none.
    double metric(const std::string& name) const;

    /// Waits until it works on rows; throws with its log when it does not.
    Daemon& wait_until_ready();
    /// Waits for a text in its log; throws with the log when it does not come.
    void wait_for_log(const std::string& text);

    /// SIGTERM, and its exit code; -1 when it does not end.
    int stop();
    void signal(int number) { process_.signal(number); }
    Process& process() { return process_; }
    std::string log() const { return process_.err(); }

  private:
    std::string address() const;

    Process process_;
    mutable std::string address_;
};

/// What most tests need: a migrated database, an app on it, and a model.
struct Stage {
    Database database = fresh_database();
    AppDatabase app{database.dsn()};
    ScriptedModel model;

    Daemon serve(const Environment& more = {}) const { return Daemon(database.dsn(), model, more); }
};

}  // namespace spotter::test
