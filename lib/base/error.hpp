#pragma once

#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>
#include <utility>

namespace spotter {

/// What went wrong, for two readers: `code` for a program (snake_case, stable, e.g. "invalid_input"),
/// `message` for a person: what, where, and what to do about it. Never holds a secret.
struct Error {
    Error() = default;
    // No aggregate: as one, it could be made of a lone string, and a Result<std::string> would not know which
    // of its two a string is.
    Error(std::string code_, std::string message_) : code(std::move(code_)), message(std::move(message_)) {}

    std::string code;
    std::string message;
};

/// A value, or the error that its caller decides on. Exceptions are for the unexpected.
template <class T, class E = Error>
using Result = boost::system::result<T, E>;

/// Called by `Result::value()` when there is none.
[[noreturn]] inline void throw_exception_from_error(const Error& error, const boost::source_location&) {
    throw std::runtime_error(error.message);
}

}  // namespace spotter
