#pragma once

#include <optional>
#include <string>

#include "db/session.hpp"

/// What people ask of the queue, from the command line. Each is one statement; throws as libpqxx does.
namespace spotter::queue {

/// What somebody asks for.
struct Wish {
    std::string kind;
    std::optional<std::string> user;   ///< a uuid; nullopt: the app itself asks
    std::optional<std::string> input;  ///< JSON text; nullopt: what the user's profile says, or {}
    std::optional<std::string> idempotency_key;
};

/// Inserts a row, of a training program into the app's own table. Returns its id, which is that of an earlier
/// row where the idempotency key was used before.
std::string enqueue(db::Session& session, const Wish& wish);

/// Where a row stands, as a JSON object: all that public.generation_reasons says of it but nulls, and source,
/// model, cost, program_name, paused_by, paused_seconds, leads_meaning, leads_starts_in_seconds. nullopt:
/// there is no such row.
std::optional<std::string> standing(db::Session& session, const std::string& id);

/// The whole queue, as a JSON object: pending (rows; of these waiting for another, ready, held
/// by a pause, deferred), processing, completed, failed (the last two of the past 24 hours),
/// oldest_ready_seconds, reasons (codes of deferred rows, with their numbers), meanings (of these), paused
/// (as `pauses` has it), workers.
std::string overview(db::Session& session);

// What follows are the SQL functions of the same names; what they refuse is thrown as libpqxx does. The
// states: P0002 no such row, 55000 the row's state does not allow it, 22023 no such kind.

enum class Retried {
    queued,   ///< a failed row, begun anew
    hurried,  ///< a row that was put off, or the one that it waits for
    waiting,  ///< it is its turn already
};
Retried retry(db::Session& session, const std::string& id);

/// `why` is for the row's owner; empty: no reason is given.
void cancel(db::Session& session, const std::string& id, const std::string& why);

/// `kind` "*" is everything. False: it was paused already.
bool pause(db::Session& session, const std::string& kind, const std::string& why);

/// `kind` "*" is all that is paused. False: nothing was.
bool resume(db::Session& session, const std::string& kind);

/// What is paused, as a JSON array of objects: kind, since, seconds, by, reason.
std::string pauses(db::Session& session);

/// The content of a completed row as JSON text; nullopt when it is not completed.
std::optional<std::string> content(db::Session& session, const std::string& id);

}  // namespace spotter::queue
