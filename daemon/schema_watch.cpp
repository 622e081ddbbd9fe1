#include "daemon/schema_watch.hpp"

#include <fmt/format.h>

#include "async/backoff.hpp"
#include "async/timeout.hpp"
#include "base/log.hpp"
#include "db/migrator.hpp"

namespace spotter {

boost::asio::awaitable<void> SchemaWatch::run() {
    const auto pause = std::chrono::duration_cast<std::chrono::milliseconds>(every_);
    for (;;) {
        co_await async::sleep_for(async::Backoff::jittered(pause, 0.8, 1.0));
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
