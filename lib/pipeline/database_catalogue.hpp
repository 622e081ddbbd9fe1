#pragma once

#include <functional>
#include <string>
#include <vector>

#include "db/pool.hpp"
#include "pipeline/catalogue.hpp"

namespace spotter::pipeline {

/// The catalogue of the database that the rows are in, as a role sees it.
class DatabaseCatalogue : public Catalogue {
  public:
    /// `version` is what those who ask may call the schema; `changed` hears its new fingerprint.
    DatabaseCatalogue(db::Pool& pool, std::string role, std::string version,
                      std::function<void(const std::string&)> changed);

    boost::asio::awaitable<Result<std::string>> schema() override;
    boost::asio::awaitable<bool> look_again() override;
    boost::asio::awaitable<Result<std::string>> objection_to(std::string statement) override;

    /// Looks whether the schema has changed, again and again; until cancelled.
    boost::asio::awaitable<void> watch();

  private:
    boost::asio::awaitable<void> look();
    void take(std::string schema);

    db::Pool& pool_;
    std::string role_;
    std::string version_;
    std::function<void(const std::string&)> changed_;
    std::string schema_;                    ///< JSON; empty until it was read
    std::vector<std::string> search_path_;  ///< of the role
    std::string fingerprint_;
    std::string problem_;
};

}  // namespace spotter::pipeline
