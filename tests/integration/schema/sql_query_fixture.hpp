#pragma once

#include <fmt/format.h>

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "support/queue.hpp"
#include "support/sql.hpp"

/// Questions and the cache of their SQL, as tests need them.
namespace spotter::test {

/// A daemon that claims questions.
struct SqlDaemon : Daemon {
    explicit SqlDaemon(const Database& db) : SqlDaemon(db::Endpoint{.dsn = db.dsn()}) {}
    explicit SqlDaemon(db::Endpoint endpoint) : Daemon(std::move(endpoint)) { work_on_requests("sql_query"); }
};

/// A file of the tree, by its path from the root.
inline std::string source_file(const std::string& path) {
    std::ifstream stream(std::string(SPOTTER_SOURCE_DIR) + "/" + path);
    std::stringstream text;
    text << stream.rdbuf();
    if (!stream.good()) throw std::runtime_error(path + " cannot be read");
    return text.str();
}

/// Inserts a request for SQL, as the app. Gives its id.
inline std::string ask(const Database& db, std::string_view input) {
    return value(db,
                 fmt::format("insert into public.generation_requests (kind, input) values ('sql_query', {}) "
                             "returning id",
                             literal(input)));
}

/// A column, or an expression of them, of one request as text; "" for NULL.
inline std::string of_request(const Database& db, std::string_view id, std::string_view expression) {
    return value(
        db, fmt::format("select ({})::text from public.generation_requests where id = '{}'", expression, id));
}

/// A settlement that answers `row` with a query, as the daemon does.
inline queue::Settlement answered(const queue::ClaimedRow& row,
                                  std::string_view query = "SELECT 1 LIMIT 1000") {
    return {
        .lease = row.lease,
        .status = queue::Settlement::Status::completed,
        .calls = 1,
        .content = fmt::format(
            R"({{"sql": "{}", "validated": true, "schema_version": "v1", "explanation": "One."}})", query),
        .columns = "{}",
        .metadata =
            R"({"source": "model", "finalComplexity": "full", "tokens": {"input": 100, "output": 23}})",
        .model = "a-model",
        .cache_key = row.cache_key};
}

/// Caches `count` queries for the prompts "question 1" and so on, as a daemon with the versions "v1" would.
inline void fill_cache(const Database& db, int count, int life = 3600) {
    sql(db, fmt::format(R"sql(
        select spotter.sql_query_cache(array_agg(row(
                   spotter.sql_query_key(null, asked, null, 'v1'), null, asked,
                   jsonb_build_object('sql', 'SELECT ' || n, 'validated', true, 'schema_version', 'v1',
                                      'explanation', null),
                   '{{}}', '{{"tokens": {{"input": 100, "output": 23}}}}', 'a-model', {})::spotter.cache_entry))
          from generate_series(1, {}) n
         cross join lateral (select jsonb_build_object('prompt', 'question ' || n) as asked) a)sql",
                        life, count));
}

/// How many entries there are, of those that the condition holds for.
inline std::string entries(const Database& db, const std::string& condition = "true") {
    return value(db, "select count(*) from public.ai_worker_cache where " + condition);
}

}  // namespace spotter::test
