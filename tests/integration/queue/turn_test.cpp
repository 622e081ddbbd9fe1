#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <map>
#include <memory>

#include "support/queue.hpp"
#include "support/run.hpp"
#include "support/sql.hpp"

// Users are served in turn, whoever has how many rows.

namespace turn_test {

using namespace spotter::test;
using spotter::queue::Turns;

namespace {

void add(const Database& db, const std::string& user, int rows, const std::string& age = "0 seconds") {
    sql(db,
        fmt::format("insert into public.training_programs (user_id, onboarding_data_snapshot, "
                    "generation_run_after) select '{}', jsonb_build_object('n', n), now() - interval '{}' "
                    "from generate_series(1, {}) n",
                    user, age, rows));
}

/// How many rows of each user are worked on.
std::map<std::string, int> running(const Database& db) {
    std::map<std::string, int> numbers;
    for (const auto& row : sql(db,
                               "select user_id, count(*) from public.training_programs "
                               "where generation_status = 'processing' group by 1"))
        numbers[row[0].c_str()] = row[1].as<int>();
    return numbers;
}

struct Users {
    Database db = fresh_database();
    std::string ada = new_user(db), ben = new_user(db), cyd = new_user(db);
};

}  // namespace

TEST_CASE("ten thousand rows of one user delay another's first by one slot") {
    Users users;
    Daemon daemon(users.db);
    add(users.db, users.ada, 10000, "1 hour");
    daemon.claim(16, 4);
    add(users.db, users.ben, 3);
    auto claim = daemon.claim(16, 1);
    REQUIRE(claim.rows.size() == 1);
    CHECK(running(users.db)[users.ben] == 1);
}

TEST_CASE("what an app asks for itself, of no user, has its turn as a user has") {
    Users users;
    Daemon daemon(users.db);
    daemon.work_on_requests("exercise");
    auto add_requests = [&](const std::string& user, int rows, const std::string& age) {
        sql(users.db,
            fmt::format(
                "insert into public.generation_requests (user_id, kind, input, generation_run_after) "
                "select {0}, 'exercise', jsonb_build_object('type', 'contextual_fill', 'difficulty', 1, "
                "'topics', jsonb_build_array(format('%s of %s', n, {0}))), now() - interval '{1}' "
                "from generate_series(1, {2}) n",
                user, age, rows));
    };
    add_requests("'" + users.ada + "'", 300, "1 hour");
    add_requests("null", 1, "0 seconds");
    daemon.claim(16, 16);
    CHECK(value(users.db, "select generation_status from public.generation_requests where user_id is null") ==
          "processing");
}

TEST_CASE("slots are shared evenly between users that want them") {
    Users users;
    Daemon daemon(users.db);
    add(users.db, users.ada, 500, "1 hour");
    add(users.db, users.ben, 500, "1 minute");
    add(users.db, users.cyd, 2);
    for (int i = 0; i < 12; ++i) daemon.claim(16, 1);
    auto numbers = running(users.db);
    CHECK(numbers[users.ada] == 5);
    CHECK(numbers[users.ben] == 5);
    CHECK(numbers[users.cyd] == 2);
}

TEST_CASE("with more users than slots each is served, however old the others' rows are") {
    Database db = fresh_database();
    Daemon daemon(db);
    std::vector<std::string> users;
    for (int i = 0; i < 6; ++i) {
        users.push_back(new_user(db));
        add(db, users.back(), 50, fmt::format("{} minutes", 60 - i));
    }
    std::map<std::string, int> served;
    std::vector<spotter::queue::ClaimedRow> held = daemon.claim(16, 2).rows;
    for (int i = 0; i < 30; ++i) {
        ++served[column(db, held.front().lease.id, "user_id")];
        daemon.settle(completion(held.front()));
        held.erase(held.begin());
        for (auto& row : daemon.claim(16, 1).rows) held.push_back(row);
        REQUIRE(held.size() == 2);
    }
    for (const std::string& user : users) {
        CAPTURE(user);
        CHECK(served[user] >= 4);
        CHECK(served[user] <= 6);
    }
}

TEST_CASE("users whose rows are for later take nobody's turn") {
    Users users;
    Daemon daemon(users.db);
    sql(users.db,
        "insert into auth.users select gen_random_uuid() from generate_series(1, 500);"
        "insert into public.training_programs (user_id, onboarding_data_snapshot, generation_run_after) "
        "select id, '{}', now() + interval '1 day' from auth.users");
    add(users.db, users.ada, 200, "1 hour");
    add(users.db, users.ben, 1);
    auto claim = daemon.claim(16, 16);
    CHECK(running(users.db).contains(users.ben));
}

TEST_CASE("claims at the same time do not overrun a user's limit") {
    Users users;
    add(users.db, users.ada, 200);
    std::vector<std::unique_ptr<Daemon>> daemons;
    for (int i = 0; i < 6; ++i)
        daemons.push_back(std::make_unique<Daemon>(users.db, "v1", Turns{.user_slots = 3}));
    std::vector<std::future<void>> claims;
    for (auto& daemon : daemons)
        claims.push_back(std::async(std::launch::async, [&] {
            for (int i = 0; i < 5; ++i) daemon->claim(30, 30);
        }));
    for (auto& claim : claims) claim.get();
    CHECK(running(users.db)[users.ada] == 3);
}

TEST_CASE("a user has no more rows running than is allowed, in all daemons together") {
    Users users;
    Daemon one(users.db, "v1", Turns{.user_slots = 3}), two(users.db, "v1", Turns{.user_slots = 3});
    add(users.db, users.ada, 50, "1 hour");
    add(users.db, users.ben, 1);
    CHECK(one.claim(100, 2).rows.size() == 2);
    CHECK(two.claim(100, 50).rows.size() == 2);
    CHECK(one.claim(100, 50).rows.empty());
    CHECK(running(users.db) == std::map<std::string, int>{{users.ada, 3}, {users.ben, 1}});
}

TEST_CASE("paying users have so many times the share of others") {
    Users users;
    Daemon daemon(users.db, "v1", Turns{.paid_weight = 3});
    sql(users.db, fmt::format("update public.profiles set is_premium = true where id = '{}'", users.ben));
    add(users.db, users.ada, 100, "1 hour");
    add(users.db, users.ben, 100);
    for (int i = 0; i < 8; ++i) daemon.claim(16, 1);
    auto numbers = running(users.db);
    CHECK(numbers[users.ada] == 2);
    CHECK(numbers[users.ben] == 6);
}

TEST_CASE("every user is served by and by, when there are more than a claim looks at") {
    Database db = fresh_database();
    Daemon daemon(db);
    sql(db,
        "insert into auth.users select gen_random_uuid() from generate_series(1, 300);"
        "insert into public.training_programs (user_id, onboarding_data_snapshot) "
        "select u.id, jsonb_build_object('n', n) from auth.users u, generate_series(1, 5) n");
    // With 16 looked at, a claim sees eight users at most beside the oldest rows.
    for (int i = 0; i < 300; ++i) daemon.claim(16, 1);
    auto numbers = running(db);
    int most = 0;
    for (const auto& [user, number] : numbers) most = std::max(most, number);
    CHECK(numbers.size() > 200);
    CHECK(most <= 3);
}

TEST_CASE("a user's own rows go by priority and then by age") {
    Users users;
    Daemon daemon(users.db);
    add(users.db, users.ada, 100, "1 minute");
    std::string urgent = insert_program(users.db, users.ada);
    sql(users.db,
        fmt::format("update public.training_programs set generation_priority = 1 where id = '{}'", urgent));
    auto claim = daemon.claim(16, 1);
    REQUIRE(claim.rows.size() == 1);
    CHECK(claim.rows[0].lease.id == urgent);
}

TEST_CASE("several daemons that claim at once from one user's rows each get their own") {
    Users users;
    Daemon one(users.db), two(users.db);
    add(users.db, users.ada, 400);
    auto first = one.claim(100, 100), second = two.claim(100, 100);
    CHECK(first.rows.size() == 100);
    CHECK(second.rows.size() == 100);
}

TEST_CASE("a look at what is new alone does not see what is old") {
    Users users;
    Daemon daemon(users.db);
    add(users.db, users.ada, 1, "1 hour");
    add(users.db, users.ben, 1);
    auto look =
        spotter::queue::Look{.batch = 10, .by_turns = 5, .slots = 10, .since = spotter::queue::Seconds(60)};
    CHECK(run(daemon.queue().claim(daemon.self(), look)).value().rows.size() == 1);
    CHECK(running(users.db).contains(users.ben));
}

TEST_CASE("nothing is claimed while its kind is paused, cached or not") {
    Users users;
    Daemon daemon(users.db);
    add(users.db, users.ada, 20);
    for (const char* kind : {"*", "training_program"}) {
        CAPTURE(kind);
        sql(users.db, fmt::format("select spotter.pause('{}')", kind));
        CHECK(daemon.claim().looked_at == 0);
        sql(users.db, fmt::format("select spotter.resume('{}')", kind));
    }
    CHECK(daemon.claim().rows.size() == 20);
}

}  // namespace turn_test
