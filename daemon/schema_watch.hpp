#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "base/config.hpp"
#include "base/reminder.hpp"
#include "db/pool.hpp"

namespace spotter {

/// Notices that a newer spotter has migrated the database that this one works on. Migrations are made so that
/// daemons of the version before go on; they are to be replaced all the same.
class SchemaWatch {
  public:
    SchemaWatch(db::Pool& pool, Seconds every) : pool_(pool), every_(every) {}

    /// Until cancelled.
    boost::asio::awaitable<void> run();

    /// For people; empty while the schema is the one that we know.
    const std::string& note() const { return note_; }

  private:
    void tell_of(int version);

    db::Pool& pool_;
    Seconds every_;
    std::string note_;
    Reminder reminder_{std::chrono::hours(1)};
};

}  // namespace spotter
