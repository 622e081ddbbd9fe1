#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// What happened, as the database and the scripted model wrote it down themselves.
namespace spotter::proof {

enum class Status { none, pending, processing, completed, failed };
/// As in generation_status; anything else is none.
Status status_named(std::string_view name);
std::string_view name(Status status);

/// One insert, change or deletion of a row. Written by a trigger, so within the transaction that did it.
struct RowEvent {
    std::int64_t place = 0;  ///< in the order of all events; a row's own are in the order of its changes
    std::int64_t transaction = 0;  ///< what has the same one was committed together
    double at = 0;                 ///< the database's clock, seconds since 1970
    std::string by;                ///< the session's application_name: a daemon's begins with "spotter"
    std::string row;               ///< its id
    Status was = Status::none;     ///< none: this is the insert

    // The row as it stands from now on; `is` none: it is deleted.
    Status is = Status::none;
    std::optional<std::int64_t> token;
    std::optional<std::int64_t> worker;
    int attempts = 0;
    int crashes = 0;
    int calls = 0;
    int retries = 0;
    bool waiting = false;  ///< for another row with its key
    std::string code;      ///< generation_error_code
    std::string reason;
    std::string key;      ///< a digest of the cache key
    std::string marker;   ///< what the prompt tells its input by
    std::string content;  ///< a digest of the program, "" while there is none
    std::string answer;   ///< the program's name, which names the call that it came from
    std::string source;   ///< of the metadata: model, cache, flight, builtin

    bool by_daemon() const { return by.starts_with("spotter"); }
    bool finished() const { return is == Status::completed || is == Status::failed; }
};

/// An entry of the cache written, or removed when `content` is "".
struct CacheEvent {
    std::int64_t place = 0;
    std::int64_t transaction = 0;
    std::string key;
    std::string content;
    std::string answer;
};

/// A call as the model saw it.
struct Call {
    std::string answer;  ///< a name of its own, "Answer 17", that a program made from it bears
    std::string marker;  ///< of the input that the prompt showed
    std::string given;   ///< "good", or the fault
    double at = 0;       ///< the test's clock, seconds since 1970
    bool good() const { return given == "good"; }
};

struct History {
    std::vector<RowEvent> rows;  ///< by place
    std::vector<CacheEvent> cache;
    std::vector<Call> calls;             ///< in the order of arrival
    std::set<std::string> acknowledged;  ///< ids of rows whose INSERT was reported as committed
    std::set<std::string> invalidated;   ///< keys whose flight somebody took away, so that another may lead
    int flights_left = 0;                ///< rows in spotter.flight at the end
};

/// A line each, for people.
std::string describe(const RowEvent& event);
std::string describe(const Call& call);
/// All that concerns a row: its own events, and the calls for its inputs.
std::string story(const History& history, const std::string& row);

}  // namespace spotter::proof
