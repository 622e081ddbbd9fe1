#include "db/session.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <map>
#include <utility>

namespace spotter::db {
namespace {

std::invalid_argument unreadable() {
    return std::invalid_argument(
        "the database's address cannot be read: write it as postgresql://user:password@host:port/database, "
        "with %40 for an @ in the password and the like, or as host=... dbname=... user=... password=...");
}

/// libpq's own reading of a DSN; empty values dropped.
std::map<std::string, std::string> keywords(const std::string& dsn) {
    // libpq's own complaint quotes what it stumbled on, which may be the password.
    std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(dsn.c_str(), nullptr), PQconninfoFree);
    if (!options) throw unreadable();
    std::map<std::string, std::string> found;
    for (auto* option = options.get(); option->keyword; ++option)
        if (option->val && *option->val) found[option->keyword] = option->val;
    // The rest of a password with an @ of its own.
    auto host = found.find("host");
    if (host != found.end() && host->second.find('@') != std::string::npos) throw unreadable();
    return found;
}

std::string quoted(const std::string& value) {
    std::string out = "'";
    for (char c : value) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
    }
    return out + "'";
}

std::string joined(const std::map<std::string, std::string>& words) {
    std::string out;
    for (const auto& [keyword, value] : words) {
        if (!out.empty()) out += ' ';
        out += keyword + "=" + quoted(value);
    }
    return out;
}

/// What every statement of ours runs under.
///
/// Plans are made once, often while a table is still small. All that we run looks few rows up by an index,
/// and must go on doing so when the table has grown. Where there is no index the plan then looks dear enough
/// to be compiled, which takes a second in which nothing is done: never.
std::vector<std::pair<std::string, std::string>> settings(const Endpoint& endpoint) {
    return {{"enable_seqscan", "off"},
            {"enable_bitmapscan", "off"},
            {"enable_hashjoin", "off"},
            {"enable_mergejoin", "off"},
            {"plan_cache_mode", "force_generic_plan"},
            {"jit", "off"},
            {"row_security", "on"},  // a login whose is off would be refused what it may see
            {"work_mem", "16MB"},    // a batch of answers stays in memory on its way through a settling
            {"statement_timeout", std::to_string(endpoint.statement_seconds) + "s"},
            {"idle_in_transaction_session_timeout", "60s"},
            {"lock_timeout", "5s"}};
}

const Statement writable{"writable", "select not current_setting('transaction_read_only')::boolean"};

/// Stands in the sessions of servers that our settings have reached.
constexpr const char* mark = "spotter.session";

/// The same for a session that nobody keeps for us: they last as long as the transaction.
std::string begin_with_settings(const Endpoint& endpoint) {
    std::string begin = "begin";
    for (const auto& [name, value] : settings(endpoint))
        begin += "; set local " + name + " = '" + value + "'";
    return begin;
}

/// PgBouncer's answer to our settings, where it has not been told to drop them.
bool refuses_options(const std::exception& error) {
    return std::string_view(error.what()).find("unsupported startup parameter") != std::string_view::npos;
}

pqxx::connection open(const Endpoint& endpoint) {
    Endpoint without_options = endpoint;
    without_options.pooled = true;
    if (!endpoint.pooled) {
        try {
            return pqxx::connection(connection_string(endpoint));
        } catch (const pqxx::broken_connection& error) {
            if (!refuses_options(error)) throw;
        }
    }
    return pqxx::connection(connection_string(without_options));
}

bool settings_in_force(pqxx::connection& connection) {
    pqxx::nontransaction transaction(connection, "settings_in_force");
    return !transaction.exec1("select current_setting('" + std::string(mark) + "', true)")[0].is_null();
}

/// Longer than the server's own time-out, so that the server's word is heard first.
std::chrono::seconds patience(const Endpoint& endpoint) {
    return std::chrono::seconds(endpoint.statement_seconds > 0 ? endpoint.statement_seconds + 5 : 0);
}

bool several(const std::map<std::string, std::string>& words, const char* keyword) {
    auto word = words.find(keyword);
    return word != words.end() && word->second.find(',') != std::string::npos;
}

}  // namespace

std::string connection_string(const Endpoint& endpoint) {
    auto words = keywords(endpoint.dsn);
    words.try_emplace("application_name", endpoint.application);
    words.try_emplace("client_encoding", "UTF8");
    words.try_emplace("connect_timeout", "5");
    words.try_emplace("keepalives_idle", "10");
    words.try_emplace("keepalives_interval", "3");
    words.try_emplace("keepalives_count", "3");
    words.try_emplace("tcp_user_timeout", "15000");
    if (several(words, "host") || several(words, "hostaddr"))
        words.try_emplace("target_session_attrs", "read-write");
    if (!endpoint.pooled) {
        std::string options = std::string("-c ") + mark + "=on";
        for (const auto& [name, value] : settings(endpoint)) options += " -c " + name + "=" + value;
        auto [at, fresh] = words.try_emplace("options", options);
        if (!fresh) at->second = options + " " + at->second;
    }
    return joined(words);
}

std::string describe(const std::string& dsn) {
    auto words = keywords(dsn);
    words.erase("password");
    words.erase("sslpassword");
    std::string out;
    for (const char* keyword : {"user", "host", "port", "dbname"})
        if (auto word = words.find(keyword); word != words.end())
            out += (out.empty() ? "" : " ") + std::string(keyword) + "=" + word->second;
    return out.empty() ? "libpq's defaults" : out;
}

/// What was notified on one channel, until it is taken.
class Session::Ear : public pqxx::notification_receiver {
  public:
    using pqxx::notification_receiver::notification_receiver;
    void operator()(const std::string& payload, int /*backend*/) override {
        // Many rings that say the same are one.
        if (std::find(payloads_.begin(), payloads_.end(), payload) == payloads_.end())
            payloads_.push_back(payload);
    }
    std::vector<std::string> take() { return std::exchange(payloads_, {}); }

  private:
    std::vector<std::string> payloads_;
};

Session::Session(const Endpoint& endpoint)
    : connection_(open(endpoint)), begin_(begin_with_settings(endpoint)), patience_(patience(endpoint)) {
    // libpqxx would reconnect behind our back and lose what was prepared. Deprecated because later versions
    // never do.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    connection_.inhibit_reactivation(true);
#pragma GCC diagnostic pop
    SilenceLimit limit(connection_.sock(), patience_);
    pooled_ = endpoint.pooled || !settings_in_force(connection_);
}

Session::~Session() {
    SilenceLimit limit(connection_.sock(), patience_);
    ear_.reset();
}

pqxx::result Session::run_script(const std::string& name, const std::string& text) {
    SilenceLimit limit(connection_.sock(), patience_);
    try {
        return pqxx::nontransaction(connection_, name).exec(text);
    } catch (const pqxx::failure&) {
        if (limit.over()) throw_no_answer();
        throw;
    }
}

void Session::listen(const std::string& channel) {
    SilenceLimit limit(connection_.sock(), patience_);
    ear_ = std::make_unique<Ear>(connection_, channel);
}

std::vector<std::string> Session::heard() {
    try {
        connection_.get_notifs();
    } catch (const pqxx::broken_connection&) {
        throw pqxx::broken_connection("the server, or something on the way to it, ended the connection");
    }
    return ear_ ? ear_->take() : std::vector<std::string>();
}

bool Session::fit() {
    try {
        return run(writable).front()[0].as<bool>();
    } catch (const std::exception&) {
        return false;
    }
}

std::string Session::address() {
    std::string host = connection_.hostname();
    return host.starts_with('/') ? host : host + ":" + connection_.port();
}

void Session::prepare(const Statement& statement) {
    if (prepared_.contains(statement.name)) return;
    connection_.prepare(statement.name, statement.sql);
    prepared_.insert(statement.name);
}

void Session::throw_no_answer() const {
    throw NoAnswer("the server has not answered for " + std::to_string(patience_.count()) +
                   " s, and the connection was given up");
}

Session::Bracket::Bracket(pqxx::transaction_base& transaction, const std::string& begin)
    : transaction_(transaction) {
    transaction_.exec(begin);
}

Session::Bracket::~Bracket() {
    if (!open_) return;
    try {
        transaction_.exec("rollback");
    } catch (const std::exception&) {
        // The connection broke, and the server rolls back by itself.
    }
}

void Session::Bracket::commit() {
    open_ = false;
    try {
        transaction_.exec("commit");
    } catch (const pqxx::broken_connection& error) {
        throw pqxx::in_doubt_error(error.what());
    }
}

}  // namespace spotter::db
