#include <doctest/doctest.h>

#include <future>

#include "integration/schema/personality.hpp"
#include "support/wait.hpp"

// Document 4's cache: one entry a user, 7 days, served stale while it is renewed.

namespace personality_cache_test {

using namespace spotter::test;

TEST_CASE(
    "document 4, lines 452, 453: who asks again within 7 days is answered from the cache, new posts or not") {
    Personality app;
    app.ask(app.ada, "I like trains and tea.");
    auto claim = app.claim();
    REQUIRE(claim.rows.size() == 1);
    CHECK(claim.rows[0].input == R"({"posts": ["I like trains and tea."]})");
    CHECK(claim.rows[0].cache_key == "personality:u" + app.ada);
    CHECK(app.answer(claim.rows[0]) == "");

    app.age("6 days 23 hours");
    std::string id = app.ask(app.ada, "By now I like planes and coffee.");
    CHECK(app.claim().hits == 1);
    CHECK(app.of(id, "result -> 'summary'") == R"("Writes about trains.")");
    CHECK(
        app.of(id, "generation_metadata - 'cachedAt' - 'processingTimestamp'") ==
        R"({"age": 601200, "calls": 0, "model": "a-model", "source": "cache", "isStale": false, "version": 1, )"
        R"("attempts": 0})");
    CHECK(app.claim().looked_at == 0);
}

TEST_CASE("nobody is answered with another user's analysis") {
    Personality app;
    app.save(app.ada);
    app.ask(app.bob);
    CHECK(app.claim().rows.size() == 1);
    CHECK(value(app.db, fmt::format("select count(*) from spotter.personality_entry('{}', 'personality:u{}')",
                                    app.bob, app.ada)) == "0");
}

TEST_CASE("document 4, line 355: a stale analysis answers at once, with its age, and one refresh renews it") {
    Personality app;
    app.save(app.ada, analysis(7));
    app.age("8 days");
    std::string first = app.ask(app.ada, "I like planes and coffee."),
                second = app.ask(app.ada, "I like cars and milk.");
    auto claim = app.claim();
    CHECK(claim.hits == 2);
    for (const std::string& id : {first, second}) {
        CHECK(app.of(id, "generation_status") == "completed");
        CHECK(app.of(id, "result #> '{traits,0,score}'") == "7");
        CHECK(app.of(id, "generation_metadata ->> 'isStale'") == "true");
        CHECK(app.of(id, "generation_metadata ->> 'age'") == "691200");
    }

    std::string refresh =
        value(app.db, fmt::format("select id from public.generation_requests where id not in "
                                  "('{}', '{}')",
                                  first, second));
    CHECK(app.of(refresh, "generation_priority") == "9");
    auto rows = app.claim().rows;
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].lease.id == refresh);
    // It asks what a row asked that found the entry stale.
    bool newest = rows[0].input == R"({"posts": ["I like cars and milk."]})" ||
                  rows[0].input == R"({"posts": ["I like planes and coffee."]})";
    CHECK(newest);
    app.ask(app.ada);
    CHECK(app.claim().hits == 1);  // meanwhile the old one goes on answering

    CHECK(app.answer(rows[0], analysis(9)) == "");
    CHECK(app.entry(app.ada, "is_stale") == "false");
    CHECK(app.entry(app.ada, "content #> '{traits,0,score}'") == "9");
    CHECK(app.entry(app.ada, "metadata -> 'version'") == "2");
}

TEST_CASE("an entry whose user asked what could not be asked today is renewed all the same") {
    Personality app;
    app.save(app.ada);
    app.age("8 days");
    std::string id = app.ask(app.ada);
    sql(app.db,
        "set session_replication_role = replica; "
        "update public.generation_requests set input = '{\"posts\": []}'");
    CHECK(app.claim().hits == 1);
    CHECK(value(app.db, "select count(*) from public.generation_requests where input = '{\"posts\": []}'") ==
          "2");
}

TEST_CASE("an entry is stale when it is marked, past its life, older than 7 days, or of no known age") {
    Personality app;
    auto stale_after = [&](const std::string& change) {
        app.save(app.ada);
        if (!change.empty()) sql(app.db, "update public.personality_cache set " + change);
        return app.entry(app.ada, "is_stale") == "true";
    };
    CHECK(!stale_after(""));
    CHECK(!stale_after("updated_at = now() - interval '6 days 23 hours'"));
    CHECK(stale_after("updated_at = now() - interval '7 days'"));
    CHECK(stale_after("is_stale = true"));
    CHECK(!stale_after("life = interval '2 days', updated_at = now() - interval '1 day'"));
    CHECK(stale_after("life = interval '1 day', updated_at = now() - interval '2 days'"));
    CHECK(stale_after("is_stale = null"));
    CHECK(stale_after("updated_at = null"));
    CHECK(!stale_after("updated_at = now() + interval '1 hour'"));
    CHECK(app.entry(app.ada, "metadata -> 'age'") == "0");
}

TEST_CASE(
    "document 4, line 103: an analysis that says nothing new renews the age of the old one, and no more") {
    Personality app;
    app.save(app.ada, analysis(7, 3, "positive", "The first."));
    app.age("8 days");
    app.save(app.ada, analysis(8, 3, "positive", "The second."));
    CHECK(app.cached(app.ada, "version") == "1");
    CHECK(app.cached(app.ada, "analysis_data ->> 'summary'") == "The first.");
    CHECK(app.entry(app.ada, "is_stale") == "false");
    CHECK(app.entry(app.ada, "metadata -> 'age'") == "0");

    app.save(app.ada, analysis(9, 3, "positive", "The third."));
    CHECK(app.cached(app.ada, "version") == "2");
    CHECK(app.cached(app.ada, "analysis_data ->> 'summary'") == "The third.");
    CHECK(app.cached(app.ada, "created_at < updated_at") == "true");
    CHECK(app.count() == "1");
}

TEST_CASE("who read an older version is told so when they save, and changes nothing") {
    // A fault of the original: the version was never compared.
    Personality app;
    auto save = [&](const std::string& user, int openness, const std::string& read_version) {
        return as_role(app.db, "service_role", "",
                       fmt::format("select spotter.personality_save('{}', {}, {})", user,
                                   literal(analysis(openness)), read_version));
    };
    auto said = save(app.ada, 1, "1");
    CHECK(said.sqlstate == "PT409");
    CHECK(said.message.find("there is no analysis, and version 1 was read") != std::string::npos);
    CHECK(save(app.ada, 1, "null").rows[0][0].as<int>() == 1);
    CHECK(save(app.ada, 4, "1").rows[0][0].as<int>() == 2);
    said = save(app.ada, 9, "1");
    CHECK(said.sqlstate == "PT409");
    CHECK(said.message.find("of version 2, and version 1 was read") != std::string::npos);
    CHECK(app.cached(app.ada, "analysis_data #> '{traits,0,score}'") == "4");
    CHECK(save(app.ada, 9, "2").rows[0][0].as<int>() == 3);
}

TEST_CASE("document 4, line 454: entries of more than 5 MB and what is no object are refused, in words") {
    Personality app;
    app.ask(app.ada);
    auto row = app.claim().rows.at(0);
    std::string large =
        fmt::format(R"({{"summary": "{}", "traits": []}})", std::string(5 * 1024 * 1024, 'x'));
    CHECK(app.answer(row, large) == "the analysis takes 5242909 bytes; 5 MB are the most, 5242880 bytes");
    CHECK(app.of(row.lease.id, "generation_status") == "completed");
    CHECK(app.count() == "0");

    app.ask(app.ada);
    CHECK(app.answer(app.claim().rows.at(0), "[]") ==
          "analysis_data is to be a JSON object, and is of type array");
    app.ask(app.ada);
    large.erase(13, 29);
    CHECK(app.answer(app.claim().rows.at(0), large) == "");
    CHECK(app.count() == "1");
}

TEST_CASE(
    "what somebody wrote into an entry by hand is no analysis: it answers nobody, and is written over") {
    Personality app;
    for (const char* nonsense : {"{}", R"({"traits": "many"})", R"({"summary": 5, "traits": []})",
                                 R"({"summary": "x", "traits": null})", R"({"summary": "x", "traits": []})",
                                 R"({"summary": "x", "traits": [{"name": "Humor"}]})",
                                 R"({"summary": " ", "traits": [{"name": "Humor", "score": 5}]})",
                                 R"({"summary": "x", "traits": [{"name": "Humor", "score": 42}]})",
                                 R"({"summary": "x", "traits": [{"name": "Humor", "score": 5}],
                                     "communicationStyle": {"formality": 700}})",
                                 R"({"summary": "x", "traits": [{"name": "Humor", "score": 5}, "Wit"]})"}) {
        CAPTURE(nonsense);
        app.save(app.ada);
        sql(app.db, fmt::format("update public.personality_cache set analysis_data = {}", literal(nonsense)));
        app.ask(app.ada);
        auto claim = app.claim();
        REQUIRE(claim.rows.size() == 1);
        CHECK(app.answer(claim.rows[0]) == "");
        CHECK(app.entry(app.ada, "content ->> 'summary'") == "Writes about trains.");
    }
}

TEST_CASE(
    "an analysis of ours that a hand has changed answers nobody, and is made anew, though the scores are the "
    "same") {
    Personality app;
    app.save(app.ada);
    sql(app.db,
        "update public.personality_cache set analysis_data = analysis_data || '{\"summary\": \"nonsense\"}'");
    app.ask(app.ada);
    CHECK(app.claim().hits == 0);
    app.save(app.ada);
    CHECK(app.entry(app.ada, "content ->> 'summary'") == "Writes about trains.");
    CHECK(app.entry(app.ada, "is_stale") == "false");
}

TEST_CASE(
    "an analysis that an app wrote by plain SQL answers as it stands, and is not taken for changed by hand") {
    Personality app;
    sql(app.db, fmt::format("insert into public.personality_cache (user_id, analysis_data) values ('{}', {})",
                            app.ada, literal(analysis())));
    CHECK(app.entry(app.ada, "is_stale") == "false");
}

TEST_CASE("an entry whose time is none is stale, and keeps no other from being served") {
    Personality app;
    app.save(app.ada);
    app.save(app.bob);
    for (const char* never : {"infinity", "-infinity"}) {
        CAPTURE(never);
        sql(app.db, fmt::format("update public.personality_cache set updated_at = '{}' where user_id = '{}'",
                                never, app.ada));
        CHECK(app.entry(app.ada, "is_stale") == "true");
        CHECK(value(app.db, fmt::format("select is_stale from public.tuned_personality('{}')", app.ada)) ==
              "t");
        app.ask(app.ada);
        app.ask(app.bob);
        CHECK(app.claim().hits == 2);
    }
}

TEST_CASE("what is no analysis is not saved") {
    Personality app;
    auto refused = [&](const std::string& content) {
        return as_role(app.db, "service_role", "",
                       fmt::format("select spotter.personality_save('{}', {})", app.ada, literal(content)))
            .sqlstate;
    };
    CHECK(refused(R"({"summary": "x", "traits": [{"name": "Humor", "score": 700}]})") == "22023");
    CHECK(refused("{}") == "22023");
    CHECK(value(app.db, "select count(*) from public.personality_cache") == "0");
}

TEST_CASE(
    "who asks without a user is answered by what they ask, and shares no more than what is in the air") {
    Personality app;
    app.ask("", "I like trains and tea.");
    app.ask("", "I like trains and tea.");
    app.ask("", "I like planes and coffee.");
    auto claim = app.claim();
    CHECK(claim.rows.size() == 2);
    CHECK(claim.parked == 1);
    for (const auto& row : claim.rows) {
        CHECK(row.cache_key.starts_with("personality:d"));
        CHECK(row.cache_key.size() == 57);
        CHECK(app.answer(row) == "");
    }
    CHECK(app.count() == "0");
}

TEST_CASE("a user's second row waits for the first, whatever it asks") {
    Personality app;
    app.ask(app.ada, "I like trains and tea.");
    std::string second = app.ask(app.ada, "I like planes and coffee.");
    auto claim = app.claim();
    CHECK(claim.parked == 1);
    REQUIRE(claim.rows.size() == 1);
    CHECK(app.answer(claim.rows[0]) == "");
    CHECK(app.of(second, "generation_status") == "completed");
}

TEST_CASE("an entry goes with its user") {
    Personality app;
    app.save(app.ada);
    app.save(app.bob);
    sql(app.db, fmt::format("delete from auth.users where id = '{}'", app.ada));
    CHECK(value(app.db, "select string_agg(user_id, ' ') from public.personality_cache") == app.bob);
}

TEST_CASE("two sessions that save for the same users make one entry of each, and never wait in a ring") {
    Personality app;
    auto [low, high] = std::minmax(app.ada, app.bob);
    pqxx::connection connection(app.db.dsn());
    pqxx::work first(connection);
    first.exec(Personality::saving(low, analysis(2)));
    auto second = std::async(std::launch::async, [&] {
        return as_role(
            app.db, "spotter_worker", "",
            fmt::format(
                "select spotter.personality_cache(array[{0}'{2}', '{2}'{1}, {0}'{3}', '{3}'{1}])",
                "row('personality:u' || ",
                fmt::format(", null, {}, null, null, null, null)::spotter.cache_entry", literal(analysis(8))),
                high, low));
    });
    // It begins with the lower key although that comes last, and so it holds nothing that the first needs.
    CHECK(eventually([&] {
        return value(app.db,
                     "select count(*) from pg_stat_activity where datname = current_database() "
                     "and wait_event_type = 'Lock'") == "1";
    }));
    first.exec(Personality::saving(high, analysis(2)));
    first.commit();
    CHECK(second.get().message == "");
    CHECK(app.count() == "2");
    for (const std::string& user : {low, high}) {
        CHECK(app.cached(user, "version") == "2");
        CHECK(app.cached(user, "analysis_data #> '{traits,0,score}'") == "8");
    }
}

}  // namespace personality_cache_test
