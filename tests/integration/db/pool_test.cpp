#include "db/pool.hpp"

#include <doctest/doctest.h>

#include "support/run.hpp"
#include "support/sql.hpp"

namespace pool_test {

using namespace spotter::test;
using spotter::db::Endpoint;
using spotter::db::Failure;
using spotter::db::Pool;
using spotter::db::Session;

namespace {

/// What comes of one statement; kind and state only count when it failed.
spotter::db::Outcome<std::string> ask(Pool& pool, const std::string& statement) {
    auto work = [&](Session& session) -> std::string {
        auto rows = pqxx::nontransaction(session.connection()).exec(statement);
        return rows.empty() || rows.columns() == 0 ? "" : rows[0][0].c_str();
    };
    return run(pool.run(work));
}

void check_failure(Pool& pool, const std::string& statement, Failure::Kind kind, const std::string& state) {
    CAPTURE(statement);
    auto answer = ask(pool, statement);
    REQUIRE(!answer);
    CHECK(answer.error().kind == kind);
    CHECK(answer.error().sqlstate == state);
    CHECK(answer.error().message.find('\n') == std::string::npos);
    CHECK(!answer.error().message.empty());
}

/// Runs `statement` on so many connections at once: each then waits for the others, by a lock that all must
/// share at one moment. Gives their backends.
std::set<int> meet(Pool& pool, int connections, const std::string& statement = "select 1") {
    static int meetings = 0;
    const std::string lock = std::to_string(++meetings);
    auto work = [&](Session& session) {
        pqxx::nontransaction transaction(session.connection());
        transaction.exec("select pg_advisory_lock_shared(" + lock + ")");
        int present = 0;
        while (present < connections)
            present =
                transaction
                    .exec1("select count(*) from pg_locks where locktype = 'advisory' and objid = " + lock +
                           " and database = (select oid from pg_database where datname = "
                           "current_database())")[0]
                    .as<int>();
        transaction.exec(statement);
        return transaction.exec1("select pg_backend_pid()")[0].as<int>();
    };
    std::vector<boost::asio::awaitable<spotter::db::Outcome<int>>> calls;
    for (int i = 0; i < connections; ++i) calls.push_back(pool.run(work));
    std::set<int> backends;
    for (auto& backend : run_all(std::move(calls))) backends.insert(backend.value());
    return backends;
}

}  // namespace

TEST_CASE("a statement that is not acceptable is refused, and the connection stays") {
    Database db = fresh_database();
    Pool pool({.dsn = login_as_member(db, "spotter_worker")}, 1);
    std::string backend = ask(pool, "select pg_backend_pid()").value();
    check_failure(pool, "select 1 from nowhere", Failure::Kind::unfit, "42P01");
    check_failure(pool, "select nothing", Failure::Kind::unfit, "42703");
    check_failure(pool, "delete from public.training_programs", Failure::Kind::unfit, "42501");
    check_failure(pool, "do $$ begin raise exception 'no'; end $$", Failure::Kind::refused, "P0001");
    check_failure(pool, "select 'x'::integer", Failure::Kind::refused, "22P02");
    check_failure(pool, "do $$ begin raise exception using errcode = 'XX001'; end $$", Failure::Kind::refused,
                  "XX001");
    check_failure(pool, "insert into public.training_programs (user_id) values (gen_random_uuid())",
                  Failure::Kind::refused, "23503");
    CHECK(ask(pool, "select pg_backend_pid()").value() == backend);
}

TEST_CASE("a statement that another time would go through is busy") {
    Database db = fresh_database();
    Pool pool({.dsn = with_keyword(db.dsn(), "options",
                                   "-c%20lock_timeout%3D20ms%20-c%20statement_timeout%3D50ms")},
              1);
    check_failure(pool, "select pg_sleep(20)", Failure::Kind::busy, "57014");
    check_failure(pool, "do $$ begin raise exception using errcode = '40001'; end $$", Failure::Kind::busy,
                  "40000");
    check_failure(pool, "do $$ begin raise exception using errcode = '40P01'; end $$", Failure::Kind::busy,
                  "40000");

    pqxx::connection other(db.dsn());
    pqxx::work holding(other);
    holding.exec("lock table public.training_programs");
    check_failure(pool, "select 1 from public.training_programs", Failure::Kind::busy, "55P03");
}

TEST_CASE("a full disk, a disk that fails, a shutdown and a standby are the database's absence") {
    Database db = fresh_database();
    Pool pool({.dsn = db.dsn()}, 1);
    for (std::string state : {"53100", "58030", "57P01", "57P03", "25006"})
        check_failure(pool, "do $$ begin raise exception using errcode = '" + state + "'; end $$",
                      Failure::Kind::unavailable, state);
}

TEST_CASE("a killed backend is unavailable, and the next call works") {
    Database db = fresh_database();
    Pool pool({.dsn = db.dsn()}, 1);
    std::string backend = ask(pool, "select pg_backend_pid()").value();
    sql(db, "select pg_terminate_backend(" + backend + ", 5000)");

    auto answer = ask(pool, "select 1");
    REQUIRE(!answer);
    CHECK(answer.error().kind == Failure::Kind::unavailable);
    CHECK(ask(pool, "select 1").value() == "1");
    CHECK(ask(pool, "select pg_backend_pid()").value() != backend);
}

TEST_CASE("prepared statements that a session lost, or that no longer fit, are prepared anew") {
    Database db = fresh_database();
    Pool pool({.dsn = db.dsn()}, 1);
    const spotter::db::Statement statement{"mine", "select * from public.mine"};
    auto work = [&](Session& session) { return static_cast<int>(session.run(statement).columns()); };
    sql(db, "create table public.mine (a integer)");
    REQUIRE(run(pool.run(work)).value() == 1);

    SUBCASE("a pooler gave us another backend") {
        ask(pool, "deallocate all").value();
    }
    SUBCASE("the table has other columns") {
        sql(db, "alter table public.mine alter a type text");
    }
    auto answer = run(pool.run(work));
    REQUIRE(!answer);
    CHECK(answer.error().kind == Failure::Kind::unavailable);
    CHECK(run(pool.run(work)).value() == 1);
}

TEST_CASE("a backend that is killed under a statement fails that call alone") {
    Database db = fresh_database();
    Pool pool({.dsn = db.dsn()}, 1);
    auto answer = ask(pool, "select pg_terminate_backend(pg_backend_pid())");
    REQUIRE(!answer);
    CHECK(answer.error().kind != Failure::Kind::refused);
    CHECK(ask(pool, "select 1").value() == "1");
}

TEST_CASE(
    "when one connection is lost the others are tried before they are used, and one call fails for all") {
    constexpr int connections = 3;
    Database db = fresh_database();
    Pool pool({.dsn = db.dsn(), .application = "spotter many"}, connections);
    meet(pool, connections);
    SUBCASE("all were killed") {
        sql(db,
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'spotter "
            "many'");
    }
    SUBCASE("the database became read-only for them, and is not any more") {
        meet(pool, connections, "set default_transaction_read_only = on");
    }
    int failures = 0;
    for (int i = 0; i < 20; ++i) failures += !ask(pool, "select nextval('spotter.worker_id_seq')");
    CHECK(failures == 1);
}

TEST_CASE("a database that is not there is unavailable, with a reason and without a secret") {
    Pool pool({.dsn = "postgresql://ada:hunter2@127.0.0.1:1/app"}, 1);
    auto answer = ask(pool, "select 1");
    REQUIRE(!answer);
    CHECK(answer.error().kind == Failure::Kind::unavailable);
    CHECK(answer.error().message.find("127.0.0.1") != std::string::npos);
    CHECK(answer.error().message.find("hunter2") == std::string::npos);
}

TEST_CASE("as many calls run at once as there are connections, each on one of its own") {
    Database db = fresh_database();
    Pool pool({.dsn = db.dsn()}, 3);
    CHECK(meet(pool, 3).size() == 3);
}

}  // namespace pool_test
