#include "proof/drill.hpp"

#include <fmt/format.h>

#include <csignal>
#include <thread>

#include "proof/director.hpp"
#include "proof/recorder.hpp"
#include "proof/workload.hpp"
#include "support/wait.hpp"

namespace spotter::proof {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

class Drill {
  public:
    explicit Drill(const DrillOptions& options)
        : options_(options),
          stage_({options.seed, options.daemons, options.disk_megabytes, options.logs}),
          director_(stage_, options.length > 0s ? Director::Manner::at_random : Director::Manner::each_once,
                    options.seed, options.steady, options.say),
          apps_(stage_.dsn(), options.seed + 1, options.mean_pause_of_apps) {}

    Report run() {
        report_.seed = options_.seed;
        report_.terms = stage_.terms();
        trouble();
        calm();
        const double wind_down = wait_for_the_last();
        note_memory();
        judge();
        report_.figures = figures_of(report_.history);
        report_.figures.wind_down = wind_down;
        return std::move(report_);
    }

  private:
    void trouble();
    bool goes_on() const;
    void look();
    void calm();
    double wait_for_the_last();
    bool all_ended();
    void note_memory();
    void judge();
    void stop_daemons();
    void broken(const std::string& promise, const std::string& what) {
        report_.violations.push_back({promise, "", what});
    }

    const DrillOptions& options_;
    Stage stage_;
    Director director_;
    Workload apps_;
    Report report_;
    const Clock::time_point start_ = Clock::now();
    std::vector<int> memory_at_first_;
};

bool Drill::goes_on() const {
    if (!report_.violations.empty() || options_.ended_early()) return false;
    return options_.length > 0s ? Clock::now() - start_ < options_.length : director_.more();
}

void Drill::trouble() {
    auto next_look = start_ + 1min;
    while (goes_on()) {
        director_.step();
        std::this_thread::sleep_for(20ms);
        if (Clock::now() < next_look) continue;
        next_look += 1min;
        look();
    }
}

/// Progress, and a first judgement: a soak ends as soon as a promise is broken.
void Drill::look() {
    try {
        pqxx::connection connection(stage_.dsn());
        collect(connection, report_.history);
        report_.history.calls = stage_.model().calls();
        report_.history.invalidated = apps_.invalidated();
        report_.violations = check_so_far(report_.history, report_.terms);
    } catch (const pqxx::failure&) {
        // What was read is kept; the next look brings the rest.
    }
    const auto minute = std::chrono::duration_cast<std::chrono::minutes>(Clock::now() - start_).count();
    const Figures so_far = figures_of(report_.history);
    std::string line = fmt::format(
        "minute {}: rows {}, calls {}, shared {}, rescues {}, failed {}, slowest {:.0f} s, violations {}; "
        "KiB",
        minute, so_far.rows, so_far.calls, so_far.shared, so_far.rescues, so_far.failed, so_far.slowest,
        report_.violations.size());
    std::vector<int> memory;
    for (auto& daemon : stage_.daemons()) memory.push_back(daemon->kilobytes());
    if (memory_at_first_.empty()) memory_at_first_ = memory;
    options_.say(fmt::format("{} {}", line, fmt::join(memory, " ")));
}

void Drill::calm() {
    director_.end_all();
    apps_.stop();
    stage_.model().behave();
    stage_.mend_database();
    for (auto& daemon : stage_.daemons()) daemon->signal(SIGCONT);
    stage_.mend_daemons();
    report_.faults = director_.had();
    report_.not_had = director_.not_had();
    report_.acts = apps_.done();
}

double Drill::wait_for_the_last() {
    const auto from = Clock::now();
    test::eventually([&] { return all_ended(); }, 3min);
    return std::chrono::duration<double>(Clock::now() - from).count();
}

/// With an operator's push: rows that rest after faults of the model need not rest any longer.
bool Drill::all_ended() {
    try {
        pqxx::connection connection(stage_.dsn());
        pqxx::nontransaction transaction(connection);
        transaction.exec(
            "update public.training_programs set generation_run_after = now() "
            "where generation_status = 'pending' and generation_run_after > now()");
        auto rows = transaction.exec(
            "select not exists (select from public.training_programs "
            "where generation_status in ('pending', 'processing'))");
        return rows[0][0].as<bool>();
    } catch (const pqxx::failure&) {
        return false;
    }
}

void Drill::note_memory() {
    for (std::size_t i = 0; i < stage_.daemons().size(); ++i) {
        DaemonProcess& daemon = *stage_.daemons()[i];
        std::string line = fmt::format("{} {} KiB, {} s after its last start", daemon.name(),
                                       daemon.kilobytes(), daemon.age().count());
        if (i < options_.steady && !memory_at_first_.empty())
            line += fmt::format("; {} KiB after its first minute", memory_at_first_[i]);
        report_.memory.push_back(line);
    }
}

void Drill::stop_daemons() {
    for (auto& daemon : stage_.daemons()) {
        // One that has only just been started does not listen to signals yet.
        test::eventually([&] { return daemon->ready(); }, 30s);
        auto code = daemon->stop(60s);
        if (code != 0)
            broken("a daemon ends well when told to",
                   fmt::format("{} ended with {}", daemon->name(),
                               code ? std::to_string(*code) : "no code in time"));
    }
}

void Drill::judge() {
    report_.violations.clear();  // the history only grows: they are found again
    stop_daemons();
    pqxx::connection connection(stage_.dsn());
    History& history = report_.history;
    collect(connection, history);
    history.calls = stage_.model().calls();
    history.acknowledged = apps_.acknowledged();
    history.invalidated = apps_.invalidated();
    history.flights_left = flights_left(connection);
    auto add = [&](std::vector<Violation> more) {
        std::move(more.begin(), more.end(), std::back_inserter(report_.violations));
    };
    add(check_end(history, report_.terms));
    for (auto& daemon : stage_.daemons()) add(check_log(daemon->log(), model_key));
}

}  // namespace

Report drill(const DrillOptions& options) {
    return Drill(options).run();
}

}  // namespace spotter::proof
