#pragma once

#include <boost/system/result.hpp>
#include <exception>
#include <pqxx/except>
#include <stdexcept>
#include <string>

namespace spotter::db {

/// The server took a statement and has not answered for longer than it may; the connection was given up.
struct NoAnswer : pqxx::in_doubt_error {
    using pqxx::in_doubt_error::in_doubt_error;
};

/// Why the database did not do what was asked, as far as a caller's decision goes.
struct Failure {
    enum class Kind {
        unavailable,  ///< no connection, or none that is of use: nothing was done; ask again later
        in_doubt,     ///< lost while committing: read before deciding
        busy,         ///< lock time-out, serialization failure, deadlock, cancelled: ask again soon
        refused,  ///< this row's data, or a trigger or constraint that it met: asking again changes nothing
        unfit,    ///< the schema or our rights are not what the statement needs: an operator must look
    };
    Kind kind = Kind::refused;
    std::string sqlstate;  ///< five characters, empty without a server's word
    std::string message;   ///< the server's or the library's, one line

    /// The statement took all the time that it may. Who cancels it by hand is known by the server's English
    /// alone.
    bool out_of_time() const {
        return sqlstate == "57014" && message.find("user request") == std::string::npos;
    }
};

template <class T>
using Outcome = boost::system::result<T, Failure>;

[[noreturn]] inline void throw_exception_from_error(const Failure& failure, const boost::source_location&) {
    throw std::runtime_error(failure.message);
}

/// What an exception out of libpqxx means. Pure.
Failure classify(const std::exception& exception);

}  // namespace spotter::db
