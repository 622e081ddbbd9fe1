#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>

#include "cache/upkeep.hpp"
#include "support/queue.hpp"
#include "support/run.hpp"
#include "support/sql.hpp"

// A claim answers what it can from public.ai_coach_cache, inside the database.

namespace claim_cache_test {

using namespace spotter::test;

namespace {

constexpr std::string_view onboarding = R"({"primaryGoal": "General", "equipment": ["barbell"]})";

struct Cached {
    Database db = fresh_database();
    Daemon daemon{db};
    std::string ada = new_user(db);

    /// Generates and caches one program.
    Cached() {
        insert_program(db, ada, onboarding);
        if (!daemon.settle(completion(daemon.claim_one()))) throw std::runtime_error("not settled");
    }
    bool hits(const std::string& user, std::string_view with) {
        insert_program(db, user, with);
        auto claim = daemon.claim();
        return claim.hits == 1 && claim.rows.empty();
    }
    void set_profile(const std::string& change) { sql(db, "update public.profiles set " + change); }
};

/// The key that a claim gives a row.
std::string key(const Database& db, const std::string& user, std::string_view with,
                const std::string& versions = "v1") {
    std::string id = insert_program(db, user, with);
    Daemon daemon(db, versions);
    daemon.claim();
    return column(db, id, "generation_cache_key");
}

}  // namespace

TEST_CASE("a cached program completes the row inside the database") {
    Cached cached;
    std::string id = insert_program(cached.db, cached.ada, onboarding);
    auto claim = cached.daemon.claim(10, 0);
    CHECK(claim.hits == 1);
    CHECK(claim.looked_at == 1);
    CHECK(claim.rows.empty());
    CHECK(claim.cache_error.empty());

    auto is = [&](const std::string& name) { return column(cached.db, id, name); };
    CHECK(is("generation_status") == "completed");
    CHECK(is("program_details") == R"({"programName": "Strong", "durationWeeksTotal": 6})");
    CHECK(is("program_name") == "Strong");
    CHECK(is("total_duration_weeks") == "6");
    CHECK(is("periodization_model") == "linear");
    CHECK(is("volume_landmarks") == R"({"chest": 8})");
    CHECK(is("weak_point_analysis") == R"(["none"])");
    CHECK(is("ai_model_version") == "a-model");
    CHECK(is("generation_progress") == "100");
    CHECK(is("generation_finished_at") != "");
    CHECK(is("generation_attempts") == "0");
    CHECK(is("generation_token") == "");
    CHECK(is("generation_error") == "");
    CHECK(is("generation_metadata - 'cachedAt' - 'processingTimestamp'") ==
          R"({"calls": 0, "model": "a-model", "source": "cache", "attempts": 0, )"
          R"("finalComplexity": "full", "validationNotes": ["a note"], )"
          R"("enhancedUserProfile": {"trainingAge": 1}})");
}

TEST_CASE("a row of any number is served from the cache when no slot is free") {
    Cached cached;
    for (int i = 0; i < 30; ++i) insert_program(cached.db, cached.ada, onboarding);
    insert_program(cached.db, cached.ada, R"({"primaryGoal": "Another"})");
    auto claim = cached.daemon.claim(100, 0);
    CHECK(claim.hits == 30);
    CHECK(claim.looked_at == 31);
    CHECK(claim.rows.empty());
}

TEST_CASE("an expired entry is a miss, is written anew, and then hits again") {
    Cached cached;
    sql(cached.db, "update public.ai_coach_cache set expires_at = now()");
    insert_program(cached.db, cached.ada, onboarding);
    CHECK(cached.daemon.settle(completion(cached.daemon.claim_one())));
    CHECK(value(cached.db, "select count(*) from public.ai_coach_cache") == "1");
    CHECK(cached.hits(cached.ada, onboarding));
}

TEST_CASE("an entry that somebody changed by hand is a miss, is written anew, and then hits again") {
    Cached cached;
    sql(cached.db, R"(update public.ai_coach_cache set recommendation = '{"programName": "Nonsense"}')");
    insert_program(cached.db, cached.ada, onboarding);
    CHECK(cached.daemon.settle(completion(cached.daemon.claim_one())));
    CHECK(value(cached.db, "select recommendation ->> 'programName' from public.ai_coach_cache") == "Strong");
    CHECK(cached.hits(cached.ada, onboarding));
}

TEST_CASE("another user's entry never hits, not even under the same key") {
    Cached cached;
    std::string bob = new_user(cached.db);
    CHECK(!cached.hits(bob, onboarding));
    sql(cached.db, fmt::format("update public.ai_coach_cache set user_id = '{}'", bob));
    CHECK(!cached.hits(cached.ada, onboarding));
}

TEST_CASE("what shapes a program shapes its key") {
    Cached cached;
    CHECK(cached.hits(cached.ada, R"({ "equipment":["barbell"],  "primaryGoal":"General" })"));
    CHECK(!cached.hits(cached.ada, R"({"primaryGoal": "General", "equipment": []})"));
    const std::string before = key(cached.db, cached.ada, onboarding);
    std::set<std::string> keys = {before};
    for (std::string change :
         {"is_premium = true", "is_premium = false, age = 31", "age = 30, experience_level = 'Advanced'",
          "experience_level = 'Intermediate', weight_unit = 'lbs'"}) {
        CAPTURE(change);
        cached.set_profile(change);
        CHECK(keys.insert(key(cached.db, cached.ada, onboarding)).second);
    }
    cached.set_profile("weight_unit = 'kg'");
    CHECK(key(cached.db, cached.ada, onboarding) == before);

    Daemon newer(cached.db, "v2");
    insert_program(cached.db, cached.ada, onboarding);
    CHECK(newer.claim().hits == 0);
}

TEST_CASE("a key has the documented form, with the hash of the input in base64") {
    Database db = fresh_database();
    std::string ada = new_user(db);
    std::string free = key(db, ada, onboarding);
    std::string head = fmt::format("program:u{}:paidfalse:d", ada);
    CHECK(free.substr(0, head.size()) == head);
    CHECK(free.size() == head.size() + 44);  // 32 bytes in base64
    CHECK(free.back() == '=');
    sql(db, "update public.profiles set trial_ends_at = now() + interval '1 day'");
    CHECK(key(db, ada, onboarding).find(":paidtrue:d") != std::string::npos);
    sql(db, "update public.profiles set trial_ends_at = now() - interval '1 day'");
    CHECK(key(db, ada, onboarding) == free);
    CHECK(key(db, ada, onboarding, "v2") != free);
}

TEST_CASE("a key is the hash of canonical JSON, whatever stands in names and onboardings") {
    Database db = fresh_database();
    for (std::string name : {R"(Ada)", R"(O''Brien "Bo" \ {}, )", "\u00e9\t\n\u2028\U0001F600", ""})
        for (std::string asked :
             {R"({"b": 1.50, "aa": [1, "x\u0041"], "a": null})", "null", "[1]", "7", "{}"}) {
            CAPTURE(name);
            CAPTURE(asked);
            CHECK(value(db, fmt::format("select t::jsonb::text = t from spotter.training_program_text('{}', "
                                        "row(true, E'{}', null, 'Beginner', 'kg', '{{\"x\": 2}}')) t",
                                        asked, name)) == "t");
        }
}

TEST_CASE("raw onboarding in pounds and the same as stored in kilograms have one key") {
    Database db = fresh_database();
    std::string ada = new_user(db);
    sql(db, "update public.profiles set experience_level = 'Advanced', weight_unit = 'lbs'");
    std::string stored = key(db, ada, R"({"primaryGoal": "G", "squat1RMEstimate": 102,
                                          "benchPress1RMEstimate": 79.5})");
    for (std::string_view raw :
         {R"({"primaryGoal": "G", "squat1RMEstimate": 225, "benchPress1RMEstimate": 175.3,
              "experienceLevel": "Advanced", "weightUnit": "lbs"})",
          R"({"primaryGoal": "G", "squat1RMEstimate": 225.0, "benchPress1RMEstimate": 175.30,
              "experienceLevel": "Advanced", "weightUnit": "lbs"})",
          R"({"primaryGoal": "G", "squat1RMEstimate": 102.00, "benchPress1RMEstimate": 79.5,
              "experienceLevel": null, "weightUnit": null})",
          R"({"primaryGoal": "G", "squat1RMEstimate": 102.058, "benchPress1RMEstimate": 79.514})"}) {
        CAPTURE(raw);
        CHECK(key(db, ada, raw) == stored);
    }
}

TEST_CASE("pounds are made kilograms however the unit and the number are written") {
    Database db = fresh_database();
    auto squat = [&](const std::string& given, const std::string& unit_of_profile) {
        return value(db,
                     fmt::format("select spotter.training_program_input(null, '{}', row(false, null, null, "
                                 "null, '{}', null)) #>> '{{onboarding,squat1RMEstimate}}'",
                                 given, unit_of_profile));
    };
    for (std::string unit : {"lbs", "LBS", " Lbs.", "lb", "pounds"})
        for (std::string number : {"225", "\"225\"", "\" 225.0 \"", "2.25e2", "\"2.25e2\""}) {
            CAPTURE(unit);
            CAPTURE(number);
            CHECK(squat(fmt::format(R"({{"weightUnit": "{}", "squat1RMEstimate": {}}})", unit, number),
                        "kg") == "102");
        }
    CHECK(squat(R"({"weightUnit": "kg", "squat1RMEstimate": 225})", "lbs") == "225");
    CHECK(squat(R"({"squat1RMEstimate": 225})", "lbs") == "225");
    CHECK(squat(R"({"weightUnit": "lbs", "squat1RMEstimate": "heavy"})", "lbs") == "heavy");
    CHECK(squat(R"({"weightUnit": "lbs", "squat1RMEstimate": -5})", "lbs") == "-5");
    CHECK(squat(R"({"weightUnit": "lbs"})", "lbs") == "");
}

TEST_CASE("without a snapshot the profile's answers are the onboarding") {
    Cached cached;
    sql(cached.db, fmt::format("update public.profiles set onboarding_responses = '{}'", onboarding));
    insert_program(cached.db, cached.ada, onboarding);
    cached.daemon.settle(
        completion(cached.daemon.claim_one()));  // what was cached was forgotten with the profile
    for (std::string_view nothing : {"{}", "null"}) {
        CAPTURE(nothing);
        CHECK(cached.hits(cached.ada, nothing));
    }
    sql(cached.db, fmt::format("insert into public.training_programs (user_id) values ('{}')", cached.ada));
    CHECK(cached.daemon.claim().hits == 1);
}

TEST_CASE("expiry takes programs that are too old and nothing else") {
    Cached cached;
    insert_program(cached.db, cached.ada, R"({"primaryGoal": "Another"})");
    cached.daemon.settle(completion(cached.daemon.claim_one()));
    sql(cached.db,
        fmt::format("update public.ai_coach_cache set expires_at = now() - interval '1 s' "
                    "where cache_key = (select min(cache_key) from public.ai_coach_cache);"
                    "insert into public.ai_coach_cache (cache_key, user_id, recommendation, expires_at) "
                    "values ('tip:1', '{}', '{{}}', now() - interval '1 day')",
                    cached.ada));
    CHECK(run(spotter::cache::trim(cached.daemon.pool(), "training_program", {}, 10)).value() == 1);
    CHECK(run(spotter::cache::trim(cached.daemon.pool(), "training_program", {}, 10)).value() == 0);
    CHECK(value(cached.db, "select count(*) from public.ai_coach_cache") == "2");
}

}  // namespace claim_cache_test
