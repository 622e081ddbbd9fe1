#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/secret.hpp"
#include "llm/capabilities.hpp"
#include "llm/provider.hpp"
#include "net/http_client.hpp"
#include "net/url.hpp"

namespace spotter::llm {

struct OpenAiSettings {
    std::string name = "openai";
    net::Url base_url;  ///< "https://api.openai.com/v1": what /chat/completions is appended to
    Secret key;         ///< empty for servers without one
    std::string model;
    std::optional<double> temperature;
};

/// Any server that speaks OpenAI's chat completions. What a server refuses is not sent to it again.
class OpenAi : public Provider {
  public:
    /// `client` outlives the provider.
    OpenAi(net::HttpClient& client, OpenAiSettings settings);

    std::string_view name() const override { return settings_.name; }
    std::string_view model() const override { return settings_.model; }

    /// A refused parameter is left out and the call made again at once, a few times at most in the life of an
    /// endpoint; such a refusal costs nothing and is not counted as a call.
    boost::asio::awaitable<Result<Reply, Failure>> complete(const Request& request) override;

    /// What the server is thought to take now.
    const Capabilities& capabilities() const { return capabilities_; }

  private:
    net::HttpRequest http_request(const Request& request, const Capabilities& sent) const;
    bool step_down(const Capabilities& sent, const net::HttpResponse& response, const Request& request);
    std::string safe(std::string message, const Request& request) const;
    Failure safe(Failure failure, const Request& request) const;

    net::HttpClient& client_;
    OpenAiSettings settings_;
    net::Url url_;
    Capabilities capabilities_;
};

}  // namespace spotter::llm
