#include "support/cluster.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <pqxx/pqxx>

namespace cluster_test {

using spotter::test::empty_database;
using spotter::test::fresh_database;

namespace {

bool has_table(const std::string& dsn, const std::string& name) {
    pqxx::connection connection(dsn);
    pqxx::work transaction(connection);
    return transaction.exec_params("select to_regclass($1) is not null", name)[0][0].as<bool>();
}

void make_table(const std::string& dsn) {
    pqxx::connection connection(dsn);
    pqxx::nontransaction(connection).exec("create table mine()");
}

}  // namespace

TEST_CASE("a test's database is its own, and is gone afterwards though a session is open") {
    std::string dsn;
    std::optional<pqxx::connection> session;
    {
        auto first = empty_database();
        auto second = empty_database();
        dsn = first.dsn();
        make_table(dsn);
        session.emplace(dsn);
        CHECK(has_table(first.dsn(), "mine"));
        CHECK(!has_table(second.dsn(), "mine"));
    }
    CHECK_THROWS_AS(pqxx::connection{dsn}, pqxx::broken_connection);
}

TEST_CASE("a fresh database is migrated, and what one test does to it no other sees") {
    auto first = fresh_database();
    make_table(first.dsn());
    auto second = fresh_database();
    CHECK(has_table(second.dsn(), "public.training_programs"));
    CHECK(!has_table(second.dsn(), "mine"));
    CHECK(!has_table(empty_database().dsn(), "public.training_programs"));
}

}  // namespace cluster_test
