#pragma once

#include <pqxx/pqxx>

#include "proof/history.hpp"

/// The database writes its own history, by triggers and within each transaction.
namespace spotter::proof {

/// From now on every change of a row that the queue could have made, and of the cache, is recorded. For a
/// migrated database.
void install_recorder(pqxx::connection& connection);

/// Moves what has been recorded into `history`. Sorted and without gaps only once nobody writes any more.
/// Throws what libpqxx throws; nothing is lost or doubled then.
void collect(pqxx::connection& connection, History& history);

/// Whether rows with one key wait for each other in this version of the schema.
bool has_flights(pqxx::connection& connection);
int flights_left(pqxx::connection& connection);

}  // namespace spotter::proof
