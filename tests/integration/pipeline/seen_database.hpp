#pragma once

#include <string>
#include <utility>
#include <vector>

#include "pipeline/database_catalogue.hpp"
#include "support/run.hpp"
#include "support/sql.hpp"

namespace spotter::test {

/// A database as a daemon sees it, that may be what spotter_worker may be, with the eyes of `role`.
class SeenDatabase {
  public:
    explicit SeenDatabase(const Database& db, std::string role = "spotter_reader",
                          std::size_t connections = 1)
        : pool_(spotter::db::Endpoint{.dsn = login_as_member(db, "spotter_worker")}, connections),
          catalogue_(pool_, std::move(role), "v1",
                     [this](const std::string& fingerprint) { fingerprints.push_back(fingerprint); }) {}

    /// Every one that was told of, the newest last.
    std::vector<std::string> fingerprints;

    Result<std::string> schema() {
        auto schema = run(catalogue_.schema());
        if (!schema) return schema.error();
        return **schema;
    }
    bool look_again() { return run(catalogue_.look_again(catalogue_.fingerprint())); }
    Result<std::string> try_objection(std::string statement) {
        return run(catalogue_.objection_to(std::move(statement)));
    }
    pipeline::DatabaseCatalogue& catalogue() { return catalogue_; }
    /// Throws where the database could not be asked.
    std::string objection(std::string statement) { return try_objection(std::move(statement)).value(); }

  private:
    spotter::db::Pool pool_;
    pipeline::DatabaseCatalogue catalogue_;
};

}  // namespace spotter::test
