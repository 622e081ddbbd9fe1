#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <pqxx/pqxx>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace spotter::proof {

/// What an input is told by in a prompt, with a number after it.
inline constexpr std::string_view marker_prefix = "proof-";

/// Valid, and with that marker in its list of equipment.
std::string onboarding(const std::string& marker);

/// What apps and their users do meanwhile: insert, retry, cancel, delete. On a thread of its own, with a
/// connection that it makes anew whenever that is lost.
class Workload {
  public:
    /// `pause` is the mean time between two acts.
    Workload(std::string dsn, unsigned seed, std::chrono::milliseconds pause);
    Workload(const Workload&) = delete;
    ~Workload() { stop(); }

    /// Acts no more. Lifts what it has paused.
    void stop();

    /// Ids of rows whose INSERT was reported as committed.
    std::set<std::string> acknowledged() const;
    /// Digests of keys whose flight was taken away.
    std::set<std::string> invalidated() const;
    /// How often each act was done, and how often the database would not have it.
    std::map<std::string, int> done() const;

    /// A thing to do; one of a table.
    struct Act {
        const char* name;
        int weight;
        void (Workload::*run)(pqxx::connection&);
    };

  private:
    void work();
    void act();
    void connect();
    /// An input that nobody asked for before: its number, and a user whose it is from now on.
    std::size_t new_input();
    std::size_t known_input();
    std::string some_user();
    /// A row an input, all in one transaction.
    void insert(pqxx::connection& connection, const std::vector<std::size_t>& inputs);
    int dice(int least, int most) { return std::uniform_int_distribution(least, most)(random_); }
    void change(pqxx::connection& connection, const std::string& statement);

    void insert_distinct(pqxx::connection& connection);
    void insert_burst(pqxx::connection& connection);
    void insert_identical(pqxx::connection& connection);
    void insert_again(pqxx::connection& connection);
    void insert_invalid(pqxx::connection& connection);
    void retry_failed(pqxx::connection& connection);
    void retry_completed(pqxx::connection& connection);
    void cancel(pqxx::connection& connection);
    void remove(pqxx::connection& connection);
    void remove_old(pqxx::connection& connection);
    void remove_user(pqxx::connection& connection);
    void cancel_politely(pqxx::connection& connection);
    void pause(pqxx::connection& connection);
    void resume();
    void invalidate(pqxx::connection& connection);
    static const std::vector<Act>& acts();

    const std::string dsn_;
    const std::chrono::milliseconds pause_;
    std::mt19937 random_;
    std::optional<pqxx::connection> connection_;
    std::vector<std::string> users_;
    std::vector<std::string> inputs_;  ///< whose they are; their markers are their places

    mutable std::mutex mutex_;
    std::set<std::string> acknowledged_;
    std::set<std::string> invalidated_;
    std::map<std::string, int> done_;

    std::atomic<bool> stopping_ = false;
    std::thread thread_;  // last: it uses the others
};

}  // namespace spotter::proof
