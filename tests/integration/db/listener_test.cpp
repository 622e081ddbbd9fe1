#include "db/listener.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <csignal>

#include "support/pooler.hpp"
#include "support/ports.hpp"
#include "support/sql.hpp"
#include "support/wait.hpp"

namespace listener_test {

using namespace spotter::test;
using namespace std::chrono_literals;
using spotter::db::Endpoint;

namespace {

/// A listener on a loop that is turned by hand, until something is heard.
class Ear {
  public:
    explicit Ear(const Database& db) : Ear({.dsn = db.dsn()}, {.dsn = db.dsn()}) {}
    Ear(Endpoint endpoint, Endpoint others)
        : listener_(named(std::move(endpoint)), std::move(others), [this](const std::string& payload) {
              ++heard_;
              payloads_.push_back(payload);
          }) {
        boost::asio::co_spawn(io_, listener_.run(),
                              boost::asio::bind_cancellation_slot(stop_.slot(), [](std::exception_ptr) {}));
    }
    ~Ear() {
        stop_.emit(boost::asio::cancellation_type::terminal);
        io_.run();
    }

    /// True as soon as there was something to hear since the last time.
    bool hears(std::chrono::milliseconds limit = 10s) {
        turn_until([&] { return heard_ > known_; }, limit);
        return std::exchange(known_, heard_) < heard_;
    }
    bool turn_until(auto condition, std::chrono::milliseconds limit = 10s) {
        auto deadline = std::chrono::steady_clock::now() + limit;
        while (!condition() && std::chrono::steady_clock::now() < deadline) io_.run_one_for(50ms);
        return condition();
    }
    bool listens(std::chrono::milliseconds limit = 10s) {
        return turn_until([&] { return listener_.listening(); }, limit);
    }
    const spotter::db::Listener& listener() const { return listener_; }
    const std::vector<std::string>& payloads() const { return payloads_; }

  private:
    static Endpoint named(Endpoint endpoint) {
        endpoint.application = "spotter ear";
        return endpoint;
    }

    boost::asio::io_context io_;
    boost::asio::cancellation_signal stop_;
    spotter::db::Listener listener_;
    int heard_ = 0, known_ = 0;
    std::vector<std::string> payloads_;
};

struct Count : pqxx::notification_receiver {
    using pqxx::notification_receiver::notification_receiver;
    void operator()(const std::string&, int) override { ++number; }
    int number = 0;
};

void set_status(const Database& db, const std::string& id, const std::string& status) {
    sql(db, fmt::format("update public.training_programs set generation_status = '{}' where id = '{}'",
                        status, id));
}

}  // namespace

TEST_CASE("a listener looks once when it is connected, and then hears of each insert") {
    Database db = fresh_database();
    std::string ada = new_user(db);
    arm_bell(db);
    Ear ear(db);
    CHECK(ear.hears());
    CHECK(ear.listens());
    CHECK(ear.listener().problem().empty());
    insert_program(db, ada);
    CHECK(ear.hears());
    insert_program(db, ada);
    CHECK(ear.hears());
}

TEST_CASE("while nobody sleeps an insert notifies nobody") {
    Database db = fresh_database();
    std::string ada = new_user(db);
    pqxx::connection connection(db.dsn());
    Count wakes(connection, "spotter"), end(connection, "end");
    insert_program(db, ada);
    arm_bell(db);
    insert_program(db, ada);
    sql(db, "delete from spotter.bell");
    insert_program(db, ada);
    sql(db, "notify \"end\"");
    while (end.number == 0) connection.await_notification();
    CHECK(wakes.number == 1);
}

TEST_CASE("a listener hands on what each notification says") {
    Database db = fresh_database();
    Ear ear(db);
    REQUIRE(ear.hears());
    sql(db, "notify spotter, 'leases'; notify spotter");
    CHECK(ear.turn_until([&] { return ear.payloads().size() >= 3; }));
    sql(db, "notify spotter, 'end'");
    CHECK(ear.turn_until([&] { return ear.payloads().back() == "end"; }));
    CHECK(ear.payloads() == std::vector<std::string>{"", "leases", "", "end"});
}

TEST_CASE("a listener hears of a retry") {
    Database db = fresh_database();
    std::string id = insert_program(db, new_user(db));
    set_status(db, id, "failed");
    arm_bell(db);
    Ear ear(db);
    REQUIRE(ear.hears());
    set_status(db, id, "pending");
    CHECK(ear.hears());
}

TEST_CASE("nobody is woken by the daemon's own writes") {
    Database db = fresh_database();
    std::string id = insert_program(db, new_user(db));
    arm_bell(db);
    pqxx::connection connection(db.dsn());
    Count wakes(connection, "spotter"), end(connection, "end");
    for (const char* status : {"processing", "pending", "processing"}) set_status(db, id, status);
    sql(db,
        "update public.training_programs set generation_status = 'failed', generation_error_code = "
        "'refused'");
    // Notifications come in their order, so that none of before comes after this one.
    sql(db, "notify \"end\"");
    while (end.number == 0) connection.await_notification();
    CHECK(wakes.number == 0);
}

TEST_CASE("a listener whose backend is killed connects again, and looks for what it missed") {
    Database db = fresh_database();
    std::string ada = new_user(db);
    arm_bell(db);
    Ear ear(db);
    REQUIRE(ear.hears());
    sql(db,
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() "
        "and application_name = 'spotter ear'");
    insert_program(db, ada);
    CHECK(ear.hears());
    CHECK(ear.listens());
    insert_program(db, ada);
    CHECK(ear.hears());
}

TEST_CASE("a listener says why it does not listen, and listens as soon as it can") {
    Database db = fresh_database();
    auto allow = [&](bool allowed) {
        pqxx::connection elsewhere(with_keyword(db.dsn(), "dbname", "postgres"));
        pqxx::nontransaction(elsewhere).exec(
            fmt::format("alter database {} with allow_connections {}", db.name(), allowed));
    };
    allow(false);
    Ear ear(db);
    CHECK(ear.turn_until([&] { return ear.listener().problem().find("accepting") != std::string::npos; }));
    CHECK(!ear.listener().listening());
    allow(true);
    CHECK(ear.hears());
    CHECK(ear.listens());
    CHECK(ear.listener().problem().empty());
}

TEST_CASE("a listener whose session was made to listen no more finds that out within seconds, and mends it") {
    Database db = fresh_database();
    // Before Postgres' own in the search path: the session's own check ends its LISTEN, once.
    sql(db, R"(
        create table public.deafen ();
        create function public.pg_listening_channels() returns setof text language plpgsql as $$
            begin
                if exists (select from public.deafen) then unlisten *; truncate public.deafen; end if;
                return query select pg_catalog.pg_listening_channels();
            end $$)");
    std::string dsn = with_keyword(db.dsn(), "options", "-c%20search_path%3Dpublic,pg_catalog");
    Ear ear({.dsn = dsn}, {.dsn = db.dsn()});
    REQUIRE(ear.listens());
    REQUIRE(ear.hears());
    sql(db, "insert into public.deafen default values");
    REQUIRE(ear.turn_until([&] { return !ear.listener().listening(); }, 15s));
    CHECK(ear.listener().problem().find("ended the session's LISTEN") != std::string::npos);
    CHECK(!ear.listener().polling_only());
    CHECK(ear.hears());  // what it missed is looked for
    CHECK(ear.listens());
    arm_bell(db);
    insert_program(db, new_user(db));
    CHECK(ear.hears());
}

TEST_CASE("a listener whose server stands still is given another session within seconds") {
    Database db = fresh_database();
    Ear ear({.dsn = db.dsn(), .statement_seconds = 1}, {.dsn = db.dsn()});
    REQUIRE(ear.listens());
    int backend = std::stoi(value(db,
                                  "select pid from pg_stat_activity where datname = current_database() and "
                                  "application_name = 'spotter ear'"));
    kill(backend, SIGSTOP);
    CHECK(ear.turn_until([&] { return !ear.listener().listening(); }, 20s));
    CHECK(ear.listens());
    kill(backend, SIGCONT);
    REQUIRE(ear.hears());
    arm_bell(db);
    insert_program(db, new_user(db));
    CHECK(ear.hears());
}

TEST_CASE("behind a transaction pooler nobody tells of, a listener finds itself deaf and says what to do") {
    Database db = fresh_database();
    Pooler pooler(db, {});
    Ear ear({.dsn = pooler.dsn()}, {.dsn = pooler.dsn()});
    CHECK(ear.hears());  // what was there before
    CHECK(ear.turn_until([&] { return ear.listener().polling_only(); }));
    CHECK(!ear.listener().listening());
    CHECK(!ear.listener().problem().empty());
}

TEST_CASE("a listener that is given another server process than the one it told LISTEN finds itself deaf") {
    Database db = fresh_database();
    Pooler pooler(db, {});
    // Where nobody can speak its own voice cannot tell it.
    Ear ear({.dsn = pooler.dsn()}, {.dsn = "postgresql://127.0.0.1:1/nobody"});
    REQUIRE(ear.listens());
    pqxx::connection another(pooler.dsn());
    pqxx::work holding(another);
    holding.exec("select 1");
    CHECK(ear.turn_until([&] { return ear.listener().polling_only(); }));
    CHECK(!ear.listener().listening());
}

TEST_CASE("a session pooler is as good to listen through as the server itself") {
    Database db = fresh_database();
    Pooler pooler(db, {.mode = "session"});
    Ear ear({.dsn = pooler.dsn()}, {.dsn = pooler.dsn()});
    CHECK(ear.listens());
    REQUIRE(ear.hears());
    arm_bell(db);
    insert_program(db, new_user(db));
    CHECK(ear.hears());
}

TEST_CASE("around a transaction pooler a listener hears what is notified through it") {
    Database db = fresh_database();
    Pooler pooler(db, {});
    Ear ear({.dsn = db.dsn()}, {.dsn = pooler.dsn(), .pooled = true});
    CHECK(ear.listens());
    CHECK(ear.payloads() == std::vector<std::string>{""});  // of its own voice it tells nobody
}

TEST_CASE("a listener at another database than the one that is worked on is found out") {
    Database db = fresh_database(), other = fresh_database();
    Ear ear({.dsn = other.dsn()}, {.dsn = db.dsn()});
    CHECK(ear.turn_until([&] { return ear.listener().polling_only(); }));
    CHECK(ear.listener().problem().find("database.url") != std::string::npos);
}

TEST_CASE("a listener that cannot connect for a while leaves the work to polling") {
    Database db = fresh_database();
    BadPort nobody(BadPort::Manner::refusing);
    const std::string dsn = fmt::format("postgresql://127.0.0.1:{}/app", nobody.number());
    Ear ear({.dsn = dsn}, {.dsn = db.dsn()});
    REQUIRE(ear.turn_until([&] { return ear.listener().problem().find("refused") != std::string::npos; }));
    CHECK(!ear.listener().polling_only());
    CHECK(ear.turn_until([&] { return ear.listener().polling_only(); }, 30s));
    CHECK(!ear.listener().listening());
}

}  // namespace listener_test
