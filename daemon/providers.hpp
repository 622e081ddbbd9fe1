#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/metrics.hpp"
#include "llm/chain.hpp"
#include "net/http_client.hpp"

namespace spotter {

/// What of the model's and the databases' addresses and files cannot be used, a line each with the setting's
/// name. Reads the files; asks nobody.
std::vector<std::string> mistakes(const Config& config);

/// The model side as configured: an HTTP client, the providers in their order, and the chain over them.
class Providers {
  public:
    /// Throws std::runtime_error for an address or a file that cannot be used.
    Providers(boost::asio::any_io_executor executor, const Config& config, Metrics& metrics);

    llm::Chain& chain() { return *chain_; }
    /// The builtin, where it stands last; else nullptr.
    llm::Chain* last_resort() { return last_resort_.get(); }
    /// The providers' models, in order: part of every cache key.
    std::string models() const;
    void close() { client_.close(); }

  private:
    net::HttpClient client_;
    std::vector<std::unique_ptr<llm::Provider>> providers_;
    std::unique_ptr<llm::Chain> chain_;
    std::unique_ptr<llm::Chain> last_resort_;
};

}  // namespace spotter
