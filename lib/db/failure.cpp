#include "db/failure.hpp"

#include <pqxx/pqxx>

namespace spotter::db {
namespace {

/// libpq's messages end in a newline and may hold several lines, the first of which says it.
std::string first_line(std::string_view text) {
    auto end = text.find('\n');
    std::string line(text.substr(0, end));
    if (line.starts_with("ERROR:")) line.erase(0, line.find_first_not_of(' ', 6));
    return line;
}

/// What Postgres says of a right that is missing, with what to do about it.
std::string with_advice(std::string message) {
    if (message.starts_with("permission denied for database") || message.starts_with("must be owner of"))
        return message + "; spotter migrate is for the owner of the database and of the tables in it";
    if (!message.starts_with("permission denied")) return message;
    return message +
           "; let an administrator grant spotter_worker to this login, or give that role back what it had "
           "(docs/sql-api.md, \"Who may do what\")";
}

Failure::Kind kind_of(std::string_view sqlstate) {
    auto in = [&](std::string_view prefix) { return sqlstate.starts_with(prefix); };
    // Connection, shutdown, resources, a disk that fails; a standby: read-only.
    if (in("08") || in("57P") || in("53") || in("58") || sqlstate == "25006")
        return Failure::Kind::unavailable;
    // What the session prepared is gone, is another's (a pooler's doing) or no longer fits: a new one helps.
    if (in("26") || sqlstate == "42P05" || sqlstate == "0A000") return Failure::Kind::unavailable;
    if (in("40") || sqlstate == "55P03" || sqlstate == "57014") return Failure::Kind::busy;
    for (const char* data : {"22", "23", "44", "54", "P0", "XX001"})
        if (in(data)) return Failure::Kind::refused;
    return Failure::Kind::unfit;
}

}  // namespace

Failure classify(const std::exception& exception) {
    static const std::string unexplained = pqxx::broken_connection().what();
    std::string message = first_line(exception.what());
    if (dynamic_cast<const pqxx::in_doubt_error*>(&exception)) return {Failure::Kind::in_doubt, "", message};
    if (dynamic_cast<const pqxx::broken_connection*>(&exception))
        return {Failure::Kind::unavailable, "", message == unexplained ? "the connection broke" : message};
    // The classes that libpqxx throws without the state it had: 40xxx, and 42501.
    if (dynamic_cast<const pqxx::statement_completion_unknown*>(&exception))
        return {Failure::Kind::in_doubt, "40003", message};
    if (dynamic_cast<const pqxx::transaction_rollback*>(&exception))
        return {Failure::Kind::busy, "40000", message};
    if (dynamic_cast<const pqxx::insufficient_privilege*>(&exception)) {
        // Raised by a trigger of the app's, it is about the row.
        if (std::string_view(exception.what()).find(" RAISE") != std::string_view::npos)
            return {Failure::Kind::refused, "42501", message};
        return {Failure::Kind::unfit, "42501", with_advice(message)};
    }
    if (auto* error = dynamic_cast<const pqxx::sql_error*>(&exception)) {
        // A connection that breaks under a statement surfaces as an SQL error without a state.
        if (error->sqlstate().empty()) return {Failure::Kind::in_doubt, "", message};
        return {kind_of(error->sqlstate()), error->sqlstate(), message};
    }
    // Of a connection that breaks under a statement libpqxx says what it could not do then.
    if (dynamic_cast<const pqxx::failure*>(&exception))
        return {Failure::Kind::in_doubt, "", "the connection broke under a statement"};
    return {Failure::Kind::unfit, "", message};
}

}  // namespace spotter::db
