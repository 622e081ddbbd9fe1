// What users who pay have more of, from the configuration to the rows.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "e2e/daemon.hpp"

namespace paying_users_test {

using namespace spotter;
using namespace spotter::test;

namespace {

/// Ada pays; Bob does not, and came first.
struct Tiers : Stage {
    std::string bob = app.add_user(), ada = app.add_user();

    Tiers() { app.set_profile(ada, R"({"is_premium": true})"); }

    void ask_for_two() {
        for (const std::string& user : {bob, ada})
            for (int i = 0; i < 2; ++i)
                app.ask(user, onboarding(fmt::format(R"(,"injuriesLimitations":"none, number {}")", i)));
    }
    /// Whose rows two slots are given to.
    std::string served() {
        app.wait_for(
            "select count(*) = 2 from public.training_programs where generation_status = 'processing'");
        return app.value(
            "select string_agg(case user_id when $1 then 'ada' else 'bob' end, ' ' order by user_id = $2) "
            "from public.training_programs where generation_status = 'processing'",
            ada, bob);
    }
};

}  // namespace

TEST_CASE("queue.paid_weight gives who pays a larger share of the slots") {
    Tiers tiers;
    tiers.ask_for_two();
    tiers.model.always(silence());
    Environment slots{{"SPOTTER_SLOTS", "2"}};
    std::string served = "ada bob";  // in turn
    SUBCASE("without it") {}
    SUBCASE("with it") {
        slots["SPOTTER_QUEUE_PAID_WEIGHT"] = "3";
        served = "ada ada";
    }
    Daemon daemon = tiers.serve(slots);
    CHECK(tiers.served() == served);
}

TEST_CASE("cache.paid_times keeps the answers of who pays for longer") {
    Tiers tiers;
    Daemon daemon(tiers.database.dsn(),
                  {{"SPOTTER_CACHE_LIFE", "training_program=1h"}, {"SPOTTER_CACHE_PAID_TIMES", "3"}});
    for (const std::string& user : {tiers.bob, tiers.ada})
        REQUIRE(tiers.app.end_of(tiers.app.ask(user, onboarding())) == "completed");
    auto minutes = [&](const std::string& user) {
        return tiers.app.value(
            "select round(extract(epoch from expires_at - created_at) / 60) from public.ai_coach_cache "
            "where user_id = $1",
            user);
    };
    CHECK(minutes(tiers.bob) == "60");
    CHECK(minutes(tiers.ada) == "180");
    CHECK(daemon.stop() == 0);
}

}  // namespace paying_users_test
