#include "queue/inspect.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/json.hpp"
#include "support/queue.hpp"
#include "support/run.hpp"
#include "support/sql.hpp"

namespace inspect_test {

using namespace spotter::test;
namespace json = spotter::json;
namespace queue = spotter::queue;

namespace {

struct Asked {
    Database db = fresh_database();
    Daemon daemon{db};
    spotter::db::Session session{spotter::db::Endpoint{.dsn = db.dsn()}};
    std::string ada = new_user(db);

    json::Document standing(const std::string& id) {
        return json::parse(queue::standing(session, id).value()).value();
    }
    json::Document overview() { return json::parse(queue::overview(session)).value(); }
};

std::string text(const json::Value& object, std::string_view key) {
    return std::string(json::text(object, key).value_or(""));
}

}  // namespace

TEST_CASE("a row is asked for with onboarding of its own, or with the profile's") {
    Asked asked;
    std::string with =
        queue::enqueue(asked.session, {"training_program", asked.ada, R"({"primaryGoal": "General"})", {}});
    std::string without = queue::enqueue(asked.session, {"training_program", asked.ada, {}, {}});
    CHECK(column(asked.db, with, "onboarding_data_snapshot") == R"({"primaryGoal": "General"})");
    CHECK(column(asked.db, without, "onboarding_data_snapshot") == "");
    CHECK(column(asked.db, without, "generation_status") == "pending");
    CHECK_THROWS_AS(queue::enqueue(asked.session, {"training_program", "nobody", {}, {}}),
                    pqxx::data_exception);
}

TEST_CASE("a pending row tells how many are ahead of it, and why and for how long it waits") {
    Asked asked;
    insert_program(asked.db, asked.ada, R"({"n": 1})");
    insert_program(asked.db, asked.ada, R"({"n": 2})");
    std::string id = insert_program(asked.db, asked.ada, R"({"n": 3})");
    auto standing = asked.standing(id);
    CHECK(text(standing, "id") == id);
    CHECK(text(standing, "status") == "pending");
    CHECK(json::integer(standing, "ahead") == 2);
    CHECK(!json::number(standing, "starts_in_seconds"));

    auto rows = asked.daemon.claim().rows;
    for (const auto& row : rows) asked.daemon.settle(deferral(row, 100));
    standing = asked.standing(id);
    CHECK(text(standing, "reason") == "provider_busy");
    CHECK(!text(standing, "meaning").empty());
    CHECK(!text(standing, "what_to_do").empty());
    CHECK(json::number(standing, "starts_in_seconds").value_or(0) > 60);
    CHECK(json::number(standing, "starts_in_seconds").value_or(1000) <= 100);
}

TEST_CASE("a row tells its stage while it is generated, and its outcome afterwards") {
    Asked asked;
    std::string id = insert_program(asked.db, asked.ada);
    auto row = asked.daemon.claim_one();
    auto standing = asked.standing(id);
    CHECK(text(standing, "status") == "processing");
    CHECK(text(standing, "stage") == "generating");
    CHECK(json::integer(standing, "progress") == 10);
    CHECK(json::integer(standing, "attempts") == 1);
    CHECK(!json::integer(standing, "ahead"));
    CHECK(!queue::content(asked.session, id));

    asked.daemon.settle(completion(row));
    standing = asked.standing(id);
    CHECK(text(standing, "status") == "completed");
    CHECK(text(standing, "source") == "model");
    CHECK(text(standing, "model") == "a-model");
    CHECK(text(standing, "program_name") == "Strong");
    CHECK(json::integer(standing, "calls") == 2);
    CHECK(json::integer(standing, "progress") == 100);
    CHECK(queue::content(asked.session, id) == R"({"programName": "Strong", "durationWeeksTotal": 6})");
}

TEST_CASE("a failed row tells its error") {
    Asked asked;
    std::string id = insert_program(asked.db, asked.ada);
    asked.daemon.settle(failing(asked.daemon.claim_one()));
    auto standing = asked.standing(id);
    CHECK(text(standing, "status") == "failed");
    CHECK(text(standing, "error_code") == "invalid_input");
    CHECK(text(standing, "error") == "The onboarding has no goal.");
    CHECK(!queue::content(asked.session, id));
}

TEST_CASE("of a row that does not exist nothing is told") {
    Asked asked;
    std::string nobody = "00000000-0000-0000-0000-000000000000";
    CHECK(!queue::standing(asked.session, nobody));
    CHECK(!queue::content(asked.session, nobody));
}

TEST_CASE("an old row that holds a program is not said to wait for anybody") {
    Asked asked;
    std::string id = insert_program(asked.db, asked.ada);
    sql(asked.db, R"(update public.training_programs set program_details = '{"programName": "x"}')");
    CHECK(!json::integer(asked.standing(id), "ahead"));
    CHECK(json::integer(asked.overview(), "pending") == 0);
}

TEST_CASE("the overview counts the queue by what becomes of its rows") {
    Asked asked;
    for (int i = 0; i < 5; ++i) insert_program(asked.db, asked.ada, fmt::format(R"({{"n": {}}})", i));
    auto rows = asked.daemon.claim(4, 4).rows;
    REQUIRE(rows.size() == 4);
    asked.daemon.settle({completion(rows[0]), failing(rows[1]), deferral(rows[2], 60)});
    sql(asked.db,
        "update public.training_programs set generation_run_after = now() - interval '90 seconds' "
        "where generation_status = 'pending' and generation_reason is null");
    auto overview = asked.overview();
    CHECK(json::integer(overview, "pending") == 2);
    CHECK(json::integer(overview, "ready") == 1);
    CHECK(json::integer(overview, "deferred") == 1);
    CHECK(json::integer(overview, "processing") == 1);
    CHECK(json::integer(overview, "completed") == 1);
    CHECK(json::integer(overview, "failed") == 1);
    CHECK(json::number(overview, "oldest_ready_seconds").value_or(0) >= 90);
    CHECK(json::integer(*json::find(overview, "reasons"), "provider_busy") == 1);
    const auto& workers = *json::find(overview, "workers");
    REQUIRE(workers.Size() == 1);
    CHECK(text(workers[0], "host") == "test");
    CHECK(json::integer(workers[0], "slots") == 16);

    auto depth = run(asked.daemon.queue().depth()).value();
    CHECK(depth.pending == 2);
    CHECK(depth.processing == 1);
    CHECK(depth.oldest.count() >= 90);
}

TEST_CASE("an empty queue has an overview") {
    Asked asked;
    asked.daemon.retire();
    auto overview = asked.overview();
    CHECK(json::integer(overview, "pending") == 0);
    CHECK(json::number(overview, "oldest_ready_seconds") == 0);
    CHECK(json::find(overview, "reasons")->ObjectEmpty());
    CHECK(json::find(overview, "workers")->Empty());
    CHECK(json::find(overview, "paused")->Empty());
}

TEST_CASE(
    "the overview tells rows that wait for another from those that are ready, and says what is paused") {
    Asked asked;
    for (int i = 0; i < 3; ++i) insert_program(asked.db, asked.ada, R"({"n": 1})");
    asked.daemon.claim_one();
    insert_program(asked.db, asked.ada, R"({"n": 2})");
    CHECK(queue::pause(asked.session, "*", "prices go up"));
    auto overview = asked.overview();
    CHECK(json::integer(overview, "pending") == 3);
    CHECK(json::integer(overview, "waiting") == 2);
    CHECK(json::integer(overview, "ready") == 0);
    CHECK(json::integer(overview, "held") == 1);
    CHECK(json::integer(overview, "deferred") == 0);
    const auto& paused = *json::find(overview, "paused");
    REQUIRE(paused.Size() == 1);
    CHECK(text(paused[0], "kind") == "*");
    CHECK(text(paused[0], "reason") == "prices go up");
    CHECK(text(paused[0], "by") == "postgres");
    CHECK(json::number(paused[0], "seconds").value_or(-1) >= 0);
}

TEST_CASE("a reason that is well known is given with its meaning; another with its name alone") {
    Asked asked;
    insert_program(asked.db, asked.ada);
    insert_program(asked.db, asked.ada);
    auto rows = asked.daemon.claim().rows;
    REQUIRE(rows.size() == 2);
    auto quota = deferral(rows[0], 60);
    quota.reason = "quota";
    asked.daemon.settle({quota, deferral(rows[1], 60)});
    auto overview = asked.overview();
    const auto& meanings = *json::find(overview, "meanings");
    CHECK(text(meanings, "quota").find("no money") != std::string::npos);
    CHECK(!json::find(meanings, "provider_busy"));
    CHECK(json::integer(*json::find(overview, "reasons"), "provider_busy") == 1);
}

}  // namespace inspect_test
