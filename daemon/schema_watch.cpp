#include "daemon/schema_watch.hpp"

#include <fmt/format.h>

#include "async/pause.hpp"
#include "base/log.hpp"
#include "db/migrator.hpp"

namespace spotter {

boost::asio::awaitable<void> SchemaWatch::run() {
    for (;;) {
        co_await async::pause_about(every_);
        auto look = [](db::Session& session) { return db::schema_version(session); };
        if (auto version = co_await pool_.run(look)) tell_of(*version);
    }
}

void SchemaWatch::tell_of(int version) {
    bool newer = version > db::newest_migration();
    note_ = newer ? fmt::format(
                        "the schema is at version {}, this spotter knows {}: install the newer spotter and "
                        "restart this one",
                        version, db::newest_migration())
                  : "";
    if (!reminder_.due(note_, Reminder::Clock::now())) return;
    if (newer)
        log::warn("schema_newer", {{"schema", version}, {"known", db::newest_migration()}, {"do", note_}});
}

}  // namespace spotter
