#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "base/error.hpp"

namespace spotter::pipeline {

/// What generation asks of the database beside its rows, for kinds that write SQL. An Error means that there
/// is no answer now: the row is put off, and the error's code is the reason.
class Catalogue {
  public:
    virtual ~Catalogue() = default;

    /// The schema as those who ask may see it, JSON, which may be megabytes (docs/sql-queries.md, "What the
    /// daemon sees").
    virtual boost::asio::awaitable<Result<std::shared_ptr<const std::string>>> schema() = 0;

    /// Of the schema as it is known; empty until it is.
    virtual const std::string& fingerprint() const = 0;

    /// Whether the schema is another than that of `known`; looks where it is not. Not so soon after the last
    /// look that looking would cost the database much: then false.
    virtual boost::asio::awaitable<bool> look_again(std::string known) = 0;

    /// What the database has to say against running `statement`; empty where it can be planned. Plans it, and
    /// never runs it.
    virtual boost::asio::awaitable<Result<std::string>> objection_to(std::string statement) = 0;
};

}  // namespace spotter::pipeline
