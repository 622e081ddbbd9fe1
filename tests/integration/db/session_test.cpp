#include "db/session.hpp"

#include <doctest/doctest.h>

#include <csignal>

#include "support/sql.hpp"

namespace session_test {

using namespace spotter::test;
using spotter::db::connection_string;
using spotter::db::describe;
using spotter::db::Endpoint;
using spotter::db::Session;
using spotter::db::Statement;

namespace {

std::string show(Session& session, const std::string& setting) {
    return pqxx::nontransaction(session.connection()).exec1("show " + setting)[0].c_str();
}

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// What went wrong with a dsn, as it would stand in a log.
template <class Use>
std::string complaint(Use use) {
    try {
        use();
    } catch (const std::exception& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("a session has time-outs, so that nobody waits for ever") {
    Database db = fresh_database();
    Session session({.dsn = db.dsn(), .application = "spotter test", .statement_seconds = 7});
    CHECK(show(session, "statement_timeout") == "7s");
    CHECK(show(session, "lock_timeout") == "5s");
    CHECK(show(session, "idle_in_transaction_session_timeout") == "1min");
    CHECK(show(session, "application_name") == "spotter test");
    std::string words = connection_string({.dsn = db.dsn()});
    for (const char* word : {"connect_timeout", "keepalives_idle", "tcp_user_timeout"}) {
        CAPTURE(word);
        CHECK(holds(words, word));
    }
}

TEST_CASE("no statement is compiled before it runs, however dear its plan is made to look") {
    Database db = fresh_database();
    Session session({.dsn = db.dsn()});
    pqxx::nontransaction transaction(session.connection());
    // No index to go by: enable_seqscan=off makes this cost more than what Postgres compiles from.
    std::string plan;
    for (const auto& row :
         transaction.exec("explain (analyze) select count(*) from spotter.worker where pid > 0"))
        plan += std::string(row[0].c_str()) + "\n";
    CHECK_MESSAGE(!holds(plan, "JIT"), plan);
}

TEST_CASE("what the dsn sets itself is kept") {
    Database db = fresh_database();
    std::string dsn = with_keyword(db.dsn(), "application_name", "theirs");
    dsn = with_keyword(dsn, "options", "-c%20statement_timeout%3D3s%20-c%20search_path%3Dtheirs");
    dsn = with_keyword(dsn, "connect_timeout", "9");
    Session session({.dsn = dsn});
    CHECK(show(session, "application_name") == "theirs");
    CHECK(show(session, "statement_timeout") == "3s");
    CHECK(show(session, "search_path") == "theirs");
    CHECK(show(session, "lock_timeout") == "5s");
    CHECK(holds(connection_string({.dsn = dsn}), "connect_timeout='9'"));
}

TEST_CASE("of several hosts the one that can be written to is asked for, unless the dsn says otherwise") {
    auto words = [](std::string dsn) { return connection_string({.dsn = std::move(dsn)}); };
    CHECK(!holds(words("postgresql://one/app"), "target_session_attrs"));
    CHECK(holds(words("postgresql://one,two:5433/app"), "target_session_attrs='read-write'"));
    CHECK(holds(words("hostaddr=10.0.0.1,10.0.0.2"), "target_session_attrs='read-write'"));
    CHECK(holds(words("postgresql://one,two/app?target_session_attrs=any"), "target_session_attrs='any'"));
}

TEST_CASE("a password with quotes, spaces and backslashes reaches the server as it is") {
    CHECK(holds(connection_string({.dsn = R"(host=h password='it\'s a \\ secret')"}),
                R"(password='it\'s a \\ secret')"));
}

TEST_CASE("a description shows where the database is and never a password") {
    for (std::string dsn :
         {"postgresql://ada:hunter2@example.org:5433/app", "postgresql://example.org/app?password=hunter2",
          "host=example.org dbname=app password=hunter2 sslpassword=hunter2"}) {
        CAPTURE(dsn);
        CHECK(holds(describe(dsn), "host=example.org"));
        CHECK(holds(describe(dsn), "dbname=app"));
        CHECK(!holds(describe(dsn), "hunter2"));
    }
    CHECK(describe("") == "libpq's defaults");
}

TEST_CASE("a dsn that cannot be read is complained of without its password") {
    for (std::string dsn : {"postgresql://ada:hunter2%zz@example.org/app", "host=example.org hunter2",
                            "postgresql://ada:p@hunter2@example.org/app", "password='hunter2"}) {
        CAPTURE(dsn);
        std::string described = complaint([&] { describe(dsn); });
        CHECK(holds(described, "the database's address cannot be read"));
        CHECK(!holds(described, "hunter2"));
        CHECK(complaint([&] { Session session({.dsn = dsn}); }) == described);
    }
}

TEST_CASE("statements are prepared, but never behind a transaction pooler") {
    Database db = fresh_database();
    const Statement statement{"prepared_or_not", "select count(*) from pg_prepared_statements where $1 = 1"};
    Session session({.dsn = db.dsn()});
    Session pooled({.dsn = db.dsn(), .pooled = true});
    CHECK(session.run(statement, 1).front()[0].as<int>() == 1);
    for (int i = 0; i < 10; ++i) CHECK(pooled.run(statement, 1).front()[0].as<int>() == 0);
    // Nor does it ask for what a pooler does not pass on when a session starts.
    CHECK(!holds(connection_string({.dsn = db.dsn(), .pooled = true}), "options"));
}

TEST_CASE("a statement that could not be prepared is tried anew the next time") {
    Database db = fresh_database();
    Session session({.dsn = db.dsn()});
    const Statement statement{"count_mine", "select count(*) from public.mine"};
    CHECK_THROWS_AS(session.run(statement), pqxx::undefined_table);
    sql(db, "create table public.mine ()");
    CHECK(session.run(statement).size() == 1);
}

TEST_CASE("a session that listens gives what it heard, each payload once, and nothing twice") {
    Database db = fresh_database();
    Session session({.dsn = db.dsn()});
    session.listen("bells");
    for (const char* payload : {"b", "a", "b"}) sql(db, std::string("notify bells, '") + payload + "'");
    sql(db, "notify others, 'c'");
    session.run({"round_trip", "select 1"});  // notifications come no later than the next answer
    CHECK(session.heard() == std::vector<std::string>{"b", "a"});
    CHECK(session.heard().empty());
}

TEST_CASE("a server that stands still is waited for no longer than its statements may take, and a little") {
    Database db = fresh_database();
    bool pooled = false;
    SUBCASE("directly") {}
    SUBCASE("as behind a pooler") {
        pooled = true;
    }
    Session session({.dsn = db.dsn(), .statement_seconds = 1, .pooled = pooled});
    int backend = session.run({"backend", "select pg_backend_pid()"}).front()[0].as<int>();
    kill(backend, SIGSTOP);
    std::string said = complaint([&] { session.run({"again", "select 1"}); });
    kill(backend, SIGCONT);
    CHECK(said == "the server has not answered for 6 s, and the connection was given up");
}

}  // namespace session_test
