#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "base/json.hpp"
#include "queue/statements.hpp"
#include "support/queue.hpp"
#include "support/sql.hpp"

// How Postgres goes about a claim when the table is large.

namespace claim_plan_test {

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

/// The plan of a statement in a session that has prepared it, as the session would run it now.
json::Document plan(spotter::db::Session& session, const std::string& call) {
    pqxx::nontransaction transaction(session.connection());
    auto text = transaction.exec1("explain (format json) execute " + call)[0].as<std::string>();
    return json::parse(text).value();
}

const spotter::queue::Lane& lane() {
    static const auto all = lanes();
    return all.front();
}

const std::string a_claim = "claim_training_program (200, null, 60, 100, 16, 'v1', 1, null, 1)";
const std::string a_settling = "settle_training_program ('[]', 1, 1)";

/// How a table is read. Without a condition it is read from end to end, by whatever index.
struct Scan {
    std::string type, table, index;
    bool by_condition = false;
};

std::vector<Scan> scans(const json::Value& plan) {
    std::vector<Scan> found;
    std::function<void(const json::Value&)> walk = [&](const json::Value& node) {
        if (node.IsArray())
            for (const auto& item : node.GetArray()) walk(item);
        if (!node.IsObject()) return;
        auto type = json::text(node, "Node Type"), table = json::text(node, "Relation Name");
        if (type && table && *type != "ModifyTable")
            found.push_back({std::string(*type), std::string(*table),
                             std::string(json::text(node, "Index Name").value_or("")),
                             json::find(node, "Index Cond") || json::find(node, "TID Cond")});
        for (const auto& member : node.GetObject()) walk(member.value);
    };
    walk(plan);
    return found;
}

/// How often each index of the table is used, by its name; "" is by a row's place.
using Uses = std::map<std::string, int>;

Uses uses(spotter::db::Session& session, const std::string& call) {
    const std::set<std::string> of_a_few_rows = {"worker", "bell", "pause", "kind"};
    const std::string what_is_under_way = "training_programs_running";
    Uses found;
    for (const Scan& scan : scans(plan(session, call))) {
        CAPTURE(scan.type);
        CAPTURE(scan.table);
        CAPTURE(scan.index);
        CHECK((scan.by_condition || of_a_few_rows.contains(scan.table) || scan.index == what_is_under_way));
        if (scan.table == "training_programs") ++found[scan.index];
    }
    return found;
}

/// What a statement names with "with" and looks through once a row of something else.
std::set<std::string> looked_through_again(const json::Value& node, bool again = false) {
    std::set<std::string> found;
    auto add = [&](const json::Value& part, bool part_again) {
        found.merge(looked_through_again(part, part_again));
    };
    if (node.IsArray())
        for (const auto& item : node.GetArray()) add(item, again);
    if (!node.IsObject()) return found;
    auto relation = json::text(node, "Parent Relationship");
    if (relation == "InitPlan") again = false;
    if (relation == "Inner" || relation == "SubPlan") again = true;
    if (auto name = json::text(node, "CTE Name"); name && again) found.insert(std::string(*name));
    for (const auto& member : node.GetObject()) add(member.value, again);
    return found;
}

void check_plan(spotter::db::Session& session) {
    auto found = uses(session, a_claim);
    std::string all;
    for (const auto& [index, number] : found) all += fmt::format("{}: {}; ", index, number);
    CAPTURE(all);
    CHECK(found == Uses{{"", 4},  // hits, misses (twice), rows that wait for another
                        {"training_programs_ready", 2},
                        {"training_programs_turns", 3}});
}

void claim_in(spotter::db::Session& session) {
    session.run(lane().claim, 200, std::optional<double>(), 60.0, 100, 16, "v1", 1, std::optional<int>(),
                1.0);
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
        auto text = transaction.exec1("explain (analyze, buffers, format json) execute " + a_claim)[0]
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

TEST_CASE("a settling and a rescue that were planned while the table was empty are as good when it is full") {
    Database db = fresh_database();
    spotter::db::Session session({.dsn = db.dsn()});
    SUBCASE("and had figures") {
        sql(db, "analyze");
    }
    SUBCASE("and had none") {}
    const spotter::queue::TableStatements table(spotter::queue::training_programs);
    for (int i = 0; i < 8; ++i) {
        session.run(lane().settle, "[]", 1.0, 1.0);
        session.run(table.rescue, 1, 30.0, 3, std::optional<std::string>());
        session.run(statements::standing_leases, 1);
    }
    add_rows(db, new_user(db), 5000, 5000);
    CHECK(uses(session, a_settling) ==
          Uses{{"", 2}, {"training_programs_pkey", 2}, {"training_programs_waiting", 1}});
    CHECK(uses(session, "rescue_training_programs (1, 30, 3, null)") ==
          Uses{{"training_programs_running", 1}, {"", 1}});
    CHECK(uses(session, "standing_leases (1)") == Uses{{"training_programs_running", 1}});
}

TEST_CASE("a settling looks through ids and keys once a row, and never through answers") {
    Database db = fresh_database();
    spotter::db::Session session({.dsn = db.dsn()});
    session.run(lane().settle, "[]", 1.0, 1.0);
    std::string names;
    for (const std::string& name : looked_through_again(plan(session, a_settling))) names += name + " ";
    CHECK(names == "accepted mine shared waited_for ");
}

TEST_CASE("a claim and a settling look flights up by key, however many are in the air") {
    Database db = fresh_database();
    spotter::db::Session session({.dsn = db.dsn()});
    std::string ada = new_user(db);
    claim_in(session);
    session.run(lane().settle, "[]", 1.0, 1.0);
    // Of one row that is claimed and settled, counted in pages.
    auto pages = [&](const std::string& call) {
        pqxx::nontransaction transaction(session.connection());
        auto text =
            transaction.exec1("explain (analyze, buffers, format json) execute " + call)[0].as<std::string>();
        auto explained = json::parse(text).value();
        return json::number(*json::find(explained[0], "Plan"), "Shared Hit Blocks").value();
    };
    auto of_a_row = [&] {
        std::string row = insert_program(db, ada, R"({"goal": "strength"})");
        double claimed = pages(a_claim);
        std::string settlement = value(
            db,
            fmt::format("select jsonb_build_array(jsonb_build_object('id', id, 'token', generation_token, "
                        "'status', 'failed', 'calls', 1)) from public.training_programs where id = '{}'",
                        row));
        return claimed + pages(fmt::format("settle_training_program ('{}', 1, 1)", settlement));
    };
    of_a_row();
    double few = of_a_row();
    sql(db,
        "insert into spotter.flight (key, leader, token) select 'k' || n, gen_random_uuid(), n "
        "from generate_series(1, 20000) n");
    pqxx::nontransaction(session.connection()).exec("vacuum spotter.flight");
    CHECK(of_a_row() < few + 10);
}

}  // namespace claim_plan_test
