#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>

#include "cache/inspect.hpp"
#include "cache/parts.hpp"
#include "db/migrator.hpp"
#include "queue/inspect.hpp"
#include "support/queue.hpp"
#include "support/run.hpp"
#include "support/sql.hpp"
#include "work/kind.hpp"

// The daemon's own role: a login that is a member of spotter_worker and of nothing else.

namespace worker_role_test {

using namespace spotter::test;
namespace queue = spotter::queue;
namespace cache = spotter::cache;

namespace {

const std::map<std::string, std::string> inputs = {
    {"training_program", "{}"},
    {"exercise", R"({"type": "term_matching", "difficulty": 2})"},
    {"personality", R"({"posts": ["five words are quite enough"]})"},
    {"sql_query", R"({"prompt": "how many"})"},
};

}  // namespace

TEST_CASE("a member of spotter_worker can do all that a daemon does") {
    Database db = fresh_database();
    std::string ada = new_user(db);
    spotter::db::Endpoint endpoint{.dsn = login_as_member(db, "spotter_worker")};
    Daemon daemon(endpoint), dead(endpoint);
    constexpr std::string_view same = R"({"goal": "the same"})";
    std::string first = insert_program(db, ada, same);

    spotter::db::Session looking(endpoint);
    CHECK(spotter::db::schema_version(looking) == spotter::db::newest_migration());
    daemon.beat();
    auto row = daemon.claim_one();
    CHECK(run(daemon.queue().note_stage(row.lease, "checking", 70)).has_value());
    CHECK(daemon.settle(completion(row)));
    insert_program(db, ada, same);
    CHECK(daemon.claim().hits == 1);

    std::string lost = insert_program(db, ada, R"({"goal": "another"})");
    CHECK(dead.claim_one_by_one().rows.size() == 1);
    silence(db, dead);
    CHECK(daemon.rescue().size() == 1);
    CHECK(daemon.claim_one().lease.id == lost);
    CHECK(daemon.reclaim_orphans().size() == 1);
    CHECK(run(daemon.queue().depth()).value().pending == 1);

    sql(db, "update public.ai_coach_cache set expires_at = now() - interval '1 second'");
    CHECK(run(cache::take_chore(daemon.pool(), "trim", spotter::Seconds(60), daemon.id())).value());
    CHECK(run(cache::trim(daemon.pool(), "training_program", {10, 1000000}, 10)).value() == 1);
    CHECK(run(cache::count_use(daemon.pool(), 10)).value() > 0);
    CHECK(run(cache::clear_requests(daemon.pool(), spotter::Seconds(1), 10)).has_value());
    cache::Part part{"key", "personality", "personality:u" + ada, "{}", "p", "m", "now"};
    CHECK(run(cache::keep_part(daemon.pool(), first, part)).has_value());
    CHECK(run(cache::find_parts(daemon.pool(), {"key"})).value().empty());  // the row leads nothing
    CHECK(run(cache::forget_parts(daemon.pool(), part.cache_key)).has_value());
    CHECK(run(cache::clear_ledgers(daemon.pool(), 10)).value() == 0);
    CHECK(run(cache::refresh_reports(daemon.pool())).has_value());

    spotter::db::Session session(endpoint);
    const queue::Lane& lane = daemon.queue().lanes().front();
    CHECK(session
              .run(lane.claim_uncached, 10, std::optional<double>(), 60.0, 5, 10, "v1", daemon.id(),
                   std::optional<int>(), 1.0)
              .size() == 2);
    CHECK_NOTHROW(session.run(lane.settle, "[]", 1.0, 1.0));
    CHECK_NOTHROW(
        session.run(queue::TableStatements(queue::training_programs).refuse, first, "code", "message"));
    CHECK(queue::content(session, first).has_value());
    CHECK(queue::standing(session, first).has_value());
    CHECK(!queue::overview(session).empty());
    CHECK(queue::standing(session, queue::enqueue(session, {"training_program", ada, {}, {}})).has_value());

    std::string again = queue::enqueue(session, {"training_program", ada, R"({"goal": "a third"})", {}});
    CHECK_NOTHROW(queue::cancel(session, again, "why"));
    CHECK(queue::retry(session, again) == queue::Retried::queued);
    CHECK(queue::pause(session, "*", "why"));
    CHECK(run(daemon.queue().paused()).value().size() == 1);
    CHECK(queue::resume(session, "*"));
    CHECK(!cache::stats(session, 30).empty());
    CHECK(cache::invalidate(session, "training_program", ada, std::nullopt) == 0);
    for (const spotter::work::Kind* kind : spotter::work::all_kinds()) {
        CAPTURE(kind->name);
        std::string name(kind->name);
        std::string input = inputs.at(name);
        CHECK(cache::warm(session, name, fmt::format(R"([{{"user": "{}", "input": {}}}])", ada, input)) == 1);
        CHECK(run(cache::refresh_ahead(daemon.pool(), name, "v1", spotter::Seconds(60), 10)).has_value());
    }
    CHECK(run(daemon.queue().mend_flights()).has_value());
    CHECK(run(daemon.queue().standing_leases(daemon.self())).has_value());
    CHECK(run(daemon.queue().arm_bell(daemon.self(), 0)).has_value());
    CHECK(run(daemon.queue().disarm_bell(daemon.self(), 0)).has_value());
    daemon.retire();
    CHECK(value(db, "select count(*) from spotter.worker") == "0");
}

TEST_CASE("a member of spotter_worker can do nothing else") {
    Database db = fresh_database();
    insert_program(db, new_user(db));
    std::string dsn = login_as_member(db, "spotter_worker");
    for (std::string statement :
         {"delete from public.training_programs", "truncate public.training_programs",
          "alter table public.training_programs disable row level security", "select * from auth.users",
          "update public.profiles set is_premium = true",
          "insert into public.profiles (id) values (gen_random_uuid())", "delete from public.profiles",
          "insert into spotter.migration (version, name) values (9999, 'x')", "delete from spotter.migration",
          "alter sequence spotter.worker_id_seq restart", "create table public.mine ()",
          "create table spotter.mine ()", "create schema mine", "set role service_role",
          "set role authenticated"}) {
        CAPTURE(statement);
        CHECK(as_login(dsn, statement).sqlstate == "42501");
    }
}

}  // namespace worker_role_test
