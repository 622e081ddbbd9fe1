// Every kind on the command line and in SQL: asked for, answered by the builtin, answered again from its
// cache.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <map>

#include "base/json.hpp"
#include "e2e/command.hpp"
#include "e2e/daemon.hpp"
#include "support/temporary_folder.hpp"
#include "support/wait.hpp"

namespace kinds_test {

using namespace spotter;
using namespace spotter::test;

namespace {

const std::map<std::string, std::string> inputs = {
    {"exercise", R"({"type": "term_matching", "difficulty": 2, "topics": ["birds", "colors"]})"},
    {"personality",
     R"({"posts": ["I love climbing in the mountains with my friends every single weekend!",
                   "Writing software is what I do most of the day, and I like it a lot.",
                   "Has anybody a good recipe for bread without any yeast in it?"]})"},
    {"sql_query", R"({"prompt": "how many orders are there"})"},
};

/// An app with a table that may be asked about, and a daemon that has no model.
struct Kinds {
    Database database = fresh_database();
    AppDatabase app{database.dsn()};
    const Environment here = {{"SPOTTER_DATABASE_URL", database.dsn()}};
    std::string ada = app.add_user();

    Kinds() {
        app.run(
            "create table public.orders (id integer primary key, total numeric not null); "
            "insert into public.orders select n, n from generate_series(1, 7) n; "
            "grant select on public.orders to spotter_reader");
    }
    Ended command(std::vector<std::string> arguments, const std::string& input = "") const {
        return run(std::move(arguments), here, input);
    }
    /// Asks, waits, and gives the result.
    json::Document ask(const std::string& kind) const {
        Ended ended =
            command({"enqueue", kind, "--user", ada, "--wait", "--json", "--input", "-"}, inputs.at(kind));
        if (ended.code != 0) throw std::runtime_error(ended.out + ended.err);
        return json::parse(ended.out).value();
    }
    std::string latest(const std::string& expression) {
        return app.value(
            fmt::format("select ({})::text from public.generation_requests where generation_purpose = "
                        "'answer' order by created_at desc limit 1",
                        expression));
    }
};

}  // namespace

TEST_CASE("each kind is answered, and the same again is answered from its cache without a call") {
    Kinds on;
    Daemon daemon(on.database.dsn());
    for (const auto& [kind, input] : inputs) {
        CAPTURE(kind);
        auto first = on.ask(kind);
        CHECK(on.latest("kind") == kind);
        CHECK(on.latest("generation_metadata ->> 'source'") == "builtin");
        auto again = on.ask(kind);
        CHECK(on.latest("generation_metadata ->> 'source'") == "cache");
        CHECK(on.latest("generation_calls") == "0");
        CHECK(json::write(first) == json::write(again));
    }
    CHECK(eventually([&] {
        auto stats = json::parse(on.command({"cache", "stats", "--json"}).out).value();
        int served = 0;
        for (const auto& cache : stats.GetArray())
            if (json::number(cache, "hit_rate") == 50 && json::integer(cache, "entries") == 1) ++served;
        return served == 3;
    }));
    std::string table = on.command({"cache", "stats"}).out;
    CHECK(has(table, "personality"));
    CHECK(has(table, "50.0"));
    CHECK(daemon.stop() == 0);
}

TEST_CASE("a question in plain language becomes SQL that the database runs, and a changed schema asks anew") {
    Kinds on;
    Daemon daemon(on.database.dsn(), Environment{{"SPOTTER_LOG_LEVEL", "debug"}});
    auto answer = on.ask("sql_query");
    std::string sql(json::text(answer, "sql").value_or(""));
    CHECK(on.app.value(sql) == "7");
    on.app.run("alter table public.orders add column note text");
    daemon.wait_for_log("schema_changed");
    on.ask("sql_query");
    CHECK(on.latest("generation_metadata ->> 'source'") == "builtin");
    CHECK(daemon.stop() == 0);
}

TEST_CASE(
    "a question that cannot be answered fails once, with what is not understood, and costs no more calls") {
    Kinds on;
    Daemon daemon(on.database.dsn());
    Ended ended =
        on.command({"enqueue", "sql_query", "--wait", "-i", R"({"prompt": "why do birds sing at dawn"})"});
    CHECK(ended.code == 4);
    CHECK(on.latest("generation_error_code") == "cannot_answer");
    CHECK(on.latest("generation_calls") == "1");
    CHECK(!on.latest("generation_error").empty());
    CHECK(daemon.stop() == 0);
}

TEST_CASE("a stale personality is served at once with its age, and made anew behind it") {
    Kinds on;
    Daemon daemon(on.database.dsn());
    on.ask("personality");
    Ended ended = on.command({"cache", "invalidate", "personality", "--user", on.ada});
    CHECK(ended.code == 0);
    CHECK(has(ended.out, "1 invalidated"));
    on.ask("personality");
    CHECK(on.latest("generation_metadata ->> 'source'") == "cache");
    CHECK(on.latest("generation_metadata ->> 'isStale'") == "true");
    on.app.wait_for("select not is_stale from public.personality_cache");
    CHECK(daemon.stop() == 0);
}

TEST_CASE(
    "prompts are stored sealed when there is a key, answer from the cache all the same, and are had back by "
    "it") {
    Kinds on;
    TemporaryFolder folder;
    std::string path = folder.path() / "key";
    std::ofstream(path) << std::string(64, '7') << "\n";
    Daemon daemon(on.database.dsn(), Environment{{"SPOTTER_CACHE_PROMPT_KEY_FILE", path}});
    on.ask("sql_query");
    std::string stored = on.app.value("select prompt_text from public.ai_worker_cache");
    CHECK(stored.starts_with("sealed:1:"));
    on.ask("sql_query");
    CHECK(on.latest("generation_metadata ->> 'source'") == "cache");
    Ended unsealed = run({"cache", "unseal", "--set", "cache.prompt_key_file=" + path}, on.here,
                         stored + "\nnot sealed\n");
    CHECK(unsealed.out == "how many orders are there\nnot sealed\n");
    CHECK(unsealed.code == 0);
    Ended torn = run({"cache", "unseal", "--set", "cache.prompt_key_file=" + path}, on.here,
                     "sealed:1:torn\n" + stored + "\n");
    CHECK(torn.out == "sealed:1:torn\nhow many orders are there\n");
    CHECK(has(torn.err, "line 1: "));
    CHECK(torn.code == 1);
    CHECK(on.command({"cache", "unseal"}, stored).code == 2);
    CHECK(daemon.stop() == 0);
}

TEST_CASE("a cache is warmed from a file before anybody asks, and nobody sees the rows that do it") {
    Kinds on;
    Daemon daemon(on.database.dsn());
    Ended warmed =
        on.command({"cache", "warm", "exercise", "--inputs", "-", "--json"},
                   "{\"type\": \"term_matching\", \"difficulty\": 2, \"topics\": [\"colors\", \"birds\"]}\n\n"
                   "{\"type\": \"contextual_fill\", \"difficulty\": 1}\n");
    CHECK(warmed.code == 0);
    CHECK(warmed.out == "{\"kind\":\"exercise\",\"queued\":2}\n");
    const std::string input = R"({"posts": ["five words are quite enough"]})";
    Ended of_ada = on.command({"cache", "warm", "personality", "--inputs", "-"},
                              fmt::format(R"({{"user": "{}", "input": {}}})", on.ada, input));
    CHECK(of_ada.code == 0);
    Ended of_nobody = on.command({"cache", "warm", "personality", "--inputs", "-"}, input);
    CHECK(of_nobody.code == 2);
    CHECK(has(of_nobody.err, "cached for its user alone"));
    on.app.wait_for("select count(*) = 2 from public.exercise_cache");
    on.ask("exercise");
    CHECK(on.latest("generation_metadata ->> 'source'") == "cache");
    CHECK(on.app.value_as(on.ada, "select count(*) from public.generation_requests") == "1");
    CHECK(daemon.stop() == 0);
}

TEST_CASE("what is wrong with a command about kinds and caches is said, with what to write instead") {
    Kinds on;
    auto refused = [&](std::vector<std::string> arguments, const std::string& with,
                       const std::string& input = "") {
        Ended ended = on.command(std::move(arguments), input);
        CAPTURE(ended.err);
        CHECK(ended.code == 2);
        CHECK(has(ended.err, with));
    };
    refused({"enqueue", "exercize", "-i", "{}"}, "Did you mean exercise?");
    refused({"enqueue", "exercise", "-i", R"({"type": "term_matching", "difficulty": 9})"},
            "difficulty is 9");
    refused({"enqueue", "exercise", "-i", "{"}, "--input is no JSON");
    refused({"enqueue", "exercise", "-i", "/nowhere.json"},
            "neither a JSON object nor a file that can be read: /nowhere.json");
    refused({"enqueue", "training_program"}, "--user UUID");
    refused({"enqueue", "training_program", "-u", on.ada, "--key", "k"}, "no idempotency key");
    refused({"cache", "warm", "exercise"}, "--users FILE");
    refused({"cache", "warm", "exercise", "--inputs", "-"}, "-:2 is no JSON object", "{}\n[]\n");
    refused({"cache", "warm", "training_program", "--users", "-"}, "line 1", "nobody\n");
    refused({"cache", "invalidate", "exercise"}, "--all");
    refused({"cache", "evict", "exercize"}, "there is no kind");
    refused({"cache", "cleanup", "--set", "cache.life=exercize=1h"},
            "cache.life: there is no kind \"exercize\"");
}

TEST_CASE("an idempotency key on the command line gives the request of then") {
    Kinds on;
    auto ask = [&] {
        return on.command({"enqueue", "exercise", "--key", "k", "-i", inputs.at("exercise")}).out;
    };
    std::string first = ask();
    CHECK(!first.empty());
    CHECK(ask() == first);
}

TEST_CASE("eviction keeps what was used last") {
    Kinds on;
    Daemon daemon(on.database.dsn());
    for (int difficulty : {1, 2, 3})
        CHECK(on.command({"enqueue", "exercise", "--wait", "-i",
                          fmt::format(R"({{"type": "contextual_fill", "difficulty": {}}})", difficulty)})
                  .code == 0);
    CHECK(on.command({"cache", "evict", "exercise", "--entries", "1", "--json"}).out == "{\"exercise\":2}\n");
    CHECK(on.app.value("select difficulty from public.exercise_cache") == "3");
    CHECK(daemon.stop() == 0);
}

TEST_CASE("while somebody has one table locked, rows of the other are claimed, answered and settled") {
    Kinds on;
    Daemon daemon(on.database.dsn());
    daemon.wait_until_ready();
    AppDatabase alter(on.database.dsn());
    SUBCASE("generation_requests") {
        alter.run("begin; lock table public.generation_requests in access exclusive mode");
        daemon.wait_for_log("claim_failed");
        std::string row = on.app.ask(on.ada, onboarding());
        CHECK(on.app.end_of(row) == "completed");
        alter.run("commit");
        on.ask("exercise");
    }
    SUBCASE("training_programs") {
        // An INSERT would wait: no two rows may have one id, of whichever table.
        on.app.run("select spotter.pause('exercise')");
        on.app.value_as(on.ada, "select public.request_generation('exercise', $1::jsonb)",
                        inputs.at("exercise"));
        alter.run("begin; lock table public.training_programs in access exclusive mode");
        daemon.wait_for_log("claim_failed");
        on.app.run("select spotter.resume('exercise')");
        on.app.wait_for("select generation_status = 'completed' from public.generation_requests");
        alter.run("commit");
        CHECK(on.app.end_of(on.app.ask(on.ada, onboarding())) == "completed");
    }
    CHECK(daemon.stop() == 0);
}

TEST_CASE(
    "document 5, line 302: a daemon's log says at its start which caches there are, and which was dropped") {
    Stage stage;
    stage.app.run("drop table public.exercise_cache cascade");
    Daemon daemon = stage.serve();
    daemon.wait_for_log("caches_ready kinds=personality,sql_query,training_program");
    daemon.wait_for_log("cache_missing kind=exercise");
    CHECK(has(daemon.get("/readyz").body, "no cache: exercise"));
    CHECK(daemon.stop() == 0);
}

}  // namespace kinds_test
