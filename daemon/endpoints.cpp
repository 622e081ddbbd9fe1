#include "daemon/endpoints.hpp"

#include <fmt/format.h>

namespace spotter {

db::Endpoint working_endpoint(const Config::Database& database, std::string application) {
    return {
        .dsn = database.url, .application = std::move(application), .pooled = database.transaction_pooler()};
}

db::Endpoint direct_endpoint(const Config::Database& database, std::string application) {
    if (database.direct_url.empty()) return working_endpoint(database, std::move(application));
    return {.dsn = database.direct_url, .application = std::move(application)};
}

std::string advice(const Config& config) {
    if (config.database.can_listen()) return "";
    return fmt::format(
        "database.url is a transaction pooler's, which passes no notifications on: rows are found by polling "
        "alone, every {} s; let database.direct_url name the database's own address to hear of them at once",
        config.queue.poll.count());
}

}  // namespace spotter
