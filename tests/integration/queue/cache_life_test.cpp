#include <doctest/doctest.h>
#include <fmt/format.h>

#include "support/queue.hpp"
#include "support/run.hpp"
#include "support/sql.hpp"

// How long what is settled stays in its cache, by who asked for it.

namespace cache_life_test {

using namespace spotter::test;
using spotter::queue::Seconds;

namespace {

struct Lives {
    Database db = fresh_database();
    Daemon daemon{db};

    /// A user whose profile has this set.
    std::string user(const std::string& profile) const {
        std::string id = new_user(db);
        sql(db, fmt::format("update public.profiles set {} where id = '{}'", profile, id));
        return id;
    }
    /// Settles all that can be claimed, with an hour to live and twice that for who pays.
    void settle(const std::string& content) {
        std::vector<spotter::queue::Settlement> all;
        for (const auto& row : daemon.claim().rows) {
            all.push_back(completion(row));
            all.back().content = content;
        }
        run(daemon.queue().settle(std::move(all), {.life = Seconds(3600), .paid_times = 2})).value();
    }
    std::string life_in(const std::string& table, const std::string& condition) const {
        return value(db,
                     fmt::format("select extract(epoch from expires_at - created_at)::integer from public.{} "
                                 "where {}",
                                 table, condition));
    }
};

}  // namespace

TEST_CASE("what a paying user asked for stays in the cache as much longer as is said, at one settling") {
    Lives lives;
    const std::pair<const char*, const char*> tiers[] = {
        {"is_premium = true", "7200"},
        {"is_premium = false, trial_ends_at = now() + interval '1 day'", "7200"},
        {"is_premium = false, trial_ends_at = now() - interval '1 day'", "3600"},
        {"is_premium = false", "3600"},
    };
    std::vector<std::string> users;
    for (const auto& [profile, life] : tiers) {
        users.push_back(lives.user(profile));
        insert_program(lives.db, users.back());
    }
    lives.settle(R"({"programName": "Strong"})");
    for (std::size_t i = 0; i < users.size(); ++i) {
        CAPTURE(tiers[i].first);
        CHECK(lives.life_in("ai_coach_cache", fmt::format("user_id = '{}'", users[i])) == tiers[i].second);
    }
}

TEST_CASE("an entry that all share lives as long as who asked first pays for; the app itself does not pay") {
    Lives lives;
    lives.daemon.work_on_requests("exercise");
    auto ask = [&](const std::string& user, int difficulty) {
        sql(lives.db,
            fmt::format(
                "insert into public.generation_requests (user_id, kind, input) values ({}, 'exercise', "
                "'{{\"type\": \"term_matching\", \"difficulty\": {}}}')",
                user.empty() ? "null" : literal(user), difficulty));
    };
    ask(lives.user("is_premium = true"), 1);
    ask(lives.user("is_premium = false"), 2);
    ask("", 3);
    lives.settle(R"({"type": "term_matching"})");
    CHECK(lives.life_in("exercise_cache", "difficulty = 1") == "7200");
    CHECK(lives.life_in("exercise_cache", "difficulty = 2") == "3600");
    CHECK(lives.life_in("exercise_cache", "difficulty = 3") == "3600");
}

}  // namespace cache_life_test
