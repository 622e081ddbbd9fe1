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

}  // namespace

std::string connection_string(const Endpoint& endpoint) {
    auto words = keywords(endpoint.dsn);
    words.try_emplace("application_name", endpoint.application);
    words.try_emplace("connect_timeout", "5");
    words.try_emplace("keepalives_idle", "10");
    words.try_emplace("keepalives_interval", "3");
    words.try_emplace("keepalives_count", "3");
    words.try_emplace("tcp_user_timeout", "15000");
    if (!endpoint.pooled) {
        // Plans are made once, often while a table is still small. All that we run looks few rows up by an
        // index, and must go on doing so when the table has grown. Where there is no index the plan then
        // looks dear enough to be compiled, which takes a second in which nothing is done: never.
        std::string options =
            "-c enable_seqscan=off -c enable_bitmapscan=off -c enable_hashjoin=off -c enable_mergejoin=off"
            " -c plan_cache_mode=force_generic_plan -c jit=off"
            " -c statement_timeout=" +
            std::to_string(endpoint.statement_seconds) + "s" +
            " -c idle_in_transaction_session_timeout=60s -c lock_timeout=5s";
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

Session::Session(const Endpoint& endpoint)
    : connection_(connection_string(endpoint)), pooled_(endpoint.pooled) {
    // libpqxx would reconnect behind our back and lose what was prepared. Deprecated because later versions
    // never do.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    connection_.inhibit_reactivation(true);
#pragma GCC diagnostic pop
    connection_.set_client_encoding("UTF8");
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

Session::~Session() = default;

void Session::listen(const std::string& channel) {
    ear_ = std::make_unique<Ear>(connection_, channel);
}

std::vector<std::string> Session::heard() {
    connection_.get_notifs();
    return ear_ ? ear_->take() : std::vector<std::string>();
}

void Session::prepare(const Statement& statement) {
    if (prepared_.contains(statement.name)) return;
    connection_.prepare(statement.name, statement.sql);
    prepared_.insert(statement.name);
}

}  // namespace spotter::db
