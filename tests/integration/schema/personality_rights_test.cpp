#include <doctest/doctest.h>

#include "integration/schema/personality.hpp"

// Faults of the original: any signed-in user could read, write or invalidate anybody's analysis.

namespace personality_rights_test {

using namespace spotter::test;

namespace {

const std::string insufficient_privilege = "42501";

struct Two : Personality {
    Two() {
        save(ada);
        save(bob);
        sql(db,
            fmt::format(
                "insert into public.personality_tuning values ('{}', '{{\"style\": {{\"formality\": 90}}}}')",
                bob));
    }
    Said as_ada(const std::string& statement) const { return as_role(db, "authenticated", ada, statement); }
    std::string untouched() const {
        return value(db, fmt::format(
                             "select string_agg(row(c.xmin, c)::text, '') from public.personality_cache c "
                             "where user_id = '{}'",
                             bob)) +
               value(db,
                     fmt::format(
                         "select row(t.xmin, t)::text from public.personality_tuning t where user_id = '{}'",
                         bob));
    }
};

}  // namespace

TEST_CASE("a user reads their own analysis and nobody else's") {
    Two app;
    auto seen = app.as_ada("select user_id from public.personality_cache");
    REQUIRE(seen.rows.size() == 1);
    CHECK(seen.rows[0][0].c_str() == app.ada);
    CHECK(app.as_ada("select * from public.tuned_personality()").rows.size() == 1);
    CHECK(app.as_ada(fmt::format("select * from public.tuned_personality('{}')", app.bob)).rows.empty());
    CHECK(app.as_ada("select * from public.personality_tuning").rows.empty());
}

TEST_CASE("a user has their own analysis renewed or deletes it, and can do neither with another's") {
    Two app;
    std::string before = app.untouched();
    CHECK(app.as_ada("update public.personality_cache set is_stale = true").rows.affected_rows() == 1);
    CHECK(app.entry(app.ada, "is_stale") == "true");
    CHECK(app.as_ada(fmt::format("delete from public.personality_cache where user_id = '{}'", app.bob))
              .rows.affected_rows() == 0);
    CHECK(app.as_ada("delete from public.personality_cache").rows.affected_rows() == 1);
    CHECK(app.untouched() == before);
}

TEST_CASE("no user writes what is served as an analysis, not even their own") {
    Two app;
    std::string before = app.untouched();
    for (const std::string& statement :
         {fmt::format("insert into public.personality_cache (user_id, analysis_data) values ('{}', '{{}}')",
                      app.ada),
          fmt::format("insert into public.personality_cache (user_id, analysis_data) values ('{}', '{{}}') "
                      "on conflict (user_id) do update set is_stale = true",
                      app.bob),
          std::string("update public.personality_cache set analysis_data = '{}'"),
          std::string("update public.personality_cache set updated_at = now()"),
          std::string("update public.personality_cache set version = 9"),
          std::string("update public.personality_cache set is_stale = true, hits = 9"),
          std::string("update public.personality_cache set is_stale = false"),
          std::string("update public.personality_cache set is_stale = null"),
          std::string("truncate public.personality_cache"),
          fmt::format("select spotter.personality_save('{}', '{{}}')", app.ada),
          fmt::format("select * from spotter.personality_entry('{}', '')", app.bob),
          std::string("select spotter.personality_forget(null, null)")}) {
        CAPTURE(statement);
        CHECK(app.as_ada(statement).sqlstate == insufficient_privilege);
    }
    CHECK(app.untouched() == before);
}

TEST_CASE("a user tunes their own analysis and nobody else's") {
    Two app;
    std::string before = app.untouched();
    CHECK(app.as_ada("select public.tune_personality(auth.uid(), '{\"style\": {\"formality\": 80}}')").ok());
    for (const char* tuning : {"'{\"style\": {\"formality\": 80}}'", "'{}'", "null"}) {
        CAPTURE(tuning);
        CHECK(app.as_ada(fmt::format("select public.tune_personality('{}', {})", app.bob, tuning)).sqlstate ==
              insufficient_privilege);
    }
    CHECK(app.as_ada(fmt::format("update public.personality_tuning set user_id = '{}'", app.bob)).sqlstate ==
          insufficient_privilege);
    CHECK(app.as_ada("update public.personality_tuning set tuning = '{}'").rows.affected_rows() == 1);
    CHECK(app.as_ada("delete from public.personality_tuning").rows.affected_rows() == 1);
    CHECK(app.untouched() == before);
}

TEST_CASE("who has not signed in sees and does nothing") {
    Two app;
    for (const char* statement :
         {"select * from public.personality_cache", "select * from public.personality_tuning",
          "delete from public.personality_cache", "update public.personality_cache set is_stale = true",
          "select * from public.tuned_personality()", "select public.tune_personality(auth.uid(), '{}')",
          "select public.tune_analysis('{}', '{}')", "select spotter.personality_figures()"}) {
        CAPTURE(statement);
        CHECK(as_role(app.db, "anon", "", statement).sqlstate == insufficient_privilege);
    }
}

TEST_CASE("the service and the daemon's own role read, keep and tune every analysis") {
    Two app;
    for (const char* role : {"service_role", "spotter_worker"}) {
        CAPTURE(role);
        auto as = [&](const std::string& statement) { return as_role(app.db, role, "", statement).message; };
        CHECK(as_role(app.db, role, "", "select * from public.personality_cache").rows.size() == 2);
        CHECK(as_role(app.db, role, "", fmt::format("select * from public.tuned_personality('{}')", app.ada))
                  .rows.size() == 1);
        CHECK(as(Personality::saving(app.ada, analysis(1))) == "");
        CHECK(as(fmt::format("select spotter.personality_save('{}', {})", app.ada, literal(analysis(9)))) ==
              "");
        CHECK(as(fmt::format("select public.tune_personality('{}', '{{}}')", app.ada)) == "");
        CHECK(as("select spotter.personality_key(null, '{}', null, 'v'), spotter.personality_input(null, "
                 "'{}', null)") == "");
        CHECK(as("select * from spotter.personality_entry(null, '')") == "");
        CHECK(as("select spotter.personality_used('{}', '{}', '{}', '{}'), spotter.personality_trim(9, 9, "
                 "0)") == "");
        CHECK(as("select spotter.personality_forget(null, null), spotter.personality_figures()") == "");
        CHECK(as("select * from spotter.personality_expiring('1 day', 9)") == "");
        CHECK(as("update public.personality_cache set is_stale = false") == "");
        CHECK(as_role(app.db, role, "", "select spotter.personality_table()").sqlstate ==
              insufficient_privilege);
    }
}

}  // namespace personality_rights_test
