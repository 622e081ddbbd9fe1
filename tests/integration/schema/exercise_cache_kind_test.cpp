#include <doctest/doctest.h>

#include <optional>

#include "db/session.hpp"
#include "integration/schema/exercise_cache.hpp"

// The cache of exercises as the daemon keeps it: schema/0010_kinds.sql says what each function is for.

namespace exercise_cache_kind_test {

using namespace spotter::test;

namespace {

std::string about(std::string_view topic, int difficulty = 3) {
    return fmt::format(R"({{"type": "contextual_fill", "difficulty": {}, "topics": ["{}"]}})", difficulty,
                       topic);
}

std::string keys_left(const Exercises& app) {
    return app.value(
        "select coalesce(string_agg(cache_key, ', ' order by cache_key), '') from public.exercise_cache");
}

void used(const Exercises& app, const std::string& key, int hits, const std::string& last = "now()") {
    app.sql(
        fmt::format("select spotter.exercise_used(array['{}', 'no such key'], array[{}, 1], array[1, 1], "
                    "array[{}, now()])",
                    key, hits, last));
}

/// How a session that has claimed before would claim now.
std::string plan_of_claim(spotter::db::Session& session) {
    pqxx::nontransaction transaction(session.connection());
    std::string lines;
    for (const auto& row : transaction.exec(
             "explain execute claim_exercise_request (200, null, 60, 100, 16, 'v1', 1, null, 1)"))
        lines += std::string(row[0].c_str()) + "\n";
    return lines;
}

}  // namespace

TEST_CASE(
    "a claim looks an exercise's entry up by its key, though it was planned while the cache was empty") {
    Exercises app;
    spotter::db::Session session({.dsn = app.worker});
    for (int i = 0; i < 8; ++i)
        session.run(app.lane().claim, 200, std::optional<double>(), 60.0, 100, 16, "v1", 1,
                    std::optional<int>(), 1.0);
    for (const char* when : {"empty", "filled", "with figures"}) {
        CAPTURE(when);
        if (when == std::string("filled")) app.fill(1, 10000);
        if (when == std::string("with figures")) app.sql("analyze public.exercise_cache");
        std::string plan = plan_of_claim(session);
        CAPTURE(plan);
        bool by_key = plan.find("Index Scan using idx_exercise_cache_key") != plan.npos ||
                      plan.find("Index Scan using idx_exercise_lookup") != plan.npos;
        CHECK(by_key);
        CHECK(plan.find("Seq Scan on exercise_cache") == plan.npos);
    }
}

TEST_CASE("an entry that somebody made into something else by hand answers nobody, and is written anew") {
    Exercises app;
    app.cache({about("colors")});
    for (const char* nonsense : {"exercise_data = 'null'", "exercise_data = '[1]'", "exercise_data = '{}'",
                                 R"(exercise_data = '{"type": "term_matching"}')",
                                 R"(exercise_data = '{"type": "contextual_fill"}')", "exercise_type = 'quiz'",
                                 "exercise_data = exercise_data || '{\"sentence\": \"nonsense\"}'"}) {
        CAPTURE(nonsense);
        app.sql(fmt::format("update public.exercise_cache set {}", nonsense));
        app.sql("update public.exercise_cache set expires_at = now() + interval '1 day'");  // that revives it
        CHECK_FALSE(app.cached(about("colors")));
        app.cache({about("colors")});
        CHECK(app.cached(about("colors")));
    }
}

TEST_CASE("an entry that an app put under a key of ours, unchecked, answers nobody, and is written over") {
    Exercises app;
    app.sql(fmt::format(
        "insert into public.exercise_cache (cache_key, exercise_type, exercise_data, user_context_hash, "
        "difficulty) "
        "values ('{}', 'contextual_fill', '{{\"type\": \"contextual_fill\", \"junk\": 1}}', 'h', 1)",
        app.key(about("colors"))));
    CHECK_FALSE(app.cached(about("colors")));
    app.cache({about("colors")});
    CHECK(app.cached(about("colors")));
}

TEST_CASE("entries with times that are none keep the lists of entries from nobody") {
    Exercises app;
    app.cache({about("colors")});
    app.sql("update public.exercise_cache set created_at = '-infinity', last_used_at = 'infinity'");
    CHECK(app.sql("select * from get_lru_exercises()").size() == 1);
    app.sql("update public.exercise_cache set expires_at = '-infinity', created_at = null");
    CHECK(app.sql("select * from expired_exercises").size() == 1);
    CHECK_FALSE(app.cached(about("colors")));
}

TEST_CASE("an entry keeps what document 3 lists of it, and what its exercise was generated from") {
    Exercises app;
    app.cache(
        {R"({"type": "image_labeling", "difficulty": 2, "topics": [" Birds", "anatomy"], "imageUrl": "/b.svg",
                   "context": {"level": "A1"}})"});
    CHECK(app.value("select format('%s %s %s %s %s', exercise_type, difficulty, topics, generation_cost, "
                    "generation_time_ms) "
                    "from public.exercise_cache") == "image_labeling 2 {anatomy,birds} 0.003000 2000");
    CHECK(
        app.value("select summary -> 'asked' from public.exercise_cache") ==
        R"({"type": "image_labeling", "topics": ["anatomy", "birds"], "imageUrl": "/b.svg", "difficulty": 2})");
    CHECK(app.value("select length(user_context_hash) from public.exercise_cache") == "64");
}

TEST_CASE("what a model's bill does not say is not known, which is not nothing") {
    Exercises app;
    app.sql(
        fmt::format("select spotter.exercise_cache(array[row('k', null, '{}', '{}', '{{}}', '{{\"cost\": "
                    "null}}', 'builtin', "
                    "60)::spotter.cache_entry])",
                    about("colors"), Exercises::exercise("contextual_fill")));
    CHECK(app.value(
              "select generation_cost is null and generation_time_ms is null from public.exercise_cache") ==
          "t");
}

TEST_CASE("an input that is refused is not cached") {
    Exercises app;
    app.sql(fmt::format(
        "select spotter.exercise_cache(array[row('k', null, '{{\"type\": \"quiz\"}}', '{}', '{{}}', '{{}}', "
        "'a-model', 60)::spotter.cache_entry])",
        Exercises::exercise("contextual_fill")));
    CHECK(keys_left(app) == "");
}

TEST_CASE("use is added up; an entry that is locked or gone is passed over") {
    Exercises app;
    app.fill(1, 2);
    used(app, "key 1", 3, "now() + interval '1 minute'");
    used(app, "key 1", 2, "now() - interval '1 hour'");
    CHECK(app.value("select usage_count || ' ' || (last_used_at > now()) from public.exercise_cache "
                    "where cache_key = 'key 1'") == "5 true");
    used(app, "key 1", 2147483647);
    CHECK(app.value("select max(usage_count) from public.exercise_cache") == "2147483647");

    pqxx::connection connection(app.db.dsn());
    pqxx::work writer(connection);
    writer.exec("select from public.exercise_cache where cache_key = 'key 2' for update");
    app.sql(
        "set local lock_timeout = '200ms'; select spotter.exercise_used(array['key 2'], array[1], array[0], "
        "array[now()])");
    writer.commit();
    CHECK(app.value("select usage_count from public.exercise_cache where cache_key = 'key 2'") == "0");
}

TEST_CASE("trimming goes by number, in batches, and does nothing where there is room") {
    Exercises app;
    app.fill(1, 10, ", 0, now() - interval '1 minute' * n");
    CHECK(app.value("select spotter.exercise_trim(null, null, 100)") == "0");
    CHECK(app.value("select spotter.exercise_trim(10, 100000000, 100)") == "0");
    CHECK(app.value("select spotter.exercise_trim(7, null, 2)") == "2");
    CHECK(app.value("select spotter.exercise_trim(7, null, 2)") == "1");
    CHECK(app.value("select spotter.exercise_trim(7, null, 2)") == "0");
    CHECK(keys_left(app) == "key 1, key 2, key 3, key 4, key 5, key 6, key 7");
}

TEST_CASE("trimming goes by what the entries take, not by how large the table once was") {
    Exercises app;
    app.fill(1, 2000, ", 0, now() - interval '1 minute' * n");
    CHECK(app.value("select spotter.exercise_trim(null, 500000, 100000)").size() ==
          4);  // more than a thousand
    std::string left = app.value("select count(*) from public.exercise_cache");
    CHECK(left.size() == 3);
    CHECK(app.value("select pg_total_relation_size('public.exercise_cache') > 500000") == "t");
    CHECK(app.value("select spotter.exercise_trim(null, 500000, 100000)") == "0");
    CHECK(
        app.value(
            "select count(*) from public.exercise_cache where last_used_at > now() - interval '1 minute' * " +
            left + " - interval '30 s'") == left);
}

TEST_CASE("one entry is forgotten, or all; no user has any of their own") {
    Exercises app;
    app.fill(1, 3);
    CHECK(app.value(fmt::format("select spotter.exercise_forget('{}', null)", app.ada)) == "0");
    CHECK(app.value("select spotter.exercise_forget(null, 'key 2')") == "1");
    CHECK(keys_left(app) == "key 1, key 3");
    CHECK(app.value("select spotter.exercise_forget(null, null)") == "2");
}

TEST_CASE("of what expires soon the popular is named, most used first, and asked again it has the same key") {
    Exercises app;
    const std::string picture = R"({"type": "visual_discrimination", "difficulty": 1, "topics": ["Owls"],
                                    "imageUrl": "https://example.org/owl.png", "context": {"level": "A1"}})";
    app.cache({about("colors"), picture, about("unused")}, 600);
    app.cache({about("later")}, 86400);
    used(app, app.key(about("colors")), 2);
    used(app, app.key(picture), 5);
    used(app, app.key(about("later")), 9);
    app.fill(1, 1, ", 50, now()");  // by the app, with a key of its own

    auto soon = app.sql("select user_id, asked, key from spotter.exercise_expiring('1 hour', 10)");
    REQUIRE(soon.size() == 2);
    CHECK(soon[0]["key"].as<std::string>() == app.key(picture));
    CHECK(soon[1]["key"].as<std::string>() == app.key(about("colors")));
    for (const auto& row : soon) {
        CHECK(row["user_id"].is_null());
        CHECK(app.key(row["asked"].as<std::string>()) == row["key"].as<std::string>());
    }
    CHECK(app.sql("select from spotter.exercise_expiring('1 hour', 1)").size() == 1);
    CHECK(app.sql("select from spotter.exercise_expiring('2 days', 10)").size() == 3);
}

TEST_CASE("an entry that is refreshed has to be used again to be popular, and keeps its context") {
    Exercises app;
    app.cache(
        {R"({"type": "contextual_fill", "difficulty": 3, "topics": ["colors"], "context": {"level": "A1"}})"},
        600);
    std::string hash = app.value("select user_context_hash from public.exercise_cache");
    used(app, app.key(about("colors")), 2);
    app.cache({about("colors")}, 600);
    CHECK(app.value("select user_context_hash from public.exercise_cache") == hash);
    CHECK(app.sql("select from spotter.exercise_expiring('1 hour', 10)").size() == 0);
}

TEST_CASE("two that write the same key at once leave one entry") {
    Exercises app;
    const std::string entries =
        fmt::format("array[row('{}', null, '{}', '{}', '{{}}', '{{}}', 'a-model', 60)::spotter.cache_entry]",
                    app.key(about("colors")), about("colors"), Exercises::exercise("contextual_fill"));
    const std::string write = "select spotter.exercise_cache(" + entries + ")";
    pqxx::connection one(app.db.dsn()), two(app.db.dsn());
    pqxx::work first(one), second(two);
    first.exec(write);
    second.exec("set local lock_timeout = '200ms'");
    auto problem = second.exec1("select spotter.try_cache('exercise', " + entries + ")")[0].as<std::string>();
    CHECK(problem.find("lock timeout") != problem.npos);
    first.commit();
    second.exec(write);
    second.commit();
    CHECK(app.value("select count(*) from public.exercise_cache") == "1");
    CHECK(app.cached(about("colors")));
}

TEST_CASE("similar is what was asked for in the same context, and then what shares most topics") {
    Exercises app;
    auto similar = [&](const std::string& arguments) {
        return app.value(
            "select coalesce(string_agg(exercise_type || ' ' || difficulty || ' ' || topics_shared, ', '), "
            "'') "
            "from get_similar_exercises(" +
            arguments + ")");
    };
    app.cache(
        {R"({"type": "contextual_fill", "difficulty": 1, "topics": ["colors", "birds"], "context": {"level": "A1"}})",
         R"({"type": "term_matching", "difficulty": 2, "topics": ["birds", "colors", "trees"]})",
         R"({"type": "term_matching", "difficulty": 3, "topics": ["colors"]})",
         R"({"type": "term_matching", "difficulty": 4, "topics": ["fish"]})"});
    CHECK(similar(R"(array['Birds ', 'colors'], '{"level": "A1"}')") ==
          "contextual_fill 1 2, term_matching 2 2, term_matching 3 1");
    CHECK(similar("array['colors']").starts_with("term_matching 3 1, "));
    CHECK(similar("array['colors'], null, 1") == "term_matching 3 1");
    CHECK(similar("array['stones']") == "");
    CHECK(similar("null") == "");
}

}  // namespace exercise_cache_kind_test
