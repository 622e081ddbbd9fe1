#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>

#include "e2e/app_database.hpp"
#include "support/wait.hpp"

namespace spotter::test {

/// What an app asks of the kinds that have no table of their own, and what becomes of it. Waiting members
/// throw after a minute, with the row as it stands.
class Requests {
  public:
    explicit Requests(AppDatabase& app) : app_(app) {}

    /// As that user; gives the row's id. `input` is JSON.
    std::string ask(const std::string& user, const std::string& kind, const std::string& input) {
        return app_.value_as(user, "select public.request_generation($1, $2::jsonb)", kind, input);
    }
    /// As a user of its own.
    std::string ask(const std::string& kind, const std::string& input) {
        return ask(app_.add_user(), kind, input);
    }
    /// A column, or an expression over columns, of a row.
    std::string of(const std::string& row, const std::string& expression) {
        return app_.value(
            fmt::format("select ({})::text from public.generation_requests where id = $1", expression), row);
    }
    void wait_until(const std::string& row, const std::string& condition) {
        if (eventually([&] { return of(row, condition) == "true"; }, patience)) return;
        throw std::runtime_error(fmt::format("waited in vain for {}; the row: {}", condition,
                                             of(row, "to_jsonb(generation_requests) - 'input' - 'result'")));
    }
    /// Waits until it is completed or failed, and says which.
    std::string end_of(const std::string& row) {
        wait_until(row, "generation_status in ('completed', 'failed')");
        return of(row, "generation_status");
    }

  private:
    AppDatabase& app_;
};

}  // namespace spotter::test
