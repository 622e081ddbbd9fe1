#include <fmt/format.h>

#include "bench/load.hpp"
#include "bench/sections.hpp"
#include "support/queue.hpp"

namespace spotter::bench {
namespace {

constexpr int claims_a_round = 20;
constexpr int users = 10'000;

/// Rows as they are long after: loaded past the triggers, since nobody waits for them, and slim, so that the
/// disk holds them. One row in a hundred is of another user where one user is heavy.
constexpr const char* fill_sql = R"sql(
set session_replication_role = replica;
insert into public.training_programs (user_id, onboarding_data_snapshot, program_details, generation_status,
                                      generation_progress, generation_attempts, generation_calls,
                                      generation_started_at, generation_finished_at)
select bench_user(1 + n % {users}), null, '{"done": true}', 'completed', 100, 1, 1, now(), now()
  from generate_series(1, {finished}) n;
insert into public.training_programs (user_id, onboarding_data_snapshot, generation_run_after)
select bench_user(case when {heavy} and n % 100 > 0 then 1 else 1 + n % {users} end), bench_onboarding(n),
       now() - make_interval(secs => ({pending} - n) / 1000.0)
  from generate_series(1, {pending}) n;
set session_replication_role = origin;
)sql";

std::string filled(const Bench& bench, const std::string& name, int finished, int pending, bool heavy) {
    std::string dsn = bench.server.database(name);
    add_users(dsn, users);
    std::string sql = replaced(fill_sql, "{users}", std::to_string(users));
    sql =
        replaced(replaced(sql, "{finished}", std::to_string(finished)), "{heavy}", heavy ? "true" : "false");
    Server::run(dsn, replaced(sql, "{pending}", std::to_string(pending)));
    Server::run(dsn, "vacuum analyze");
    Server::run(dsn, "checkpoint");
    return dsn;
}

/// Claims as a daemon does, and settles what it got, so that nothing piles up in its hands.
class Claimer {
  public:
    explicit Claimer(const std::string& dsn) : daemon_(db::Endpoint{.dsn = dsn}) {}

    /// Milliseconds of a claim of `batch` rows.
    double claim(int batch) {
        double begun = now();
        auto claim = daemon_.claim(batch, batch);
        double took = (now() - begun) * 1000;
        rows_ += static_cast<int>(claim.rows.size());
        std::vector<queue::Settlement> settlements;
        for (const queue::ClaimedRow& row : claim.rows) settlements.push_back(test::failing(row));
        daemon_.settle(std::move(settlements));
        return took;
    }
    int rows() const { return rows_; }

  private:
    test::Daemon daemon_;
    int rows_ = 0;
};

void measure(const Bench& bench, bool heavy) {
    constexpr int batches[] = {200, 16};
    int ready = 0;
    for (int batch : batches) ready += batch * (claims_a_round * bench.sizes.rounds + 3);
    std::string small = filled(bench, "claims_small", 0, ready, heavy);
    std::string full = filled(bench, "claims_full", bench.sizes.finished, bench.sizes.pending + ready, heavy);
    progress("filled");

    Claimer of_full(full), of_small(small);
    for (int batch : batches) {
        // By turns, claim for claim, after a few that warm up.
        for (int i = 0; i < 3; ++i) of_full.claim(batch), of_small.claim(batch);
        Rounds full_ms, small_ms;
        for (int i = 0; i < claims_a_round * bench.sizes.rounds; ++i) {
            full_ms.add(of_full.claim(batch));
            small_ms.add(of_small.claim(batch));
        }
        bench.report.add(
            {fmt::format("a claim of {}, {}, {} pending, {} finished", batch,
                         heavy ? "one heavy user" : "many users", bench.sizes.pending, bench.sizes.finished),
             full_ms, "a table of ready rows alone", small_ms, "ms", "<= 1.2"});
    }
    progress(fmt::format("{} and {} rows were claimed", of_full.rows(), of_small.rows()));
    bench.server.database("claims_full");  // gives its room back
}

}  // namespace

void measure_claims(const Bench& bench) {
    measure(bench, false);
    measure(bench, true);
}

}  // namespace spotter::bench
