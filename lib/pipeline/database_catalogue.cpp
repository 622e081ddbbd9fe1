#include "pipeline/database_catalogue.hpp"

#include <fmt/format.h>

#include <string_view>

#include "async/pause.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "work/words.hpp"

namespace spotter::pipeline {

using namespace std::chrono_literals;
using boost::asio::awaitable;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

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
    if (line.ends_with(' ')) line.pop_back();
    return std::string(work::first_characters(line, most));
}

}  // namespace

DatabaseCatalogue::DatabaseCatalogue(db::Pool& pool, std::string role, std::string version,
                                     std::function<void(const std::string&)> changed)
    : pool_(pool), role_(std::move(role)), version_(std::move(version)), changed_(std::move(changed)) {}

awaitable<Result<std::shared_ptr<const std::string>>> DatabaseCatalogue::schema() {
    if (!schema_) co_await look();
    if (!schema_) co_return Error{unavailable, problem_};
    co_return schema_;
}

awaitable<bool> DatabaseCatalogue::look_again(std::string known) {
    if (fingerprint_ == known && steady_clock::now() - looked_ >= 10 * took_) co_await look();
    co_return fingerprint_ != known;
}

awaitable<void> DatabaseCatalogue::watch() {
    for (;;) {
        co_await look();
        co_await async::pause_about(std::max<milliseconds>(look_every, 100 * took_));
    }
}

awaitable<void> DatabaseCatalogue::look() {
    struct Seen {
        std::string schema, fingerprint;
        steady_clock::duration took;
    };
    auto work = [this](db::Session& session) {
        const auto began = steady_clock::now();
        auto row = session.run(visible_schema, role_).front();
        return Seen{row[0].c_str(), row[1].c_str(), steady_clock::now() - began};
    };
    auto seen = co_await pool_.run(work);
    looked_ = steady_clock::now();
    if (seen) took_ = std::chrono::duration_cast<milliseconds>(seen->took);
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
    schema_ = std::make_shared<const std::string>(
        fmt::format(R"({{"version":{},{})", json::quoted(version_), std::string_view(schema).substr(1)));
}

awaitable<Result<std::string>> DatabaseCatalogue::objection_to(std::string statement) {
    auto no_answer = std::make_shared<bool>(false);
    // By value: it runs on another thread, and what we know of the schema may change meanwhile.
    auto work = [role = role_, names = search_path_, no_answer,
                 statement = std::move(statement)](db::Session& session) -> std::string {
        std::string path;
        for (const std::string& name : names)
            path += (path.empty() ? "" : ", ") + session.connection().quote_name(name);
        try {
            session.run_script(
                "objection",
                fmt::format(fmt::runtime(plan_as), fmt::arg("role", session.connection().quote_name(role)),
                            fmt::arg("path", path.empty() ? "''" : path), fmt::arg("statement", statement)));
            return "";
        } catch (const db::NoAnswer&) {
            *no_answer = true;
            throw;
        } catch (const pqxx::sql_error& error) {
            if (is_about_us(db::classify(error).sqlstate, error.what())) throw;
            return one_line(error.what());
        }
    };
    auto objection = co_await pool_.run(std::move(work));
    if (objection) co_return *objection;
    // Its like would burn another of the server's cores with every try.
    if (*no_answer) co_return std::string("the database did not plan it in the time that it may take");
    log::warn("nothing_proven", {{"role", role_}, {"error", objection.error().message}});
    co_return Error{unavailable, objection.error().message};
}

}  // namespace spotter::pipeline
