#pragma once

#include <chrono>
#include <memory>
#include <pqxx/pqxx>
#include <set>
#include <string>
#include <vector>

#include "db/silence.hpp"

namespace spotter::db {

/// An SQL statement with a name, which shows in logs, metrics and pg_stat_activity. Parameters are $1, $2, …
struct Statement {
    std::string name;
    std::string sql;
};

/// How to reach the database.
struct Endpoint {
    std::string dsn;  ///< libpq's URL or keywords; empty: libpq's own environment
    std::string application = "spotter";
    int statement_seconds = 30;  ///< the server ends a statement that takes longer; 0: never
    /// A transaction pooler stands between: nothing that a session would have to remember.
    bool pooled = false;
};

/// The DSN that libpq gets: the endpoint's, with the time-outs without which a dead peer is waited for for
/// ever; of several hosts, the one that can be written to. Pure. Settings that the DSN makes itself are kept.
std::string connection_string(const Endpoint& endpoint);

/// A DSN for people: without its password. Pure.
std::string describe(const std::string& dsn);

/// One connection, used by one thread at a time. Throws what libpqxx throws.
class Session {
  public:
    /// A pooler that does not pass our settings on to the server is noticed: `pooled()` is true then.
    explicit Session(const Endpoint& endpoint);
    ~Session();

    /// One statement, one transaction; one round trip, or three where the session is pooled.
    template <class... Parameters>
    pqxx::result run(const Statement& statement, Parameters&&... parameters) {
        SilenceLimit limit(connection_.sock(), patience_);
        try {
            pqxx::nontransaction transaction(connection_, statement.name);
            if (!pooled_) {
                prepare(statement);
                return transaction.exec_prepared(statement.name, std::forward<Parameters>(parameters)...);
            }
            Bracket bracket(transaction, begin_);
            auto result = transaction.exec_params(statement.sql, std::forward<Parameters>(parameters)...);
            bracket.commit();
            return result;
        } catch (const pqxx::failure&) {
            if (limit.over()) throw_no_answer();
            throw;
        }
    }

    /// Several statements at once, without parameters, in one transaction and one round trip: what `text`
    /// holds beside our own words must be known to be one statement. Gives the last result.
    pqxx::result run_script(const std::string& name, const std::string& text);

    /// From now on it hears what is notified on the channel. Once a session.
    void listen(const std::string& channel);
    /// The payloads of what has come since the last time, each once, in the order of their coming. Does not
    /// wait.
    std::vector<std::string> heard();

    /// Whether the server may be another one at each transaction, and knows our settings only by them.
    bool pooled() const { return pooled_; }
    /// Whether it stands, at a server that can be written to. Asks the server; does not throw.
    bool fit();
    /// "host:port" of the server, or the folder of its socket.
    std::string address();

    pqxx::connection& connection() { return connection_; }

  private:
    class Ear;

    /// A transaction by hand, so that its beginning and its settings travel together.
    class Bracket {
      public:
        Bracket(pqxx::transaction_base& transaction, const std::string& begin);
        Bracket(const Bracket&) = delete;
        ~Bracket();
        /// Throws in_doubt_error when the connection breaks under it.
        void commit();

      private:
        pqxx::transaction_base& transaction_;
        bool open_ = true;
    };

    void prepare(const Statement& statement);
    [[noreturn]] void throw_no_answer() const;

    pqxx::connection connection_;
    std::unique_ptr<Ear> ear_;  // refers to the connection
    std::set<std::string> prepared_;
    std::string begin_;  ///< of a pooled session's transactions
    std::chrono::seconds patience_;
    bool pooled_;
};

}  // namespace spotter::db
