#pragma once

#include <memory>
#include <pqxx/pqxx>
#include <set>
#include <string>
#include <vector>

namespace spotter::db {

/// An SQL statement with a name, which shows in logs, metrics and pg_stat_activity. Parameters are $1, $2, …
struct Statement {
    const char* name;
    std::string sql;
};

/// How to reach the database.
struct Endpoint {
    std::string dsn;  ///< libpq's URL or keywords; empty: libpq's own environment
    std::string application = "spotter";
    int statement_seconds = 30;  ///< the server ends a statement that takes longer
    /// Every statement is a trip of its own and none is prepared by name, as a transaction pooler wants it.
    bool pooled = false;
};

/// The DSN that libpq gets: the endpoint's, with the time-outs without which a dead peer is waited for for
/// ever. Pure. Settings that the DSN makes itself are kept.
std::string connection_string(const Endpoint& endpoint);

/// A DSN for people: without its password. Pure.
std::string describe(const std::string& dsn);

/// One connection, used by one thread at a time. Throws what libpqxx throws.
class Session {
  public:
    explicit Session(const Endpoint& endpoint);
    ~Session();

    /// One statement, one transaction, one round trip.
    template <class... Parameters>
    pqxx::result run(const Statement& statement, Parameters&&... parameters) {
        pqxx::nontransaction transaction(connection_, statement.name);
        if (pooled_) return transaction.exec_params(statement.sql, std::forward<Parameters>(parameters)...);
        prepare(statement);
        return transaction.exec_prepared(statement.name, std::forward<Parameters>(parameters)...);
    }

    /// From now on it hears what is notified on the channel. Once a session.
    void listen(const std::string& channel);
    /// The payloads of what has come since the last time, each once, in the order of their coming. Does not
    /// wait.
    std::vector<std::string> heard();

    pqxx::connection& connection() { return connection_; }

  private:
    class Ear;
    void prepare(const Statement& statement);

    pqxx::connection connection_;
    std::unique_ptr<Ear> ear_;  // refers to the connection
    std::set<std::string> prepared_;
    bool pooled_;
};

}  // namespace spotter::db
