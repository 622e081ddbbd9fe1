#pragma once

#include <optional>
#include <string>

#include "db/session.hpp"

/// What people ask of the queue, from the command line. Each is one statement; throws as libpqxx does.
namespace spotter::queue {

/// Asks for a program for `user` (a uuid), from `onboarding` (JSON text) or, without it, from the user's
/// profile. Returns the row's id.
std::string enqueue_program(db::Session& session, const std::string& user,
                            const std::optional<std::string>& onboarding);

/// Where a row stands, as a JSON object: id, status, stage, progress, reason, error_code, error, attempts,
/// crashes, calls, source, model, program_name, waited_seconds, starts_in_seconds, ahead, workers. nullopt:
/// there is no such row.
std::optional<std::string> standing(db::Session& session, const std::string& id);

/// The whole queue, as a JSON object: pending, ready, deferred, processing, completed, failed (the last two
/// of the past 24 hours), oldest_ready_seconds, reasons (of deferred rows, with their numbers), workers.
std::string overview(db::Session& session);

/// The content of a completed row as JSON text; nullopt when it is not completed.
std::optional<std::string> content(db::Session& session, const std::string& id);

}  // namespace spotter::queue
