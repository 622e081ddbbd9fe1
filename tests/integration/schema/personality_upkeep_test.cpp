#include <doctest/doctest.h>

#include "integration/schema/personality.hpp"

// How the cache of personalities is kept: use, limits, invalidation, figures.

namespace personality_upkeep_test {

using namespace spotter::test;

namespace {

struct Kept : Personality {
    /// `n` users with an entry each, the first used longest ago.
    void fill(int n) const {
        sql(db, fmt::format("insert into auth.users (id) select ('00000000-0000-4000-8000-' || lpad(n::text, "
                            "12, '0'))::uuid "
                            "from generate_series(1, {0}) n; "
                            "insert into public.personality_cache (user_id, analysis_data, last_used_at) "
                            "select '00000000-0000-4000-8000-' || lpad(n::text, 12, '0'), {1}, "
                            "now() - make_interval(hours => {0} - n) from generate_series(1, {0}) n",
                            n, literal(analysis())));
    }
    std::string trim(const std::string& limits, int batch = 1000) const {
        return value(db, fmt::format("select spotter.personality_trim({}, {})", limits, batch));
    }
    void use(const std::string& user, int hits, int misses) const {
        sql(db, fmt::format(
                    "select spotter.personality_used(array['personality:u{}', 'personality:d', 'nonsense'], "
                    "array[{}, 1, 1], array[{}, 1, 1], array[now(), now(), now()])",
                    user, hits, misses));
    }
    std::string forget(const std::string& user, const std::string& key) const {
        return value(db, fmt::format("select spotter.personality_forget({}, {})", user, key));
    }
};

std::string user(int n) {
    return fmt::format("00000000-0000-4000-8000-{:012}", n);
}

}  // namespace

TEST_CASE("a personality is looked up by an index, however a daemon planned it") {
    Kept app;
    app.fill(2000);
    sql(app.db, "analyze public.personality_cache");
    for (const char* mode : {"force_custom_plan", "force_generic_plan"}) {
        pqxx::connection connection(app.db.dsn());
        pqxx::work transaction(connection);
        transaction.exec(fmt::format(
            "set local plan_cache_mode = {}; set local role spotter_worker; prepare look(uuid) as select e.* "
            "from "
            "(select $1 as user_id) x left join lateral spotter.personality_entry(x.user_id, '') e on true",
            mode));
        std::string plan;
        for (auto row : transaction.exec(fmt::format("explain (costs off) execute look('{}')", user(7))))
            plan += row[0].c_str();
        CAPTURE(plan);
        CHECK(plan.find("Index Scan using personality_cache_owner") != plan.npos);
        CHECK(plan.find("Seq Scan") == plan.npos);
    }
}

TEST_CASE("what is used is counted, and counting renews nothing, not even under an app's trigger") {
    Kept app;
    app.save(app.ada);
    sql(app.db,
        "update public.personality_cache set updated_at = now() - interval '8 days', "
        "last_used_at = now() - interval '8 days'; "
        "create function public.touch() returns trigger language plpgsql as "
        "$$ begin new.updated_at := now(); return new; end $$; "
        "create trigger set_updated_at before update on public.personality_cache "
        "for each row execute function public.touch()");
    app.use(app.ada, 3, 1);
    app.use(app.ada, 2, 0);
    CHECK(app.cached(app.ada, "hits || ' ' || misses") == "5 1");
    CHECK(app.cached(app.ada, "last_used_at > now() - interval '1 minute'") == "true");
    CHECK(app.entry(app.ada, "is_stale") == "true");
}

TEST_CASE("an entry that somebody has locked is not counted, and nobody waits for it") {
    Kept app;
    app.save(app.ada);
    pqxx::connection connection(app.db.dsn());
    pqxx::work holder(connection);
    holder.exec("select from public.personality_cache for update");
    app.use(app.ada, 3, 1);
    CHECK(app.trim("0, null") == "0");
    holder.commit();
    CHECK(app.cached(app.ada, "hits") == "0");
}

TEST_CASE("beyond a limit the least recently used entries go first, batch by batch") {
    Kept app;
    app.fill(20);
    CHECK(app.trim("null, null") == "0");
    CHECK(app.trim("20, 1000000000") == "0");
    CHECK(app.trim("15, null", 3) == "3");
    CHECK(value(app.db, "select min(user_id) from public.personality_cache") == user(4));
    CHECK(app.trim("15, null", 3) == "2");
    CHECK(app.trim("15, null", 3) == "0");
    CHECK(value(app.db, "select min(user_id) from public.personality_cache") == user(6));

    std::string of_ten =
        value(app.db, "select 10 * pg_column_size(analysis_data) from public.personality_cache limit 1");
    CHECK(app.trim("null, " + of_ten) == "5");
    CHECK(app.trim("null, " + of_ten) == "0");
    CHECK(value(app.db, "select min(user_id) from public.personality_cache") == user(11));
    CHECK(app.trim("0, 0") == "10");
}

TEST_CASE("two that trim at once do not take what is too much twice") {
    Kept app;
    app.fill(10);
    pqxx::connection other(app.db.dsn());
    pqxx::work transaction(other);
    CHECK(transaction.exec1("select spotter.personality_trim(6, null, 100)")[0].as<int>() == 4);
    CHECK(app.trim("6, null") == "0");
    transaction.commit();
    CHECK(app.trim("6, null") == "0");
    CHECK(value(app.db, "select count(*) from public.personality_cache") == "6");
}

TEST_CASE("an entry that nobody used or renewed for 90 days has had its time, and a stale one has not") {
    Kept app;
    app.fill(3);
    sql(app.db, "update public.personality_cache set updated_at = now() - interval '91 days'");
    sql(app.db, fmt::format("update public.personality_cache set last_used_at = now() - interval '91 days' "
                            "where user_id in ('{}', '{}')",
                            user(1), user(2)));
    sql(app.db,
        fmt::format("update public.personality_cache set updated_at = now() where user_id = '{}'", user(2)));
    CHECK(app.trim("null, null") == "1");
    CHECK(app.trim("null, null") == "0");
    CHECK(value(app.db, "select string_agg(user_id, ' ' order by id) from public.personality_cache") ==
          user(2) + " " + user(3));
}

TEST_CASE(
    "document 4, lines 101 and 180: to invalidate is to mark, the analysis is there until it is renewed") {
    Kept app;
    app.fill(3);
    CHECK(app.forget(literal(user(1)), "null") == "1");
    CHECK(app.forget(literal(user(1)), "null") == "0");
    CHECK(app.entry(user(1), "is_stale") == "true");
    CHECK(app.entry(user(1), "content ->> 'summary'") == "Writes about trains.");
    CHECK(app.entry(user(2), "is_stale") == "false");
    CHECK(app.forget("null", literal("personality:u" + user(2))) == "1");
    CHECK(app.forget(literal(user(3)), literal("personality:u" + user(2))) == "0");
    CHECK(app.forget("null", "'personality:u'") == "0");
    CHECK(app.forget("null", "null") == "1");

    app.save(user(1));
    CHECK(app.entry(user(1), "is_stale") == "false");
}

TEST_CASE("figures say how full the cache is and what is due to be renewed, and nothing is refreshed ahead") {
    Kept app;
    auto figures = [&](const std::string& of) {
        return value(app.db, fmt::format("select ({})::text from spotter.personality_figures()", of));
    };
    CHECK(figures("entries || ' ' || expired") == "0 0");
    CHECK(figures("oldest is null") == "true");
    app.fill(4);
    CHECK(app.forget(literal(user(1)), "null") == "1");
    sql(app.db, fmt::format("update public.personality_cache set updated_at = now() - interval '8 days' "
                            "where user_id = '{}'",
                            user(2)));
    CHECK(figures("entries || ' ' || expired") == "4 2");
    CHECK(figures("bytes > 0") == "true");
    CHECK(figures("oldest < now() - interval '7 days'") == "true");
    CHECK(value(app.db, "select count(*) from spotter.personality_expiring(interval '8 days', 10)") == "0");
}

}  // namespace personality_upkeep_test
