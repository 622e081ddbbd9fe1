#pragma once

#include <pqxx/pqxx>
#include <string>
#include <string_view>

#include "support/cluster.hpp"

/// SQL as a test writes it: one line, in a session of its own.
namespace spotter::test {

/// What came of a statement that may be refused.
struct Said {
    pqxx::result rows;
    std::string sqlstate;  ///< empty: it went through
    std::string message;
    bool ok() const { return sqlstate.empty(); }
};

/// Runs statements as the superuser, in one transaction; throws what libpqxx throws. Gives the last result.
pqxx::result sql(const Database& db, const std::string& statements);

/// The first value of the first row as text; "" for NULL. Throws where there is no row.
std::string value(const Database& db, const std::string& statement);

/// Runs statements as PostgREST would for a user: role and claims set. `role` is one of Supabase's.
Said as_role(const Database& db, std::string_view role, std::string_view user, const std::string& statements);

/// Runs statements by dsn, whoever that logs in as.
Said as_login(const std::string& dsn, const std::string& statements);

/// The dsn of a login of its own that is a member of `role` and of nothing else.
std::string login_as_member(const Database& db, std::string_view role);

/// A dsn with other keywords added or replaced.
std::string with_keyword(const std::string& dsn, std::string_view keyword, std::string_view setting);

/// A new user of the app, with a profile. The id is a uuid.
std::string new_user(const Database& db);

/// A pending row, as an app inserts it. Gives its id. Without an onboarding it asks for what no row before
/// did.
std::string insert_program(const Database& db, std::string_view user, std::string_view onboarding);
std::string insert_program(const Database& db, std::string_view user);

/// From now on an insert notifies, as while a daemon sleeps.
void arm_bell(const Database& db);

/// A column, or an expression of them, of one program as text; "" for NULL.
std::string column(const Database& db, std::string_view id, std::string_view expression);

/// `text` as an SQL literal.
std::string literal(std::string_view text);

}  // namespace spotter::test
