#pragma once

#include "llm/provider.hpp"

namespace spotter::llm {

/// Answers with the kind's own plan: no network, no key, no tokens.
class Builtin : public Provider {
  public:
    std::string_view name() const override { return "builtin"; }
    std::string_view model() const override { return "builtin"; }
    /// Failure kind `rejected` when the request brings no plan.
    boost::asio::awaitable<Result<Reply, Failure>> complete(const Request& request) override;
};

}  // namespace spotter::llm
