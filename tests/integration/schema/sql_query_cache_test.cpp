#include <doctest/doctest.h>

#include <set>
#include <thread>

#include "integration/schema/sql_query_fixture.hpp"

// public.ai_worker_cache as the daemon uses it.

namespace sql_query_cache_test {

using namespace spotter::test;

namespace {

std::string key(const Database& db, const std::string& asked, const std::string& versions = "v1") {
    return value(db, fmt::format("select spotter.sql_query_key(null, {}, null, {})", literal(asked),
                                 literal(versions)));
}

long trim(const Database& db, const std::string& limits) {
    return std::stol(value(db, fmt::format("select spotter.sql_query_trim({})", limits)));
}

const std::string question = R"({"prompt": "Get all users"})";

}  // namespace

TEST_CASE("a question is answered once, and from the cache after that, to whoever asks") {
    Database db = fresh_database();
    SqlDaemon daemon(db);
    ask(db, question);
    auto row = daemon.claim_one();
    CHECK(row.kind == "sql_query");
    CHECK(row.input == question);
    CHECK(daemon.settle(answered(row, "SELECT id FROM users LIMIT 1000")));

    std::string again = ask(db, question), other = ask(db, R"({"prompt": "Get all users "})");
    auto claim = daemon.claim();
    CHECK(claim.hits == 1);
    CHECK(claim.rows.size() == 1);
    CHECK(of_request(db, again, "generation_status") == "completed");
    CHECK(of_request(db, again, "result") ==
          R"({"sql": "SELECT id FROM users LIMIT 1000", "validated": true, "explanation": "One.", )"
          R"("schema_version": "v1"})");
    CHECK(of_request(db, again, "generation_metadata - 'cachedAt' - 'processingTimestamp'") ==
          R"({"calls": 0, "model": "a-model", "source": "cache", "tokens": {"input": 100, "output": 23}, )"
          R"("attempts": 0, "finalComplexity": "full"})");
    CHECK(value(db,
                "select row(prompt_text, model, schema_version, validated, tokens_used, "
                "expires_at - created_at > interval '1 second') from public.ai_worker_cache") ==
          R"(("Get all users",a-model,v1,t,123,t))");
    CHECK(of_request(db, other, "generation_status") == "processing");
}

TEST_CASE("the key is a hash of prompt, versions and schema version, each after its length") {
    Database db = fresh_database();
    CHECK(key(db, question) == value(db, "select encode(sha256('13:Get all users|2:v1|:'), 'hex')"));
    CHECK(key(db, R"({"prompt": "a", "schema_version": "v1"})", "m|n") ==
          value(db, "select encode(sha256('1:a|3:m|n|2:v1'), 'hex')"));
    // What would be the same without the lengths, or is the same but for blanks, case or what is missing.
    std::set<std::string> keys = {
        key(db, R"({"prompt": "a|b"})", "c"),
        key(db, R"({"prompt": "a"})", "b|c"),
        key(db, R"({"prompt": "a|1:b"})", "c"),
        key(db, R"({"prompt": "a"})", "c"),
        key(db, R"({"prompt": "a "})", "c"),
        key(db, R"({"prompt": "A"})", "c"),
        key(db, R"({"prompt": ""})", "c"),
        key(db, R"({})", "c"),
        key(db, R"({"prompt": "a", "schema_version": ""})", "c"),
        key(db, R"({"prompt": "a", "schema_version": "v1"})", "c"),
    };
    CHECK(keys.size() == 10);
    CHECK(key(db, R"({"prompt": "a", "mode": "sql_only", "of_the_app": 1})", "c") ==
          key(db, R"({"prompt": "a"})", "c"));
}

TEST_CASE("key and input of a question never raise, whatever the JSON holds") {
    Database db = fresh_database();
    for (const char* asked :
         {"null", "5", "true", "\"prompt\"", "[]", R"(["prompt"])", "{}", R"({"prompt": null})",
          R"({"prompt": {"prompt": []}, "schema_version": [1]})"}) {
        CAPTURE(asked);
        CHECK(key(db, asked).size() == 64);
        CHECK_NOTHROW(value(db, fmt::format("select spotter.sql_query_input(null, '{}', null)", asked)));
    }
    CHECK(value(db, "select spotter.sql_query_key(null, null, null, null)").size() == 64);
    // The schema is what the daemon says it is.
    CHECK(
        value(db,
              R"(select spotter.sql_query_input(null, '{"prompt": "x", "schema": {"tables": []}}', null))") ==
        R"({"prompt": "x"})");
}

TEST_CASE("what is not what was validated, or has expired, is served to nobody") {
    const std::string change = [] {
        SUBCASE("SQL that somebody has written into an entry") {
            return "generated_sql = 'DROP TABLE users'";
        }
        SUBCASE("an explanation that somebody has written into an entry") {
            return "explanation = 'pwned'";
        }
        SUBCASE("no SQL") {
            return "generated_sql = ''";
        }
        SUBCASE("marked as not valid") {
            return "validated = false";
        }
        SUBCASE("stored by another worker, whose validation is not ours") {
            return "validated_hash = null";
        }
        SUBCASE("expired this moment") {
            return "expires_at = now()";
        }
        SUBCASE("expired, whatever the time zone") {
            return "expires_at = now() - interval '1 second'";
        }
        return "";
    }();
    Database db = fresh_database();
    fill_cache(db, 1);
    sql(db, "update public.ai_worker_cache set " + change);
    SqlDaemon daemon(db);
    ask(db, R"({"prompt": "question 1"})");
    auto row = daemon.claim_one();
    CHECK(daemon.settle(answered(row, "SELECT 2")));
    // Answered anew, the entry is good again, with what it was used before.
    ask(db, R"({"prompt": "question 1"})");
    CHECK(daemon.claim().hits == 1);
    CHECK(entries(db, "generated_sql = 'SELECT 2' and validated and expires_at > now()") == "1");
}

TEST_CASE("look-ups go by the key's index, however many entries there are") {
    Database db = fresh_database();
    fill_cache(db, 10000);
    sql(db, "analyze public.ai_worker_cache");
    std::string plan;
    for (const auto& line : sql(db,
                                "explain select * from generate_series(1, 1000) n "
                                "left join lateral spotter.sql_query_entry(null, spotter.sql_query_key(null, "
                                "jsonb_build_object('prompt', 'question ' || n), null, 'v1')) e on true"))
        plan += std::string(line[0].c_str()) + "\n";
    CAPTURE(plan);
    CHECK(plan.find("Index Scan using ai_worker_cache_pkey") != std::string::npos);
    CHECK(plan.find("Seq Scan") == std::string::npos);
    CHECK(value(db,
                "select count(e.content) from generate_series(1, 1000) n left join lateral "
                "spotter.sql_query_entry(null, spotter.sql_query_key(null, jsonb_build_object('prompt', "
                "'question ' || n), null, 'v1')) e on true") == "1000");
}

TEST_CASE("use is added to entries, and who holds one keeps nobody waiting") {
    Database db = fresh_database();
    fill_cache(db, 2);
    auto use = [&] {
        sql(db,
            "set lock_timeout = '1ms'; select spotter.sql_query_used(array_agg(k order by k) || "
            "'gone'::text, "
            "array[3, 3, 1], array[1, null, 1], array[now() + interval '1 hour', 'epoch', now()]) "
            "from (select cache_key::text as k from public.ai_worker_cache) x");
    };
    use();
    CHECK(value(db,
                "select string_agg(concat(hit_count, miss_count), ' ' order by cache_key) "
                "from public.ai_worker_cache") == "31 30");
    CHECK(entries(db, "last_accessed_at > now() + interval '30 minutes'") == "1");

    pqxx::connection other(db.dsn());
    pqxx::work transaction(other);
    transaction.exec("select from public.ai_worker_cache order by cache_key limit 1 for update");
    use();
    transaction.abort();
    CHECK(
        value(db, "select string_agg(hit_count::text, ' ' order by cache_key) from public.ai_worker_cache") ==
        "3 6");

    sql(db,
        "select spotter.sql_query_used(array[cache_key], array[9999999999], array[0], array[now()]) "
        "from public.ai_worker_cache");
    CHECK(entries(db, "hit_count = 2147483647") == "2");
}

TEST_CASE("what has expired is trimmed first, then what was used least recently, in batches") {
    Database db = fresh_database();
    fill_cache(db, 20);
    sql(db,
        "update public.ai_worker_cache set last_accessed_at = now() - make_interval(mins => "
        "substring(prompt_text from '\\d+')::integer)");
    sql(db,
        "update public.ai_worker_cache set expires_at = now() where prompt_text in ('question 1', 'question "
        "2')");
    CHECK(trim(db, "null, null, 1") == 1);
    CHECK(trim(db, "null, null, 100") == 1);
    CHECK(trim(db, "null, null, 100") == 0);
    CHECK(trim(db, "18, null, 100") == 0);
    CHECK(trim(db, "10, null, 5") == 5);
    CHECK(trim(db, "10, null, 5") == 3);
    CHECK(trim(db, "10, null, 5") == 0);
    CHECK(value(db,
                "select string_agg(substring(prompt_text from '\\d+'), ' ' order by last_accessed_at desc) "
                "from public.ai_worker_cache") == "3 4 5 6 7 8 9 10 11 12");
    CHECK(trim(db, "0, null, 100") == 10);
    CHECK(trim(db, "0, 0, 100") == 0);
}

TEST_CASE("a limit of bytes holds for the rows that are there, not for the room of those that are gone") {
    Database db = fresh_database();
    fill_cache(db, 2000);
    auto bytes = std::stol(value(db, "select sum(pg_column_size(c)) from public.ai_worker_cache c"));
    long deleted = 0;
    while (long batch = trim(db, fmt::format("null, {}, 300", bytes / 2))) deleted += batch;
    CHECK(deleted > 990);
    CHECK(deleted < 1010);
    CHECK(std::stol(value(db, "select pg_table_size('public.ai_worker_cache')")) > bytes / 2);
    CHECK(trim(db, fmt::format("null, {}, 300", bytes)) == 0);
}

TEST_CASE("two daemons that trim at once delete what is too much once") {
    Database db = fresh_database();
    fill_cache(db, 10);
    pqxx::connection other(db.dsn());
    pqxx::work transaction(other);
    CHECK(transaction.exec1("select spotter.sql_query_trim(6, null, 4)")[0].as<int>() == 4);
    CHECK(trim(db, "6, null, 4") == 0);
    transaction.commit();
    CHECK(trim(db, "6, null, 4") == 0);
    CHECK(entries(db) == "6");
}

TEST_CASE("two daemons that write the same entries in another order wait, and do not lock each other out") {
    Database db = fresh_database();
    auto write = [&](const std::string& order) {
        pqxx::connection connection(db.dsn());
        for (int i = 0; i < 20; ++i) {
            pqxx::work transaction(connection);
            transaction.exec(
                "select spotter.sql_query_cache(array_agg(row(n::text, null, '{\"prompt\": \"x\"}', "
                "'{\"sql\": \"SELECT 1\"}', '{}', '{}', 'm', 60)::spotter.cache_entry order by " +
                order + ")) from generate_series(1, 200) n");
            transaction.commit();
        }
    };
    std::exception_ptr failure;
    std::thread other([&] {
        try {
            write("n desc");
        } catch (...) {
            failure = std::current_exception();
        }
    });
    CHECK_NOTHROW(write("n"));
    other.join();
    CHECK(failure == nullptr);
    CHECK(entries(db) == "200");
}

TEST_CASE("an entry is forgotten by its key, all are without one, and none for the sake of one user") {
    Database db = fresh_database();
    fill_cache(db, 3);
    auto forget = [&](const std::string& which) {
        return value(db, fmt::format("select spotter.sql_query_forget({})", which));
    };
    CHECK(forget("gen_random_uuid(), null") == "0");
    CHECK(forget("null, " + literal(key(db, R"({"prompt": "question 2"})"))) == "1");
    CHECK(forget("null, 'unknown'") == "0");
    CHECK(forget("null, null") == "2");
}

TEST_CASE("popular entries that expire soon are given as they were asked, unless they are encrypted") {
    Database db = fresh_database();
    fill_cache(db, 3);
    sql(db,
        R"(select spotter.sql_query_cache(array_agg(row(spotter.sql_query_key(null, asked, null, 'v1'), null, asked,
               '{"sql": "SELECT 4"}', '{}', '{}', 'm', 3600)::spotter.cache_entry))
                 from (values ('{"prompt": "with a version", "schema_version": "v1", "mode": "sql_only"}'::jsonb),
                              ('{"prompt": "sealed:1:c2VjcmV0"}')) a(asked))");
    sql(db,
        "update public.ai_worker_cache set hit_count = case prompt_text when 'question 1' then 0 "
        "when 'question 2' then 5 when 'question 3' then 9 else 7 end, last_accessed_at = created_at + "
        "case prompt_text when 'question 1' then interval '0' else interval '1 minute' end, "
        "expires_at = case prompt_text when 'question 3' then now() + interval '1 day' else expires_at end");
    auto expiring = [&](const std::string& arguments) {
        return value(
            db, "select string_agg(asked::text, ' ') from spotter.sql_query_expiring(" + arguments + ")");
    };
    CHECK(expiring("'2 hours', 10") ==
          R"({"prompt": "with a version", "schema_version": "v1"} {"prompt": "question 2"})");
    CHECK(expiring("'2 hours', 1") == R"({"prompt": "with a version", "schema_version": "v1"})");
    CHECK(expiring("'1 minute', 10") == "");
    CHECK(value(db,
                "select bool_and(key = spotter.sql_query_key(user_id, asked, null, 'v1')) "
                "from spotter.sql_query_expiring('2 hours', 10)") == "t");
}

TEST_CASE("figures say how full the cache is") {
    Database db = fresh_database();
    auto figures = [&] {
        return value(
            db,
            "select row(entries, expired, bytes > 400, oldest <= now()) from spotter.sql_query_figures()");
    };
    CHECK(figures() == "(0,0,f,)");
    fill_cache(db, 4);
    sql(db, "update public.ai_worker_cache set expires_at = now() where prompt_text = 'question 1'");
    CHECK(figures() == "(4,1,t,t)");
}

TEST_CASE("without its table the cache is left out, and rows are answered") {
    Database db = fresh_database();
    SqlDaemon daemon(db);
    // Its view goes with it; all else of the kind is there to find it gone.
    CHECK(as_login(db.dsn(), "drop table public.ai_worker_cache cascade").message == "");
    std::string id = ask(db, question);
    auto row = daemon.claim_one_by_one().rows.at(0);
    auto settled = daemon.settle(std::vector{answered(row)});
    CHECK(settled.accepted.size() == 1);
    CHECK(of_request(db, id, "generation_status") == "completed");
    CHECK(value(db,
                "select spotter.try_cache('sql_query', array[row('k', null, '{}', '{}', '{}', '{}', 'm', "
                "1)::spotter.cache_entry])")
              .find("ai_worker_cache") != std::string::npos);
    CHECK(as_login(db.dsn(), "select spotter.sql_query_entry(null, 'k')").sqlstate == "42P01");

    // Document 5, line 14: the worker makes the table when it is missing.
    std::string worker = login_as_member(db, "spotter_worker");
    CHECK(as_login(worker, "select spotter.create_ai_worker_cache()").message == "");
    SqlDaemon served(spotter::db::Endpoint{.dsn = worker});
    ask(db, question);
    CHECK(served.settle(answered(served.claim_one())));
    CHECK(entries(db) == "1");
}

}  // namespace sql_query_cache_test
