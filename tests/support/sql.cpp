#include "support/sql.hpp"

#include <fmt/format.h>

#include "db/failure.hpp"

namespace spotter::test {
namespace {

Said say(pqxx::connection& connection, const std::string& before, const std::string& statements) {
    try {
        pqxx::work transaction(connection);
        if (!before.empty()) transaction.exec(before);
        Said said{transaction.exec(statements), "", ""};
        transaction.commit();
        return said;
    } catch (const pqxx::sql_error& error) {
        return {{}, db::classify(error).sqlstate, error.what()};
    }
}

std::string claims(std::string_view role, std::string_view user) {
    return fmt::format(R"({{"sub": "{}", "role": "{}"}})", user, role);
}

}  // namespace

pqxx::result sql(const Database& db, const std::string& statements) {
    pqxx::connection connection(db.dsn());
    pqxx::work transaction(connection);
    transaction.exec("set local client_min_messages = warning");
    pqxx::result result = transaction.exec(statements);
    transaction.commit();
    return result;
}

std::string value(const Database& db, const std::string& statement) {
    pqxx::result result = sql(db, statement);
    if (result.empty()) throw std::runtime_error("no row: " + statement);
    return result[0][0].c_str();
}

Said as_role(const Database& db, std::string_view role, std::string_view user,
             const std::string& statements) {
    pqxx::connection connection(db.dsn());
    std::string who = fmt::format("set local role {}; set local request.jwt.claims = {}", role,
                                  literal(claims(role, user)));
    return say(connection, who, statements);
}

Said as_login(const std::string& dsn, const std::string& statements) {
    pqxx::connection connection(dsn);
    return say(connection, "", statements);
}

std::string login_as_member(const Database& db, std::string_view role) {
    std::string name = fmt::format("login_{}_{}", role, db.name());
    sql(db, fmt::format("create role {} login in role {}", name, role));
    return with_keyword(db.dsn(), "user", name);
}

std::string with_keyword(const std::string& dsn, std::string_view keyword, std::string_view setting) {
    // In a URL's query a keyword wins over the part before it, and the last over the first.
    return fmt::format("{}{}{}={}", dsn, dsn.find('?') == dsn.npos ? "?" : "&", keyword, setting);
}

std::string new_user(const Database& db) {
    return value(db,
                 "with someone as (insert into auth.users default values returning id) "
                 "insert into public.profiles (id, name, age, experience_level, weight_unit) "
                 "select id, 'Ada', 30, 'Intermediate', 'kg' from someone returning id");
}

std::string insert_program(const Database& db, std::string_view user, std::string_view onboarding) {
    return value(db, fmt::format("insert into public.training_programs (user_id, onboarding_data_snapshot) "
                                 "values ('{}', {}) returning id",
                                 user, literal(onboarding)));
}

std::string insert_program(const Database& db, std::string_view user) {
    static int number = 0;
    return insert_program(db, user, fmt::format(R"({{"primaryGoal": "General", "number": {}}})", ++number));
}

void arm_bell(const Database& db) {
    sql(db, "insert into spotter.bell (worker) values (0)");
}

std::string column(const Database& db, std::string_view id, std::string_view expression) {
    return value(
        db, fmt::format("select ({})::text from public.training_programs where id = '{}'", expression, id));
}

std::string literal(std::string_view text) {
    std::string out = "'";
    for (char c : text) {
        if (c == '\'') out += c;
        out += c;
    }
    return out + "'";
}

}  // namespace spotter::test
