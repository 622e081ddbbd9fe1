#pragma once

#include <chrono>
#include <pqxx/pqxx>
#include <string>
#include <utility>

namespace spotter::test {

/// With the daemon and what it writes, before a wait is in vain.
inline constexpr auto patience = std::chrono::minutes(1);

/// What an app does to the database: it has users, and its users ask for programs as Supabase lets them, as
/// the role `authenticated` with their claims. Waiting members throw after a minute, with the row as it
/// stands, which fails a test.
class AppDatabase {
  public:
    explicit AppDatabase(const std::string& dsn) : connection_(dsn) {}

    /// As the superuser: the first column of the first row as text; "" for NULL and for no row.
    template <class... Parameters>
    std::string value(const std::string& statement, Parameters&&... parameters) {
        pqxx::nontransaction transaction(connection_);
        auto rows = transaction.exec_params(statement, std::forward<Parameters>(parameters)...);
        return rows.empty() || rows.columns() == 0 ? "" : rows[0][0].c_str();
    }
    /// Several statements at once.
    void run(const std::string& script);
    /// One statement as that user; its value as above. Throws what libpqxx throws when it is not allowed.
    template <class... Parameters>
    std::string value_as(const std::string& user, const std::string& statement, Parameters&&... parameters) {
        pqxx::work transaction(connection_);
        become(transaction, user);
        auto rows = transaction.exec_params(statement, std::forward<Parameters>(parameters)...);
        std::string value = rows.empty() || rows.columns() == 0 ? "" : rows[0][0].c_str();
        transaction.commit();
        return value;
    }

    /// A user without a profile; gives its id.
    std::string add_user();
    /// Sets what the JSON object names of profiles' columns, and nothing else.
    void set_profile(const std::string& user, const std::string& columns);

    /// INSERT as the user; gives the row's id. `onboarding` is JSON.
    std::string ask(const std::string& user, const std::string& onboarding);
    /// The same without onboarding_data_snapshot.
    std::string ask_by_profile(const std::string& user);
    /// What an owner does to a failed row.
    void retry(const std::string& user, const std::string& row);

    /// A column, or an expression over columns, of a row.
    std::string of(const std::string& row, const std::string& expression);
    /// Waits until the condition holds for the row.
    void wait_until(const std::string& row, const std::string& condition);
    /// Waits for the row's end: "completed" or "failed".
    std::string end_of(const std::string& row);
    /// Waits until a query gives "t".
    void wait_for(const std::string& query);

    /// The answer that the builtin would give to the row: valid in every way. JSON.
    std::string good_answer(const std::string& row);
    /// The same for an onboarding of a user without a profile.
    std::string good_answer_to(const std::string& onboarding);

  private:
    static void become(pqxx::work& transaction, const std::string& user);
    std::string planned(const std::string& input);

    pqxx::connection connection_;
};

/// An onboarding that has everything; `more` goes in before its end: `,"injuriesLimitations":"knee pain"`.
std::string onboarding(const std::string& more = "");

}  // namespace spotter::test
