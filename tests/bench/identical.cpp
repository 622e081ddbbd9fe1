#include <fmt/format.h>

#include "bench/load.hpp"
#include "bench/sections.hpp"

namespace spotter::bench {
namespace {

/// Calls for so many rows that ask for the same, inserted at once, over three daemons.
int calls(const Bench& bench, int rows) {
    std::string dsn = bench.server.database("identical");
    add_users(dsn, 1);
    Model model(dsn, 0, std::chrono::milliseconds(500));
    std::vector<test::Process> daemons;
    for (int i = 0; i < 3; ++i) daemons.push_back(serve(dsn, model.environment(64)));
    Server::run(dsn, fmt::format("insert into public.training_programs (user_id, onboarding_data_snapshot) "
                                 "select bench_user(1), bench_onboarding(0) from generate_series(1, {})",
                                 rows));
    wait_until_settled(dsn);
    for (test::Process& daemon : daemons) stop(daemon);
    double completed = Server::number(
        dsn, "select count(*) from public.training_programs where generation_status = 'completed'");
    if (completed != rows) throw std::runtime_error(fmt::format("{} of {} were completed", completed, rows));
    return model.server().requests();
}

}  // namespace

void measure_identical(const Bench& bench) {
    Rounds rounds{{}, Rounds::Speaks::highest};
    for (int round = 0; round < bench.sizes.rounds; ++round) rounds.add(calls(bench, bench.sizes.identical));
    bench.report.add({fmt::format("calls for {} identical rows, three daemons", bench.sizes.identical),
                      rounds,
                      "",
                      {},
                      "calls",
                      "1"});
}

}  // namespace spotter::bench
