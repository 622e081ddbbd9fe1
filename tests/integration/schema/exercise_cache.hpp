#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "support/queue.hpp"
#include "support/run.hpp"
#include "support/sql.hpp"

namespace spotter::test {

/// A database, and a daemon that may do what spotter_worker may.
struct Exercises {
    Database db = fresh_database();
    std::string worker = login_as_member(db, "spotter_worker");
    Daemon daemon{spotter::db::Endpoint{.dsn = worker}};
    std::string ada = new_user(db);

    std::string value(const std::string& statement) const { return test::value(db, statement); }
    pqxx::result sql(const std::string& statements) const { return test::sql(db, statements); }

    /// A row that asks for an exercise. Gives its id.
    std::string ask(std::string_view input) const {
        return value(
            fmt::format("insert into public.generation_requests (user_id, kind, input) "
                        "values ('{}', 'exercise', {}) returning id",
                        ada, literal(input)));
    }
    /// A column of a row, or an expression of them, as text.
    std::string of(std::string_view id, std::string_view expression) const {
        return value(
            fmt::format("select ({})::text from public.generation_requests where id = '{}'", expression, id));
    }

    queue::Claim claim() {
        return run(daemon.queue().claim(daemon.self(),
                                        {.lane = place(), .batch = 100, .by_turns = 50, .slots = 100}))
            .value();
    }
    queue::Settled settle(const queue::ClaimedRow& row, std::string_view type = "contextual_fill") {
        return daemon.settle(std::vector{queue::Settlement{
            .lease = row.lease,
            .status = queue::Settlement::Status::completed,
            .calls = 1,
            .content = exercise(type),
            .columns = "{}",
            .metadata =
                R"({"source": "model", "cost": 0.0031, "milliseconds": 2140, "finalComplexity": "full",
                            "validationNotes": ["a note"]})",
            .model = "a-model",
            .cache_key = row.cache_key}});
    }
    static std::string exercise(std::string_view type) {
        return fmt::format(
            R"({{"id": "x", "type": "{}", "instructions": "Fill in.", "sentence": "El ___ canta."}})", type);
    }

    /// Its key, as the daemon has it.
    std::string key(std::string_view input) const {
        return value(fmt::format("select spotter.exercise_key('{}', {}, null, 'v1')", ada, literal(input)));
    }
    /// Writes entries for these inputs.
    void cache(const std::vector<std::string>& inputs, int life = 86400) const {
        for (const std::string& input : inputs)
            sql(fmt::format(
                "select spotter.exercise_cache(array[row('{0}', null, {1}, {2}, '{{}}', "
                "'{{\"cost\": 0.003, \"milliseconds\": 2000}}', 'a-model', {3})::spotter.cache_entry])",
                key(input), literal(input),
                literal(exercise(test::value(db, "select " + literal(input) + "::jsonb ->> 'type'"))), life));
    }
    /// Whether the daemon would answer this from the cache.
    bool cached(std::string_view input) const {
        return !sql(fmt::format("select from spotter.exercise_entry(null, '{}')", key(input))).empty();
    }

    /// Entries as an app's own service writes them: `count` of them, numbered from `first` on.
    void fill(int first, int count, std::string_view more = "") const {
        sql(fmt::format(
            "insert into public.exercise_cache (cache_key, exercise_type, exercise_data, user_context_hash, "
            "difficulty, topics, expires_at{2}) "
            "select 'key ' || n, 'term_matching', '{{\"type\": \"term_matching\"}}', 'c', 1 + n % 5, "
            "array['topic ' || n], now() + interval '1 day'{3} "
            "from generate_series({0}, {0} + {1} - 1) n",
            first, count, more.empty() ? "" : ", usage_count, last_used_at", more));
    }

    const queue::Lane& lane() { return daemon.queue().lanes().at(place()); }

  private:
    std::size_t place() {
        const auto& lanes = daemon.queue().lanes();
        for (std::size_t i = 0; i < lanes.size(); ++i)
            if (lanes[i].kind == "exercise") return i;
        throw std::logic_error("no lane of exercises");
    }
};

}  // namespace spotter::test
