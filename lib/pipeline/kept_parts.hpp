#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cache/parts.hpp"
#include "pipeline/answer.hpp"
#include "queue/row.hpp"
#include "work/kind.hpp"

namespace spotter::pipeline {

/// What was answered of one row's parts, in this try or an earlier one, by this daemon or another. All of it
/// is for saving calls: where the database fails, the row goes on without.
class KeptParts {
  public:
    /// `row` and `parts` outlive it. `versions`: of prompt, rules and models.
    KeptParts(db::Pool& pool, const queue::ClaimedRow& row, std::string_view versions,
              const std::vector<std::unique_ptr<work::Task>>& parts);

    /// An answer for each part that has one and passes the present rules, at the most demanding tier it does.
    boost::asio::awaitable<std::vector<std::optional<Answer>>> find() const;
    boost::asio::awaitable<void> keep(std::size_t part, const Answer& answer) const;
    boost::asio::awaitable<void> forget() const;

  private:
    std::optional<Answer> checked(std::size_t part, const cache::Part& kept) const;

    db::Pool& pool_;
    const queue::ClaimedRow& row_;
    const std::vector<std::unique_ptr<work::Task>>& parts_;
    std::vector<std::string> keys_;
};

}  // namespace spotter::pipeline
