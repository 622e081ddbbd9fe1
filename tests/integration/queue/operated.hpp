#pragma once

#include <pqxx/pqxx>
#include <string>
#include <string_view>

#include "db/failure.hpp"
#include "support/queue.hpp"
#include "support/sql.hpp"

namespace spotter::test {

/// As an operator's command line: a login that is a member of spotter_worker.
struct Operated {
    Database db = fresh_database();
    Daemon daemon{db};
    spotter::db::Session session{spotter::db::Endpoint{.dsn = login_as_member(db, "spotter_worker")}};
    std::string ada = new_user(db);

    std::string of(const std::string& id, std::string_view expression) const {
        return column(db, id, expression);
    }
    std::string status(const std::string& id) const { return of(id, "generation_status"); }
};

/// What the database says to an operation that it refuses; all empty where it went through.
template <class Operation>
Said refusal_of(Operation operation) {
    try {
        operation();
        return {};
    } catch (const pqxx::sql_error& error) {
        return {{}, spotter::db::classify(error).sqlstate, error.what()};
    }
}

inline bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace spotter::test
