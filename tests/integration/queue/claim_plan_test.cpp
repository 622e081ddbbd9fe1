#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <optional>

#include "base/json.hpp"
#include "queue/statements.hpp"
#include "support/queue.hpp"
#include "support/sql.hpp"

// How Postgres goes about a claim when the table is large.

using namespace spotter::test;
namespace json = spotter::json;
namespace statements = spotter::queue::statements;

namespace {

void add_rows(const Database& db, const std::string& user, int finished, int pending) {
    sql(db,
        fmt::format("insert into public.training_programs (user_id, generation_status, program_details) "
                    "select '{0}', 'completed', '{{\"programName\": \"x\"}}' from generate_series(1, {1});"
                    "insert into public.training_programs (user_id, onboarding_data_snapshot) "
                    "select '{0}', jsonb_build_object('n', n) from generate_series(1, {2}) n",
                    user, finished, pending));
}

/// The plan of a claim in a session that has prepared it, as the session would run it now.
json::Document plan(spotter::db::Session& session) {
    pqxx::nontransaction transaction(session.connection());
    auto text =
        transaction.exec1("explain (format json) execute claim (200, 16, 'v1', 1, null, 1000, 1, 60)")[0]
            .as<std::string>();
    return json::parse(text).value();
}

/// How each scan of a table is made: "Index Scan training_programs training_programs_ready".
std::vector<std::string> scans(const json::Value& plan) {
    std::vector<std::string> found;
    std::function<void(const json::Value&)> walk = [&](const json::Value& node) {
        if (node.IsArray())
            for (const auto& item : node.GetArray()) walk(item);
        if (!node.IsObject()) return;
        auto type = json::text(node, "Node Type"), table = json::text(node, "Relation Name");
        if (type && table && *type != "ModifyTable")
            found.push_back(
                fmt::format("{} {} {}", *type, *table, json::text(node, "Index Name").value_or("")));
        for (const auto& member : node.GetObject()) walk(member.value);
    };
    walk(plan);
    return found;
}

void check_plan(spotter::db::Session& session) {
    std::map<std::string, int> of_the_table;
    auto found = scans(plan(session));
    std::string all = fmt::format("{}", fmt::join(found, "; "));
    CAPTURE(all);
    for (const std::string& scan : found) {
        CHECK(!scan.starts_with("Seq Scan"));
        if (scan.find(" training_programs ") != scan.npos)
            ++of_the_table[scan.substr(scan.find(" training_"))];
    }
    CHECK(of_the_table ==
          std::map<std::string, int>{
              {" training_programs ", 3},  // by place: hits, misses, rows that wait for another
              {" training_programs training_programs_ready", 2},
              {" training_programs training_programs_turns", 3},
              {" training_programs training_programs_running_of", 1}});
}

void claim_in(spotter::db::Session& session) {
    session.run(statements::claim, 200, 16, "v1", 1, std::optional<double>(), 1000, 1.0, 60.0);
}

}  // namespace

TEST_CASE("a claim finds ready rows by their index and writes them by their place") {
    Database db = fresh_database();
    spotter::db::Session session({.dsn = db.dsn()});
    add_rows(db, new_user(db), 50000, 5000);
    SUBCASE("with figures about the table") {
        sql(db, "analyze");
    }
    SUBCASE("without") {}
    for (int i = 0; i < 8; ++i) {
        claim_in(session);
        check_plan(session);
    }
}

TEST_CASE("a claim that was planned while the table was empty is as good when it is full") {
    Database db = fresh_database();
    spotter::db::Session session({.dsn = db.dsn()});
    // The usual table of a queue: all done, and figures taken just then.
    SUBCASE("and had no figures") {}
    SUBCASE("and had figures") {
        sql(db, "analyze");
    }
    SUBCASE("and had been full before") {
        add_rows(db, new_user(db), 1000, 1000);
        sql(db, "update public.training_programs set generation_status = 'completed'");
        sql(db, "analyze");
    }
    for (int i = 0; i < 8; ++i) claim_in(session);
    check_plan(session);
    add_rows(db, new_user(db), 50000, 5000);
    check_plan(session);
    sql(db, "analyze");
    check_plan(session);
}

TEST_CASE("a claim reads no more of the table when more of its rows are finished") {
    Database db = fresh_database();
    spotter::db::Session session({.dsn = db.dsn()});
    std::string ada = new_user(db);
    claim_in(session);
    // Counted in pages rather than in time, which is the machine's as much as ours.
    auto pages_of_a_claim = [&](int more) {
        add_rows(db, ada, more, 1000);
        sql(db, "analyze");
        pqxx::nontransaction transaction(session.connection());
        auto text = transaction
                        .exec1(
                            "explain (analyze, buffers, format json) execute claim (200, 16, 'v1', 1, null, "
                            "1000, 1, 60)")[0]
                        .as<std::string>();
        auto explained = json::parse(text).value();
        const auto& root = *json::find(explained[0], "Plan");
        return json::number(root, "Shared Hit Blocks").value() +
               json::number(root, "Shared Read Blocks").value();
    };
    pages_of_a_claim(1000);
    double few = pages_of_a_claim(0);
    double many = pages_of_a_claim(60000);
    CAPTURE(few);
    CHECK(many < few * 1.5);
}
