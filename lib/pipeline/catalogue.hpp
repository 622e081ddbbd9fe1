#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "base/error.hpp"

namespace spotter::pipeline {

/// What generation asks of the database beside its rows, for kinds that write SQL. An Error means that there
/// is no answer now: the row is put off, and the error's code is the reason.
class Catalogue {
  public:
    virtual ~Catalogue() = default;

    /// The schema as those who ask may see it, JSON (see docs/sql-api.md, "sql_query").
    virtual boost::asio::awaitable<Result<std::string>> schema() = 0;

    /// Looks whether the schema has changed just now; whether it has.
    virtual boost::asio::awaitable<bool> look_again() = 0;

    /// What the database has to say against running `statement`; empty where it can be planned. Plans it, and
    /// never runs it.
    virtual boost::asio::awaitable<Result<std::string>> objection_to(std::string statement) = 0;
};

}  // namespace spotter::pipeline
