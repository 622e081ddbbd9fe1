#include "proof/faults.hpp"

#include <fmt/format.h>

#include <csignal>

#include "support/wait.hpp"

namespace spotter::proof {
namespace {

using std::chrono::milliseconds;

milliseconds between(Random& random, int least, int most) {
    return milliseconds(dice(random, least, most));
}

std::size_t choose(Random& random, std::size_t least, std::size_t end) {
    return static_cast<std::size_t>(dice(random, static_cast<int>(least), static_cast<int>(end) - 1));
}

std::string daemon_name(std::size_t daemon) {
    return fmt::format("daemon-{}", daemon + 1);
}
std::string link_name(std::size_t daemon) {
    return fmt::format("link-{}", daemon + 1);
}

/// Runs statements in a session that stays open until it is let go. What the database refuses is no fault
/// then.
std::shared_ptr<pqxx::connection> session(Stage& stage, const std::string& statements) {
    try {
        auto connection = std::make_shared<pqxx::connection>(stage.dsn());
        pqxx::nontransaction(*connection).exec(statements);
        return connection;
    } catch (const pqxx::failure&) {
        return nullptr;
    }
}

// Daemons
// ---------------------------------------------------------------------------------------------------------

Fault killed(std::size_t steady) {
    return {"kill -9", [steady](Stage& stage, Random& random) {
                std::size_t victim = choose(random, steady, stage.daemons().size());
                auto& daemon = *stage.daemons()[victim];
                return Ongoing{"kill -9",
                               {daemon_name(victim)},
                               between(random, 0, 6000),
                               [&daemon] { daemon.kill(); },
                               [&daemon] { daemon.start(); }};
            }};
}

Fault told_to_stop(std::size_t steady) {
    return {"restart of a daemon", [steady](Stage& stage, Random& random) {
                std::size_t victim = choose(random, steady, stage.daemons().size());
                auto& daemon = *stage.daemons()[victim];
                return Ongoing{"restart of a daemon",
                               {daemon_name(victim)},
                               between(random, 500, 6000),
                               [&daemon] { daemon.signal(SIGTERM); },
                               [&daemon] {
                                   daemon.kill();
                                   daemon.start();
                               }};
            }};
}

Fault stopped() {
    return {"SIGSTOP past the lease", [](Stage& stage, Random& random) {
                std::size_t victim = choose(random, 0, stage.daemons().size());
                auto& daemon = *stage.daemons()[victim];
                return Ongoing{"SIGSTOP past the lease",
                               {daemon_name(victim)},
                               between(random, 3200, 8000),
                               [&daemon] { daemon.signal(SIGSTOP); },
                               [&daemon] { daemon.signal(SIGCONT); }};
            }};
}

Fault machine_asleep() {
    return {"all daemons stand still", [](Stage& stage, Random& random) {
                Ongoing sleep{"all daemons stand still", {}, between(random, 3200, 6000), {}, {}};
                for (std::size_t i = 0; i < stage.daemons().size(); ++i)
                    sleep.holds.push_back(daemon_name(i));
                auto signal = [&stage](int number) {
                    for (auto& daemon : stage.daemons()) daemon->signal(number);
                };
                sleep.begin = [signal] { signal(SIGSTOP); };
                sleep.end = [signal] { signal(SIGCONT); };
                return sleep;
            }};
}

Fault isolated(std::size_t steady, const std::string& level) {
    return {"transactions are " + level, [steady, level](Stage& stage, Random& random) {
                std::size_t victim = choose(random, steady, stage.daemons().size());
                return Ongoing{"transactions are " + level,
                               {daemon_name(victim)},
                               between(random, 8000, 16000),
                               [&stage, victim, level] { stage.isolate(victim, level); },
                               [&stage, victim] { stage.isolate(victim, ""); }};
            }};
}

Fault skewed_clock() {
    return {"skewed clock", [](Stage& stage, Random& random) {
                int hours = dice(random, 1, 72) * (dice(random, 0, 1) == 0 ? 1 : -1);
                return Ongoing{"skewed clock",
                               {"clock"},
                               between(random, 4000, 10000),
                               [&stage, hours] { stage.skew_clock(hours * 3600); },
                               [&stage] { stage.skew_clock(0); }};
            }};
}

// The database
// ------------------------------------------------------------------------------------------------------

Fault restarted(bool immediate) {
    std::string name = immediate ? "database restart, immediate" : "database restart, fast";
    return {name, [name, immediate](Stage& stage, Random& random) {
                return Ongoing{
                    name,
                    {"database"},
                    between(random, 100, 5000),
                    [&stage, immediate] { immediate ? stage.crash_database() : stage.stop_database(); },
                    [&stage] { stage.start_database(); }};
            }};
}

Fault full_disk() {
    return {"full disk",
            [](Stage& stage, Random& random) {
                return Ongoing{"full disk",
                               {"database"},
                               between(random, 1000, 5000),
                               [&stage] { stage.disk().fill(); },
                               [&stage] {
                                   stage.disk().free();
                                   stage.mend_database();
                               }};
            },
            [](Stage& stage) { return stage.disk().mounted() ? "" : "needs the right to mount a tmpfs"; }};
}

Fault terminated() {
    return {"pg_terminate_backend", [](Stage& stage, Random& random) {
                int most = dice(random, 1, 20);
                return Ongoing{"pg_terminate_backend",
                               {"sessions"},
                               milliseconds(0),
                               [&stage, most] {
                                   session(stage, fmt::format("select pg_terminate_backend(pid) from "
                                                              "(select pid from pg_stat_activity where "
                                                              "application_name like 'spotter%' "
                                                              "order by random() limit {}) s",
                                                              most));
                               },
                               [] {}};
            }};
}

/// Holds locks for longer than daemons wait for one (5 s), or for less.
Fault locked(const std::string& name, const std::string& statements) {
    return {name, [name, statements](Stage& stage, Random& random) {
                auto holder = std::make_shared<std::shared_ptr<pqxx::connection>>();
                return Ongoing{name,
                               {"locks"},
                               between(random, 1000, 7000),
                               [&stage, holder, statements] {
                                   *holder = session(stage, "set lock_timeout = '2s'; begin; " + statements);
                               },
                               [holder] { holder->reset(); }};
            }};
}

Fault grants_lost() {
    return {"grants lost", [](Stage& stage, Random& random) {
                auto run = [&stage](const char* statement) {
                    return [&stage, statement] {
                        // For as long as it takes: nobody is to be left without its rights.
                        test::eventually(
                            [&] {
                                return session(stage, fmt::format(fmt::runtime(statement), plain_role)) !=
                                       nullptr;
                            },
                            std::chrono::seconds(60));
                    };
                };
                return Ongoing{"grants lost",
                               {"grants", "database"},
                               between(random, 500, 4000),
                               run("revoke spotter_worker from {}"),
                               run("grant spotter_worker to {}")};
            }};
}

// What lies between
// -------------------------------------------------------------------------------------------------

Fault link_fault(const std::string& name, int least, int most,
                 std::function<void(test::TcpProxy&, Random&)> begin,
                 std::function<void(test::TcpProxy&)> end) {
    return {name, [=](Stage& stage, Random& random) {
                std::size_t victim = choose(random, 0, stage.daemons().size());
                auto& proxy = stage.proxy(victim);
                Random own(random());
                return Ongoing{name,
                               {link_name(victim)},
                               between(random, least, most),
                               [&proxy, begin, own]() mutable { begin(proxy, own); },
                               [&proxy, end] { end(proxy); }};
            }};
}

/// What daemons ask for is done, and none of them learns of it: rows are claimed, and settled, in doubt.
Fault answers_lost() {
    return {"answers lost, then closed", [](Stage& stage, Random& random) {
                Ongoing lost{"answers lost, then closed", {}, between(random, 300, 4000), {}, {}};
                for (std::size_t i = 0; i < stage.daemons().size(); ++i) lost.holds.push_back(link_name(i));
                auto each = [&stage](auto what) {
                    for (std::size_t i = 0; i < stage.daemons().size(); ++i) what(stage.proxy(i));
                };
                lost.begin = [each] { each([](test::TcpProxy& proxy) { proxy.silence_answers(true); }); };
                lost.end = [each] {
                    each([](test::TcpProxy& proxy) {
                        proxy.reset();
                        proxy.silence_answers(false);
                    });
                };
                return lost;
            }};
}

std::vector<Fault> link_faults() {
    auto hush = [](test::TcpProxy& proxy, Random&) { proxy.silence(true); };
    auto hush_answers = [](test::TcpProxy& proxy, Random&) { proxy.silence_answers(true); };
    return {
        answers_lost(),
        link_fault("answers late", 500, 5000, hush_answers,
                   [](test::TcpProxy& proxy) { proxy.silence_answers(false); }),
        link_fault("link stalls", 1000, 9000, hush, [](test::TcpProxy& proxy) { proxy.silence(false); }),
        link_fault("half-open, then closed", 2000, 9000, hush,
                   [](test::TcpProxy& proxy) {
                       proxy.reset();
                       proxy.silence(false);
                   }),
        link_fault(
            "half-open on the server's side", 3000, 9000,
            [](test::TcpProxy& proxy, Random&) { proxy.reset_callers(); },
            [](test::TcpProxy& proxy) { proxy.reset(); }),
        link_fault(
            "slow database", 2000, 8000,
            [](test::TcpProxy& proxy, Random& random) { proxy.delay(between(random, 20, 400)); },
            [](test::TcpProxy& proxy) { proxy.delay(milliseconds(0)); }),
    };
}

// The model
// -----------------------------------------------------------------------------------------------------------

Fault model_fault(const std::string& given) {
    return {"model: " + given, [given](Stage& stage, Random& random) {
                int percent = dice(random, 20, 100);
                return Ongoing{"model: " + given,
                               {"model: " + given},
                               between(random, 1000, 5000),
                               [&stage, given, percent] { stage.model().misbehave(given, percent); },
                               [&stage, given] { stage.model().misbehave(given, 0); }};
            }};
}

}  // namespace

int dice(Random& random, int least, int most) {
    return std::uniform_int_distribution(least, most)(random);
}

std::vector<Fault> all_faults(std::size_t steady) {
    std::vector<Fault> faults = {
        killed(steady),
        told_to_stop(steady),
        stopped(),
        machine_asleep(),
        isolated(steady, "repeatable read"),
        isolated(steady, "serializable"),
        skewed_clock(),
        restarted(false),
        restarted(true),
        full_disk(),
        grants_lost(),
        terminated(),
        locked("table locked", "lock table public.training_programs in access exclusive mode"),
        locked("cache locked", "lock table public.ai_coach_cache in access exclusive mode"),
        locked("rows locked", "select from public.training_programs for update skip locked"),
        locked("workers locked", "select from spotter.worker for update skip locked"),
    };
    for (Fault& fault : link_faults()) faults.push_back(std::move(fault));
    for (const std::string& given : AnsweringModel::faults()) faults.push_back(model_fault(given));
    return faults;
}

}  // namespace spotter::proof
