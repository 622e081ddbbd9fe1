#include "pipeline/database_catalogue.hpp"

#include <fmt/format.h>

#include <string_view>

#include "async/pause.hpp"
#include "base/json.hpp"
#include "base/log.hpp"

namespace spotter::pipeline {

using namespace std::chrono_literals;
using boost::asio::awaitable;

namespace {

constexpr auto look_every = 10s;

/// What a row waits for while the schema cannot be had, or nothing proven.
constexpr const char* unavailable = "schema_unavailable";

const db::Statement visible_schema{"visible_schema", R"sql(
select s.schema::text, s.fingerprint from spotter.visible_schema($1) s)sql"};

/// Everything in it lasts as long as the transaction, which is read-only and the role's. The planner is to be
/// as it is for anybody, and not as it is set for us.
constexpr const char* plan_as = R"sql(
set transaction read only;
set local role {role};
set local search_path = {path};
set local statement_timeout = '5s';
set local lock_timeout = '1s';
set local enable_seqscan = on;
set local enable_bitmapscan = on;
set local enable_hashjoin = on;
set local enable_mergejoin = on;
explain {statement})sql";

/// Whether it is the server or our rights that keep us from asking, rather than the statement.
bool is_about_us(const std::string& sqlstate, std::string_view message) {
    for (const char* state : {"08", "53", "57P", "58", "55P03"})
        if (sqlstate.starts_with(state)) return true;
    return sqlstate.empty() || message.starts_with("ERROR:  permission denied to set role") ||
           message.starts_with("ERROR:  role ");
}

/// What Postgres says, with its hint, as one line for a model to act on.
std::string one_line(std::string_view said) {
    constexpr std::size_t most = 500;
    if (said.starts_with("ERROR:")) said.remove_prefix(6);
    std::string line;
    for (char c : said) {
        if (c == '\n' || c == '\t') c = ' ';
        if (c == ' ' && (line.empty() || line.back() == ' ')) continue;
        line += c;
    }
    return line.substr(0, most);
}

}  // namespace

DatabaseCatalogue::DatabaseCatalogue(db::Pool& pool, std::string role, std::string version,
                                     std::function<void(const std::string&)> changed)
    : pool_(pool), role_(std::move(role)), version_(std::move(version)), changed_(std::move(changed)) {}

awaitable<Result<std::string>> DatabaseCatalogue::schema() {
    if (schema_.empty()) co_await look();
    if (schema_.empty()) co_return Error{unavailable, problem_};
    co_return schema_;
}

awaitable<bool> DatabaseCatalogue::look_again() {
    const std::string before = fingerprint_;
    co_await look();
    co_return fingerprint_ != before;
}

awaitable<void> DatabaseCatalogue::watch() {
    for (;;) {
        const auto began = std::chrono::steady_clock::now();
        co_await look();
        // A schema of thousands of tables takes a second to read, and shall not take the database's time.
        auto took =
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
        co_await async::pause_about(std::max<std::chrono::milliseconds>(look_every, 100 * took));
    }
}

awaitable<void> DatabaseCatalogue::look() {
    struct Seen {
        std::string schema, fingerprint;
    };
    auto work = [this](db::Session& session) {
        auto row = session.run(visible_schema, role_).front();
        return Seen{row[0].c_str(), row[1].c_str()};
    };
    auto seen = co_await pool_.run(work);
    if (!seen) {
        if (problem_ != seen.error().message)
            log::warn("schema_unavailable", {{"role", role_}, {"error", seen.error().message}});
        problem_ = seen.error().message;
        co_return;
    }
    problem_.clear();
    if (seen->fingerprint == fingerprint_) co_return;
    if (!fingerprint_.empty())
        log::info("schema_changed", {{"role", role_}, {"fingerprint", seen->fingerprint}});
    take(std::move(seen->schema));
    fingerprint_ = std::move(seen->fingerprint);
    changed_(fingerprint_);
}

void DatabaseCatalogue::take(std::string schema) {
    search_path_.clear();
    auto parsed = json::parse(schema);
    if (const json::Value* path = json::find(*parsed, "search_path"))
        for (const json::Value& name : path->GetArray()) search_path_.emplace_back(name.GetString());
    schema_ = fmt::format(R"({{"version":{},{})", json::quoted(version_), std::string_view(schema).substr(1));
}

awaitable<Result<std::string>> DatabaseCatalogue::objection_to(std::string statement) {
    auto work = [&](db::Session& session) -> std::string {
        std::string path;
        for (const std::string& name : search_path_)
            path += (path.empty() ? "" : ", ") + session.connection().quote_name(name);
        try {
            session.run_script(
                "objection",
                fmt::format(fmt::runtime(plan_as), fmt::arg("role", session.connection().quote_name(role_)),
                            fmt::arg("path", path.empty() ? "''" : path), fmt::arg("statement", statement)));
            return "";
        } catch (const pqxx::sql_error& error) {
            if (is_about_us(db::classify(error).sqlstate, error.what())) throw;
            return one_line(error.what());
        }
    };
    auto objection = co_await pool_.run(std::ref(work));
    if (objection) co_return *objection;
    log::warn("nothing_proven", {{"role", role_}, {"error", objection.error().message}});
    co_return Error{unavailable, objection.error().message};
}

}  // namespace spotter::pipeline
