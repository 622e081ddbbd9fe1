// Sessions and listeners behind a real pooler.

#include "support/pooler.hpp"

#include <doctest/doctest.h>

#include "db/migrator.hpp"
#include "db/session.hpp"
#include "support/queue.hpp"
#include "support/sql.hpp"

namespace pooler_test {

using namespace spotter::test;
using spotter::db::classify;
using spotter::db::Failure;
using spotter::db::Session;
using spotter::db::Statement;

namespace {

const Statement timeouts{"timeouts", R"sql(
select current_setting('statement_timeout') || ' ' || current_setting('lock_timeout') || ' ' ||
       current_setting('idle_in_transaction_session_timeout') || ' ' || current_setting('jit'))sql"};

std::string ask(Session& session, const Statement& statement) {
    return session.run(statement).front()[0].c_str();
}

/// What a statement failed of.
Failure failure_of(Session& session, const Statement& statement) {
    try {
        session.run(statement);
    } catch (const std::exception& error) {
        return classify(error);
    }
    return {};
}

/// What the pooler's sessions with the server are left with, as another of its clients finds them.
std::string left_behind(const Pooler& pooler) {
    pqxx::connection connection(pooler.dsn());
    pqxx::nontransaction transaction(connection);
    return transaction.exec1(timeouts.sql)[0].c_str();
}

}  // namespace

TEST_CASE("a pooler that does not pass our settings on is noticed, whatever it does with them") {
    Database db = fresh_database();
    bool drops = false;
    std::string mode;
    SUBCASE("refused by a transaction pooler") {
        mode = "transaction";
    }
    SUBCASE("refused by a session pooler") {
        mode = "session";
    }
    SUBCASE("dropped by a transaction pooler") {
        mode = "transaction";
        drops = true;
    }
    Pooler pooler(db, {.mode = mode, .drops_options = drops});
    CHECK(!Session({.dsn = db.dsn()}).pooled());
    Session session({.dsn = pooler.dsn(), .statement_seconds = 7});
    CHECK(session.pooled());
    CHECK(ask(session, timeouts) == "7s 5s 1min off");
}

TEST_CASE("behind a transaction pooler every statement has its time-outs, and leaves nothing behind") {
    Database db = fresh_database();
    Pooler pooler(db, {.servers = 1});
    Session session({.dsn = pooler.dsn(), .statement_seconds = 1, .pooled = true});
    std::string before = left_behind(pooler);
    CHECK(ask(session, timeouts) == "1s 5s 1min off");

    Failure late = failure_of(session, {"too_long", "select pg_sleep(20)"});
    CHECK(late.kind == Failure::Kind::busy);
    CHECK(late.sqlstate == "57014");
    CHECK(failure_of(session, {"wrong", "select 1 / 0"}).sqlstate == "22012");
    CHECK(ask(session, timeouts) == "1s 5s 1min off");
    CHECK(left_behind(pooler) == before);
    CHECK(ask(session, {"prepared", "select count(*) from pg_prepared_statements"}) == "0");
}

TEST_CASE("a statement behind a transaction pooler is committed, or not at all") {
    Database db = fresh_database();
    sql(db, "create table public.mine (a integer unique deferrable initially deferred)");
    Pooler pooler(db, {.servers = 1});
    Session session({.dsn = pooler.dsn(), .pooled = true});
    session.run({"insert", "insert into public.mine values ($1)"}, 1);
    CHECK(value(db, "select count(*) from public.mine") == "1");
    // The commit is refused.
    CHECK(failure_of(session, {"again", "insert into public.mine values (1)"}).sqlstate == "23505");
    CHECK(value(db, "select count(*) from public.mine") == "1");
    session.run({"insert", "insert into public.mine values ($1)"}, 2);
    CHECK(value(db, "select count(*) from public.mine") == "2");
}

TEST_CASE("a database is migrated and worked on through a transaction pooler alone") {
    Database db = empty_database();
    Pooler pooler(db, {});
    auto migrated = spotter::db::migrate(pooler.dsn(), true);
    REQUIRE_MESSAGE(migrated.has_value(), migrated.error().message);
    CHECK(migrated->version == spotter::db::newest_migration());

    Daemon one(spotter::db::Endpoint{.dsn = pooler.dsn(), .pooled = true});
    Daemon other(spotter::db::Endpoint{.dsn = pooler.dsn(), .pooled = true});
    std::string id = insert_program(db, new_user(db));
    auto row = one.claim_one();
    CHECK(other.claim().rows.empty());
    CHECK(one.settle(completion(row)));
    CHECK(column(db, id, "generation_status") == "completed");
}

}  // namespace pooler_test
