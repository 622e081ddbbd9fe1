#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "db/pool.hpp"
#include "pipeline/catalogue.hpp"

namespace spotter::pipeline {

/// The catalogue of the database that the rows are in, as a role sees it.
class DatabaseCatalogue : public Catalogue {
  public:
    /// `pool` is for this alone: a statement may take seconds to plan, and rows are not to wait for that.
    /// `version` is what those who ask may call the schema; `changed` hears its new fingerprint.
    DatabaseCatalogue(db::Pool& pool, std::string role, std::string version,
                      std::function<void(const std::string&)> changed);

    boost::asio::awaitable<Result<std::shared_ptr<const std::string>>> schema() override;
    const std::string& fingerprint() const override { return fingerprint_; }
    boost::asio::awaitable<bool> look_again(std::string known) override;
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
    std::shared_ptr<const std::string> schema_;  ///< JSON; null until it was read
    std::vector<std::string> search_path_;       ///< of the role
    std::string fingerprint_;
    std::string problem_;
    /// The last look: when it ended and how long it took. A schema of thousands of tables takes a second to
    /// read, and shall not take the database's time.
    std::chrono::steady_clock::time_point looked_{};
    std::chrono::milliseconds took_{};
};

}  // namespace spotter::pipeline
