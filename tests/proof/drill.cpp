#include "proof/drill.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <deque>
#include <thread>

#include "proof/faults.hpp"
#include "proof/recorder.hpp"
#include "proof/workload.hpp"
#include "support/wait.hpp"

namespace spotter::proof {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Starts faults, ends them when their time is over, and keeps those apart that would hold the same thing.
class Director {
  public:
    Director(Stage& stage, const DrillOptions& options)
        : stage_(stage), options_(options), random_(options.seed) {
        for (Fault& fault : all_faults(options.steady)) {
            std::string missing = fault.missing(stage);
            if (missing.empty())
                faults_.push_back(std::move(fault));
            else
                not_had_.push_back(fmt::format("{}: {}", fault.name, missing));
        }
        std::shuffle(faults_.begin(), faults_.end(), random_);
        for (std::size_t i = 0; i < faults_.size(); ++i) to_come_.push_back(i);
    }

    /// False when each fault was had once and is over.
    bool more() const { return !to_come_.empty() || !ongoing_.empty(); }

    /// Ends what is due and starts what can be; to be called often.
    void step() {
        end_those([](const Started& started) { return Clock::now() >= started.until; });
        if (Clock::now() < next_) return;
        if (options_.length > 0s)
            begin_any();
        else
            begin_next();
        next_ = Clock::now() + milliseconds(dice(random_, 500, 3500));
    }

    void end_all() {
        end_those([](const Started&) { return true; });
    }

    const std::map<std::string, int>& had() const { return had_; }
    const std::vector<std::string>& not_had() const { return not_had_; }

  private:
    struct Started {
        Ongoing fault;
        Clock::time_point until;
    };

    void begin_any() {
        const auto last = static_cast<int>(faults_.size()) - 1;
        begin(faults_[static_cast<std::size_t>(dice(random_, 0, last))]);
    }

    void begin_next() {
        if (to_come_.empty()) return;
        if (begin(faults_[to_come_.front()])) to_come_.pop_front();
    }

    bool begin(const Fault& fault) {
        Ongoing planned = fault.plan(stage_, random_);
        for (const std::string& thing : planned.holds)
            if (held(thing)) return false;
        options_.say(fmt::format("begins: {} ({}, {} ms)", planned.name, fmt::join(planned.holds, " "),
                                 planned.length.count()));
        planned.begin();
        ++had_[planned.name];
        auto until = Clock::now() + planned.length;
        ongoing_.push_back({std::move(planned), until});
        return true;
    }

    bool held(const std::string& thing) const {
        return std::any_of(ongoing_.begin(), ongoing_.end(), [&](const Started& started) {
            const auto& holds = started.fault.holds;
            return std::find(holds.begin(), holds.end(), thing) != holds.end();
        });
    }

    template <class Due>
    void end_those(Due due) {
        for (auto started = ongoing_.begin(); started != ongoing_.end();) {
            if (!due(*started)) {
                ++started;
                continue;
            }
            started->fault.end();
            options_.say(fmt::format("ends:   {}", started->fault.name));
            started = ongoing_.erase(started);
        }
    }

    Stage& stage_;
    const DrillOptions& options_;
    Random random_;
    std::vector<Fault> faults_;
    std::deque<std::size_t> to_come_;
    std::vector<Started> ongoing_;
    std::map<std::string, int> had_;
    std::vector<std::string> not_had_;
    Clock::time_point next_ = Clock::now() + 3s;
};

/// What a daemon says that ended though nobody meant it to.
void watch_daemons(Stage& stage, const DrillOptions& options) {
    for (auto& daemon : stage.daemons())
        options.say(fmt::format("{}: {} KiB", daemon->name(), daemon->kilobytes()));
}

/// What was read is kept when the database goes away meanwhile; the next time brings the rest.
bool try_collect(Stage& stage, const DrillOptions& options, History& history) {
    try {
        pqxx::connection connection(stage.dsn());
        collect(connection, history);
        return true;
    } catch (const pqxx::failure& error) {
        options.say(fmt::format("the history is not to be had now: {}", error.what()));
        return false;
    }
}

/// An operator's push: rows that rest after faults of the model need not rest any longer.
bool all_ended(Stage& stage, const DrillOptions& options) {
    try {
        pqxx::connection connection(stage.dsn());
        pqxx::nontransaction transaction(connection);
        transaction.exec(
            "update public.training_programs set generation_run_after = now() "
            "where generation_status = 'pending' and generation_run_after > now()");
        return transaction
            .exec(
                "select not exists (select from public.training_programs "
                "where generation_status in ('pending', 'processing'))")[0][0]
            .as<bool>();
    } catch (const pqxx::failure& error) {
        options.say(fmt::format("cannot see how rows stand: {}", error.what()));
        return false;
    }
}

void stop_daemons(Stage& stage, Report& report) {
    for (auto& daemon : stage.daemons()) {
        // One that has only just been started does not listen to signals yet.
        test::eventually([&] { return daemon->ready(); }, 30s);
        auto code = daemon->stop(60s);
        if (code != 0)
            report.violations.push_back({"a daemon ends well when told to", "",
                                         fmt::format("{} ended with {}", daemon->name(), code.value_or(-1))});
    }
}

void add_all(std::vector<Violation>& to, std::vector<Violation> more) {
    std::move(more.begin(), more.end(), std::back_inserter(to));
}

std::vector<int> memory_of(Stage& stage) {
    std::vector<int> kilobytes;
    for (auto& daemon : stage.daemons()) kilobytes.push_back(daemon->kilobytes());
    return kilobytes;
}

}  // namespace

Report drill(const DrillOptions& options) {
    Report report;
    report.seed = options.seed;
    Stage stage({options.seed, options.daemons, options.disk_megabytes, options.logs});
    report.terms = stage.terms();
    Director director(stage, options);
    report.not_had = director.not_had();
    Workload apps(stage.dsn(), options.seed + 1, options.mean_pause_of_apps);

    const auto start = Clock::now();
    auto next_look = start + 1min;
    std::vector<int> memory_at_first;
    auto goes_on = [&] {
        return options.length > 0s ? Clock::now() - start < options.length : director.more();
    };
    while (goes_on() && report.violations.empty()) {
        director.step();
        std::this_thread::sleep_for(20ms);
        if (Clock::now() < next_look) continue;
        next_look += 1min;
        if (memory_at_first.empty()) memory_at_first = memory_of(stage);
        if (try_collect(stage, options, report.history)) {
            report.history.calls = stage.model().calls();
            report.violations = check_so_far(report.history, report.terms);
        }
        const Figures so_far = figures_of(report.history);
        options.say(fmt::format(
            "minute {}: rows {}, calls {}, rescues {}, failed {}, slowest {:.0f} s, violations {}",
            std::chrono::duration_cast<std::chrono::minutes>(Clock::now() - start).count(), so_far.rows,
            so_far.calls, so_far.rescues, so_far.failed, so_far.slowest, report.violations.size()));
        watch_daemons(stage, options);
    }

    director.end_all();
    apps.stop();
    stage.model().behave();
    stage.mend_database();
    for (auto& daemon : stage.daemons()) daemon->signal(SIGCONT);
    stage.mend_daemons();
    report.faults = director.had();
    report.acts = apps.done();

    const auto faults_ended = Clock::now();
    test::eventually([&] { return all_ended(stage, options); }, 3min);
    const double wind_down = std::chrono::duration<double>(Clock::now() - faults_ended).count();
    const auto memory = memory_of(stage);
    for (std::size_t i = 0; i < memory.size(); ++i)
        report.memory.push_back(
            fmt::format("{} {} KiB after its last start {} s ago{}", stage.daemons()[i]->name(), memory[i],
                        stage.daemons()[i]->age().count(),
                        i < options.steady && !memory_at_first.empty()
                            ? fmt::format("; {} KiB a minute after its first", memory_at_first[i])
                            : ""));
    stop_daemons(stage, report);

    pqxx::connection connection(stage.dsn());
    collect(connection, report.history);
    report.history.calls = stage.model().calls();
    report.history.acknowledged = apps.acknowledged();
    report.history.flights_left = flights_left(connection);
    add_all(report.violations, check_end(report.history, report.terms));
    for (auto& daemon : stage.daemons()) add_all(report.violations, check_log(daemon->log(), model_key));
    report.figures = figures_of(report.history);
    report.figures.wind_down = wind_down;
    return report;
}

}  // namespace spotter::proof
