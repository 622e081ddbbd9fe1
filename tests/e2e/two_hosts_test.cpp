// Two hosts, one of which is cut off from the database for a while.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <csignal>
#include <fstream>
#include <optional>

#include "db/migrator.hpp"
#include "db/private_postgres.hpp"
#include "e2e/daemon.hpp"
#include "e2e/transitions.hpp"
#include "support/network.hpp"
#include "support/temporary_folder.hpp"
#include "support/wait.hpp"

namespace two_hosts_test {

using namespace spotter;
using namespace spotter::test;
using namespace std::chrono_literals;

namespace {

/// A migrated Postgres that both hosts reach.
class NetworkedPostgres {
  public:
    explicit NetworkedPostgres(const TwoHosts& hosts)
        : dsn_(fmt::format("postgresql://postgres@{}/postgres", hosts.database_address())) {
        std::string rules = folder_.path() / "pg_hba.conf";
        std::ofstream(rules) << "local all all trust\nhost all all " << hosts.database_network()
                             << " trust\n";
        db::PrivatePostgresSettings settings;
        settings.folder = folder_.path() / "postgres";
        settings.bin = postgres_programs();
        settings.parameters = throwaway_parameters();
        settings.parameters.emplace_back("listen_addresses", hosts.database_address());
        settings.parameters.emplace_back("hba_file", rules);
        auto started = db::PrivatePostgres::start(settings);
        if (!started) throw std::runtime_error(started.error().message);
        server_.emplace(std::move(*started));
        db::migrate(server_->dsn()).value();
    }
    const std::string& dsn() const { return dsn_; }  ///< over the network

  private:
    TemporaryFolder folder_;
    std::string dsn_;
    std::optional<db::PrivatePostgres> server_;
};

double seconds_since(std::chrono::steady_clock::time_point when) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - when).count();
}

}  // namespace

TEST_CASE(
    "a host that is cut off in mid-call loses its rows to the other, and its late results, and returns") {
    if (std::string obstacle = TwoHosts::obstacle(); !obstacle.empty()) {
        MESSAGE("not tested: " << obstacle);
        return;
    }
    constexpr int rows = 4;
    constexpr double lease = 2;
    TwoHosts hosts;
    NetworkedPostgres postgres(hosts);
    ScriptedModel model({.address = hosts.model_address()});
    AppDatabase app(postgres.dsn());
    record_transitions(app);
    std::string good = app.good_answer_to(onboarding());
    model.then(held(completion(good)), rows);
    model.always(completion(good));
    auto serve = [&](TwoHosts::Host host) {
        return Process({"serve"},
                       {{"SPOTTER_DATABASE_URL", postgres.dsn()},
                        {"SPOTTER_HTTP_LISTEN", "127.0.0.1:0"},
                        {"OPENAI_BASE_URL", model.url()},
                        {"OPENAI_API_KEY", model_key},
                        {"SPOTTER_QUEUE_BEAT", "200ms"},
                        {"SPOTTER_QUEUE_LEASE", fmt::format("{}s", lease)}},
                       {.network = hosts.name(host)});
    };

    Process a = serve(TwoHosts::Host::a);
    REQUIRE(a.says("info ready"));
    ask_for_many(app, rows);
    model.wait_for_open(rows);
    std::string worker_a = app.value("select id from spotter.worker");
    Process b = serve(TwoHosts::Host::b);
    REQUIRE(b.says("info ready"));

    hosts.cut_off(TwoHosts::Host::a);
    auto cut = std::chrono::steady_clock::now();
    app.wait_for("select bool_and(generation_crashes = 1) from public.training_programs");
    double rescued = seconds_since(cut);
    app.wait_for(all_completed);
    MESSAGE(rows << " rows were taken from a host that was cut off after " << rescued
                 << " s and completed after " << seconds_since(cut) << " s, with a lease of " << lease
                 << " s");
    CHECK(rescued > lease - 0.5);
    CHECK(rescued < lease + lease / 3 + 3);
    CHECK(model.requests() == 2 * rows);

    // Its answers come; the database is still out of its reach.
    model.release();
    model.wait_for_open(0);
    hosts.rejoin(TwoHosts::Host::a);
    CHECK(a.says("settle_dropped", 60s));
    CHECK(app.value(completions_that_are_not_one) == "0");
    CHECK(app.value("select count(*) from public.training_programs where generation_worker = $1", worker_a) ==
          "0");
    CHECK(app.value("select bool_and(generation_crashes = 1) from public.training_programs") == "t");
    app.wait_for("select count(*) = 2 from spotter.worker where beat_at > now() - interval '1 second'");

    // And it works as before: alone, it does what comes.
    b.signal(SIGTERM);
    CHECK(b.wait() == 0);
    ask_for_many(app, rows);
    app.wait_for(all_completed);
    CHECK(app.value("select count(*) from public.training_programs where generation_worker = $1", worker_a) ==
          std::to_string(rows));
    a.signal(SIGTERM);
    CHECK(a.wait() == 0);
}

}  // namespace two_hosts_test
