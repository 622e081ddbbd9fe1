#pragma once

#include <string>

#include "base/config.hpp"
#include "db/session.hpp"

namespace spotter {

/// Where rows are worked on.
db::Endpoint working_endpoint(const Config::Database& database, std::string application);

/// Where sessions last: around a pooler, if an address for that is given.
db::Endpoint direct_endpoint(const Config::Database& database, std::string application);

/// What an operator should know of the way to the database, with what to do; empty when there is nothing.
std::string advice(const Config& config);

}  // namespace spotter
